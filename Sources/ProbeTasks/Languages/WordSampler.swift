import ProbeLinearAlgebra

/// Draws the words of one trial from which a language can be learnt.
///
/// Uniformly random words hardly ever belong to some languages. Each word therefore has its own probabilities of the
/// symbols, uniform on the simplex (with two symbols: the probability of symbol 1 is uniform on (0, 1)), and a symbol
/// that would doom the word (after which no continuation belongs) is exchanged for another, drawn with the word's
/// probabilities among those that do not, except with probability `slip`.
struct WordSampler {
  private let language: RegularLanguage
  private let slip: Double
  /// k - 1 numbers of [0, 1), ascending: their gaps are the symbols' probabilities, symbol 0's the last.
  private let thresholds: [Double]

  init(_ language: RegularLanguage, slip: Double, _ random: inout RandomGenerator) {
    self.language = language
    self.slip = slip
    // The gaps between k - 1 sorted uniform numbers are uniform on the simplex (Devroye 1986, chapter V, theorem 2.1).
    thresholds = (1..<language.symbols.count).map { _ in random.uniform() }.sorted()
  }

  /// The symbol after a state.
  func symbol(after state: Int, _ random: inout RandomGenerator) -> Int {
    let drawn = random.uniform()
    let symbol = thresholds.count { drawn < $0 }
    let row = language.next[state]
    guard language.isSink(row[symbol]) else { return symbol }
    let others = row.indices.filter { !language.isSink(row[$0]) }
    guard !others.isEmpty, !random.bernoulli(slip) else { return symbol }
    return others.count == 1 ? others[0] : draw(among: others, &random)
  }

  private func draw(among symbols: [Int], _ random: inout RandomGenerator) -> Int {
    let weights = symbols.map(probability)
    return symbols[random.index(weighted: weights, total: weights.reduce(0, +))]
  }

  private func probability(of symbol: Int) -> Double {
    let count = thresholds.count
    let upper = symbol == 0 ? 1 : thresholds[count - symbol]
    let lower = symbol == count ? 0 : thresholds[count - symbol - 1]
    return upper - lower
  }
}
