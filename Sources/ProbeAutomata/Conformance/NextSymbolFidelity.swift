internal import Glibc

/// How near what a model says of the next symbol comes to what a reference says, after every prefix of given words.
///
/// Prefixes count as often as they occur. Logarithms are natural. So that one symbol held to be impossible does not make all
/// infinite, the model's distributions are mixed with ``floor`` of the uniform one before logarithms are taken.
public struct NextSymbolFidelity: Sendable, Equatable {
  /// The share of the uniform distribution in what logarithms are taken of.
  public static let floor = 1e-6

  /// The number of words.
  public var words = 0
  /// The number of prefixes compared.
  public var prefixes = 0
  /// The mean over prefixes of Σ p log(p / q), p the reference, q the model.
  public var divergence = 0.0
  /// The ends of the 95 % interval of the mean; nil where there are fewer than two words.
  public var interval: (low: Double, high: Double)? { low.flatMap { low in high.map { (low, $0) } } }
  private var low: Double?
  private var high: Double?
  /// The largest divergence, and after which prefix.
  public var largestDivergence = 0.0
  /// The first prefix of the largest divergence.
  public var divergentWord: Word = []
  /// The share of prefixes after which the likeliest next symbols differ (WER of Weiss, Goldberg and Yahav 2019).
  ///
  /// Where two symbols are equally probable, this counts which of them rounding favours.
  public var errorRate = 0.0
  /// The same over the prefixes after which the reference's likeliest symbol leads by more than the margin given; nil where
  /// there are none.
  public var clearErrorRate: Double?
  /// The number of those prefixes.
  public var clearPrefixes = 0
  /// The mean of NDCG: Σᵢ p(bᵢ) / log₂(i + 1) over Σᵢ p(aᵢ) / log₂(i + 1), i = 1...k, a the reference's order of the symbols,
  /// b the model's (the same paper, section 5).
  public var discountedGain = 0.0
  /// k.
  public var ranks = 0
  /// The largest difference of two probabilities of a symbol.
  public var largestDifference = 0.0
  /// The first prefix of the largest difference.
  public var differentWord: Word = []
  /// The mean probability, in the reference, of symbols that the model holds to be impossible.
  public var impossible = 0.0
  /// exp of the reference's mean entropy.
  public var referencePerplexity = 1.0
  /// exp of the mean cross-entropy of the model: the reference's perplexity times exp of the divergence.
  public var perplexity = 1.0

  /// No measurement yet: of no word.
  public init() {}

