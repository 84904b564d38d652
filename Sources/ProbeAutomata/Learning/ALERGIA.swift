internal import Glibc

/// Stochastic deterministic machines from words that were drawn, without labels.
///
/// Prefixes are taken by length and then by symbols; each is merged into the first state whose frequencies, of its end
/// and of each symbol, and so on for the states that symbols lead to, differ by no more than Hoeffding's bound allows, or becomes
/// a state. Frequencies f₁/n₁ and f₂/n₂ are different where |f₁/n₁ - f₂/n₂| > (√(1/n₁) + √(1/n₂))·√(½ ln(2/α)). Carrasco and
/// Oncina, "Learning stochastic regular grammars by means of a state merging method", ICGI 1994, doi:10.1007/3-540-58473-0_144.
/// States are compared with all that was merged into them until then.
///
/// - Complexity: O(states² * symbols) comparisons.
public struct ALERGIA: Sendable {
  /// The name in reports.
  public static let name = "ALERGIA"

  /// α: how improbable a difference of frequencies must be before states are kept apart; nil for 10 in the number of the
  /// sample's symbols, at most 0.05: many frequencies are compared, and a fixed α would split the states of large samples.
  public var significance: Double?

  /// Whether words end where they end.
  ///
  /// Without an end they are the beginnings of endless words, cut somewhere, and where they
  /// are cut says nothing of any state.
  public var hasEnd: Bool

  /// A learner.
  ///
  /// - Precondition: the significance is in (0, 2).
  public init(significance: Double? = nil, hasEnd: Bool = true) {
    precondition(significance.map { $0 > 0 && $0 < 2 } ?? true, "a significance that is no probability")
    self.significance = significance
    self.hasEnd = hasEnd
  }

  /// A machine for words drawn independently.
  ///
  /// Its probabilities are the frequencies in each state; what no word does has the probability 0 and leads back to its state.
  ///
  /// - Parameters:
  ///   - words: the words drawn, each as often as it was.
  ///   - alphabet: their symbols.
  /// - Returns: the machine.
  /// - Throws: ``AutomataError/symbolOutOfRange(_:word:symbols:source:)``; ``AutomataError/emptySample(learner:)`` where there is
  ///   no word, or no symbol in words without an end.
  public func learn(from words: [Word], alphabet: Alphabet) throws(AutomataError) -> ProbabilisticMachine {
    if words.isEmpty || !hasEnd && words.allSatisfy(\.isEmpty) { throw .emptySample(learner: Self.name) }
    for (index, word) in words.enumerated() {
      if let symbol = word.first(where: { $0 < 0 || $0 >= alphabet.count }) {
        throw .symbolOutOfRange(symbol, word: index, symbols: alphabet.count, source: "the sample")
      }
    }
    // Counts of a class: the words that end there, then those that go on with each symbol.
    var forest = MergeForest(
      PrefixCounts(words, width: alphabet.count, countWidth: 1 + alphabet.count, symbolCounts: 1) { _ in 0 })
    let symbols = words.reduce(0) { $0 + $1.count }
    let alpha = significance ?? min(0.05, 10 / Double(max(symbols, 1)))
    let factor = (log(2 / alpha) / 2).squareRoot()
    while let blue = forest.firstBlue() {
      if let state = forest.red.first(where: { areCompatible($0, blue, forest, factor) }) {
        _ = forest.fold(blue, into: state) { _, _, _ in true }
        forest.keep()
      } else {
        forest.promote(blue)
      }
    }
    return try machine(forest, alphabet)
  }

  /// Whether no frequency at or after two classes differs.
  private func areCompatible(
    _ one: Int32, _ other: Int32, _ forest: MergeForest, _ factor: Double
  ) -> Bool {
    var waiting = [(one, other)]
    while let (one, other) = waiting.popLast() {
      let (size, otherSize) = (total(one, forest), total(other, forest))
      if size == 0 || otherSize == 0 { continue }
      let allowed = factor * ((1 / size).squareRoot() + (1 / otherSize).squareRoot())
      for count in counts(forest) {
        let frequency = Double(forest.count(count, of: one)) / size
        let otherFrequency = Double(forest.count(count, of: other)) / otherSize
        if abs(frequency - otherFrequency) > allowed { return false }
      }
      for symbol in 0..<forest.width {
        // What follows the blue class is a tree, so this ends.
        if let next = forest.next(one, symbol), let otherNext = forest.next(other, symbol) {
          waiting.append((next, otherNext))
        }
      }
    }
    return true
  }

  private func total(_ state: Int32, _ forest: MergeForest) -> Double {
    counts(forest).reduce(0.0) { $0 + Double(forest.count($1, of: state)) }
  }

  /// The counts that are frequencies: the end's, if there is one, and the symbols'.
  private func counts(_ forest: MergeForest) -> Range<Int> { (hasEnd ? 0 : 1)..<forest.countWidth }

  private func machine(
    _ forest: MergeForest, _ alphabet: Alphabet
  ) throws(AutomataError) -> ProbabilisticMachine {
    var next: [Int32] = []
    var probabilities: [Double] = []
    var ends: [Double] = []
    for (number, state) in forest.red.enumerated() {
      let size = total(state, forest)
      ends.append(hasEnd ? Double(forest.count(0, of: state)) / size : 0)
      for symbol in 0..<alphabet.count {
        probabilities.append(Double(forest.count(1 + symbol, of: state)) / size)
        next.append(Int32(forest.next(state, symbol).flatMap { forest.number(of: $0) } ?? number))
      }
    }
    return try ProbabilisticMachine(
      alphabet: alphabet,
      transitions: Transitions(stateCount: ends.count, symbolCount: alphabet.count, next: next),
      probabilities: probabilities, endProbabilities: ends)
  }
}
