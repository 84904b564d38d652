internal import ProbeLinearAlgebra

/// What needles are hidden in: tokens, and after which of them a sentence ends.
struct Haystack {
  /// Exactly as many tokens as were asked for; the last sentence may be cut off.
  private(set) var tokens: [Int] = []
  /// How many tokens stand before each place where a needle may go, ascending, beginning with 0.
  private(set) var ends: [Int] = [0]

  /// Takes sentences until `length` tokens are there.
  init(length: Int, nextSentence: () -> [Int]) {
    tokens.reserveCapacity(length)
    var barren = 0
    while tokens.count < length {
      let sentence = nextSentence()
      barren = sentence.isEmpty ? barren + 1 : 0
      precondition(barren < 1000, "a haystack's sentences have tokens")
      tokens.append(contentsOf: sentence)
      if tokens.count <= length, !sentence.isEmpty { ends.append(tokens.count) }
    }
    tokens.removeLast(tokens.count - length)
  }

  /// Inserts needles, each at the last end of a sentence that is not beyond its depth; 100 % is the very end.
  ///
  /// The insertion rule is that of the published detection code of arXiv 2404.15574.
  ///
  /// - Parameter needles: the tokens of each and which of them are scored, with the depth in percent, 0 to 100.
  /// - Returns: the tokens with the needles, and where in them each needle's scored part is.
  func inserting(
    _ needles: [(tokens: [Int], scored: Range<Int>, depth: Double)]
  ) -> (tokens: [Int], scored: [Range<Int>]) {
    let places = needles.map { needle in
      needle.depth >= 100 ? tokens.count : end(notBeyond: Int(Double(tokens.count) * needle.depth / 100))
    }
    let order = needles.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    var result: [Int] = []
    var scored = needles.map(\.scored)
    var taken = 0
    for index in order {
      result.append(contentsOf: tokens[taken..<places[index]])
      taken = places[index]
      let needle = needles[index]
      scored[index] = needle.scored.lowerBound + result.count..<needle.scored.upperBound + result.count
      result.append(contentsOf: needle.tokens)
    }
    return (result + tokens[taken...], scored)
  }

  /// The last place for a needle that is not beyond `limit`, by bisection.
  private func end(notBeyond limit: Int) -> Int {
    var low = 0
    var high = ends.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if ends[middle] <= limit { low = middle } else { high = middle }
    }
    return ends[low]
  }
}

/// Where a haystack's sentences come from.
enum HaySource {
  /// Sentences of ``ProseGenerator``.
  case prose(ContinuationEncoder)
  /// The sentences of a file, already encoded; each trial starts at one drawn at random, and the end is followed by
  /// the beginning.
  case sentences([[Int]])
  /// Random ids, a needle anywhere between them.
  case random([Int])

  /// Hay of exactly `length` tokens; none of `excluded` in random hay.
  func haystack(length: Int, excluding excluded: Set<Int>, using random: inout RandomGenerator) -> Haystack {
    var generator = random
    defer { random = generator }
    switch self {
    case .prose(let encoder):
      return Haystack(length: length) { encoder.continuation(ProseGenerator.sentence(using: &generator)) }
    case .sentences(let sentences):
      var next = generator.integer(below: sentences.count)
      return Haystack(length: length) {
        defer { next = (next + 1) % sentences.count }
        return sentences[next]
      }
    case .random(let candidates):
      return Haystack(length: length) {
        while true {
          let id = candidates[generator.integer(below: candidates.count)]
          if !excluded.contains(id) { return [id] }
        }
      }
    }
  }

  /// The sentences of a text: each ends in `.`, `!` or `?`, quotation marks after it included, before white space.
  ///
  /// Runs of white space become one space.
  static func sentences(of text: String) -> [String] {
    var sentences: [String] = []
    var words: [Substring] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      words.append(word)
      let bare = word.reversed().drop { "\"')]}\u{201D}\u{2019}".contains($0) }
      if let last = bare.first, ".!?".contains(last) {
        sentences.append(words.joined(separator: " "))
        words = []
      }
    }
    if !words.isEmpty { sentences.append(words.joined(separator: " ")) }
    return sentences
  }
}