  /// Compares a model with a reference.
  ///
  /// The interval is that of a ratio of means over words, normal: prefixes of one word are not independent.
  ///
  /// - Parameters:
  ///   - reference: p.
  ///   - model: q.
  ///   - words: whose prefixes are looked at, usually drawn from the reference.
  ///   - first: the length of the shortest prefix that counts.
  ///   - ranks: k of NDCG; at most the number of symbols and the end.
  ///   - margin: by how much the likeliest symbol must lead to be clear.
  /// - Returns: the measurements; all 0 where no prefix counts.
  /// - Throws: what the two throw; ``BudgetSpent``.
  /// - Precondition: the alphabets are of one size.
  public static func measure<Reference: NextSymbolSource, Model: NextSymbolSource>(
    _ reference: inout DistributionTrie<Reference>, _ model: inout DistributionTrie<Model>, on words: [Word],
    from first: Int = 0, ranks: Int = 5, margin: Double = 0
  ) throws -> NextSymbolFidelity {
    precondition(reference.width == model.width, "alphabets of \(reference.width) and \(model.width)")
    for word in words {
      _ = reference.node(for: word)
      _ = model.node(for: word)
    }
    var result = NextSymbolFidelity()
    result.words = words.count
    result.ranks = min(ranks, reference.width)
    var sums: [(divergence: Double, prefixes: Double)] = []
    var (entropy, gains, errors, clearErrors) = (0.0, 0.0, 0, 0)
    for word in words {
      var (node, other): (Int32, Int32) = (0, 0)
      var sum = 0.0
      for length in 0...word.count {
        if length > 0 {
          node = reference.node(for: [word[length - 1]], from: node)
          other = model.node(for: [word[length - 1]], from: other)
        }
        if length < first { continue }
        let p = Array(try reference.distribution(node))
        let q = Array(try model.distribution(other))
        let place = Comparison(p, q, ranks: result.ranks)
        sum += place.divergence
        entropy += place.entropy
        gains += place.gain
        result.impossible += place.impossible
        errors += place.isError ? 1 : 0
        if place.lead > margin {
          result.clearPrefixes += 1
          clearErrors += place.isError ? 1 : 0
        }
        if place.divergence > result.largestDivergence {
          (result.largestDivergence, result.divergentWord) = (place.divergence, Array(word.prefix(length)))
        }
        if place.difference > result.largestDifference {
          (result.largestDifference, result.differentWord) = (place.difference, Array(word.prefix(length)))
        }
        result.prefixes += 1
      }
      sums.append((sum, Double(max(0, word.count + 1 - first))))
    }
    guard result.prefixes > 0 else { return result }
    let count = Double(result.prefixes)
    result.divergence = sums.reduce(0) { $0 + $1.divergence } / count
    result.errorRate = Double(errors) / count
    result.clearErrorRate =
      result.clearPrefixes > 0 ? Double(clearErrors) / Double(result.clearPrefixes) : nil
    result.discountedGain = gains / count
    result.impossible /= count
    result.referencePerplexity = exp(entropy / count)
    result.perplexity = exp(entropy / count + result.divergence)
    result.setInterval(sums)
    return result
  }

  /// Mean ± 1.96 standard errors of a ratio of sums (Cochran, Sampling Techniques, 3rd edition, equation 2.46); not below 0,
  /// as no divergence is.
  private mutating func setInterval(_ sums: [(divergence: Double, prefixes: Double)]) {
    guard sums.count > 1 else { return }
    let words = Double(sums.count)
    let squares = sums.reduce(0) { total, word in
      let residual = word.divergence - divergence * word.prefixes
      return total + residual * residual
    }
    let error = (squares * words / (words - 1)).squareRoot() / Double(prefixes)
    low = max(0, divergence - 1.959963984540054 * error)
    high = divergence + 1.959963984540054 * error
  }
}

/// Two distributions after one prefix.
private struct Comparison {
  var divergence = 0.0
  var entropy = 0.0
  var gain = 1.0
  var difference = 0.0
  var impossible = 0.0
  /// By how much the reference's likeliest symbol leads.
  var lead = 0.0
  var isError = false

  init(_ p: [Double], _ q: [Double], ranks: Int) {
    let floor = NextSymbolFidelity.floor
    for (one, other) in zip(p, q) {
      difference = max(difference, abs(one - other))
      if one <= 0 { continue }
      if other == 0 { impossible += one }
      entropy -= one * log(one)
      divergence += one * log(one / ((1 - floor) * other + floor / Double(q.count)))
    }
    // The floor may take a divergence of equal distributions a little below 0.
    divergence = max(0, divergence)
    let order = Self.order(p)
    let other = Self.order(q)
    isError = order[0] != other[0]
    lead = p.count > 1 ? p[order[0]] - p[order[1]] : .infinity
    let best = Self.gain(order, p, ranks)
    gain = best > 0 ? Self.gain(other, p, ranks) / best : 1
  }

  /// Places from the likeliest on, equals in their order.
  private static func order(_ row: [Double]) -> [Int] { row.indices.sorted { (row[$0], $1) > (row[$1], $0) } }

  private static func gain(_ order: [Int], _ p: [Double], _ ranks: Int) -> Double {
    order.prefix(ranks).enumerated().reduce(0) { $0 + p[$1.element] / log2(Double($1.offset + 2)) }
  }
}
