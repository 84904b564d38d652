/// A number that stands for one row of attention: what a head and query looks at, without the row itself.
public enum AttentionSummary: String, Sendable, CaseIterable {
  /// The key with the largest weight, the first of equals.
  case argmax
  /// The largest weight.
  case max
  /// -sum p log p, in nats.
  case entropy
  /// How many of the largest weights it takes to hold 90 % (Ramsauer et al., arXiv 2008.02217, section 3).
  case k90
  /// The weight on the token before the query.
  case previous
  /// The weight on the tokens that follow earlier occurrences of the query's token (Olsson et al., arXiv 2209.11895).
  case induction
  /// The weight on the earlier occurrences themselves.
  case duplicate
  /// The weight on the first token.
  case first
  /// The part of `induction` on places where the last token agrees with the query's, and not the last two.
  case ngram1
  /// Where the last two tokens agree, and not the last three.
  case ngram2
  /// Where the last three tokens agree, and not the last four.
  case ngram3
  /// Where the last four tokens agree.
  case ngram4

  /// Whether the number is a whole one.
  var isInteger: Bool { self == .argmax || self == .k90 }

  /// The unit of the number.
  var units: String {
    switch self {
    case .entropy: "nat"
    case .argmax, .k90: "token"
    default: "1"
    }
  }
}

/// Which earlier tokens equal the present one.
struct TokenHistory: Sendable {
  /// The tokens.
  private(set) var tokens: [Int] = []
  /// The last earlier occurrence of each token, -1 where there is none.
  private(set) var previous: [Int] = []
  private var last: [Int: Int] = [:]

  mutating func append(_ more: some Sequence<Int>) {
    for token in more {
      previous.append(last[token] ?? -1)
      last[token] = tokens.count
      tokens.append(token)
    }
  }
}

extension TokenHistory {
  /// How many tokens up to `place` agree with those up to `query`, at most 4; they agree in one.
  @inline(__always)
  static func agreement(_ tokens: UnsafeBufferPointer<Int>, _ query: Int, _ place: Int) -> Int {
    var count = 1
    while count < 4, place >= count, tokens[query - count] == tokens[place - count] { count += 1 }
    return count
  }
}
