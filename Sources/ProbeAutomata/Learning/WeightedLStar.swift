internal import ProbeLinearAlgebra

/// Learns a probabilistic machine from next-symbol distributions, up to a tolerance.
///
/// Rows are prefixes, columns suffixes with one more symbol (or the end); a cell is how probable that symbol is after the prefix
/// and the suffix. Rows that differ nowhere by more than the tolerance are taken for one state. Prefixes are tried in the order
/// of their probability; two rows that are near while their successors are not give a column. Weiss, Goldberg and Yahav,
/// "Learning deterministic weighted automata with queries and counterexamples", NeurIPS 2019, arXiv:1910.13895, section 4.
///
/// Being near is not transitive, so rows are put into groups all of whose members are near each other, heaviest first, and
/// groups are split until each symbol leads them to one group. A transition that no row shows goes to the group that is
/// nearest; such are counted as forced.
public struct WeightedLStar: Sendable {
  /// The name in reports.
  public static let name = "weighted L*"

  /// The largest difference of two probabilities that counts as none.
  public var tolerance: Double
  /// Symbols that are less probable than this are not followed.
  ///
  /// What a network says after what it holds to be next to impossible is no part of its language, and would fill the table. Their transitions go to the nearest group.
  public var negligible: Double
  /// The most prefixes in the table; those of the last counterexample may go beyond it.
  public var prefixLimit: Int
  /// The most suffixes in the table.
  public var suffixLimit: Int
  /// The words that a hypothesis is compared on, drawn by turns from the source and from the hypothesis.
  public var comparisons: Int
  /// The length at which those words are cut.
  public var longest: Int
  /// The seed of those words.
  public var seed: UInt64

  /// A learner.
  public init(
    tolerance: Double = 0.1, negligible: Double = 0, prefixLimit: Int = 1000, suffixLimit: Int = 50,
    comparisons: Int = 500,
    longest: Int = 50, seed: UInt64 = 0
  ) {
    self.tolerance = tolerance
    self.negligible = negligible
    self.prefixLimit = prefixLimit
    self.suffixLimit = suffixLimit
    self.comparisons = comparisons
    self.longest = longest
    self.seed = seed
  }

  /// What was learnt.
  public struct Result: Sendable {
    /// The machine; its states are numbered breadth first.
    public var machine: ProbabilisticMachine
    /// The number of rows.
    public var prefixes: Int
    /// The number of columns.
    public var suffixes: Int
    /// The transitions that no row shows.
    public var forcedTransitions: Int
    /// Whether the last comparison found no word on which machine and source differ by more than the tolerance, words with
    /// negligible symbols aside.
    public var agrees: Bool
    /// Why the search ended before that; nil where it did not.
    public var spent: BudgetSpent?
  }

  /// Learns from a source.
  ///
  /// - Returns: the last hypothesis, and whether the comparison was content with it.
  /// - Throws: what the source throws; ``BudgetSpent`` only when there is not even one hypothesis; ``AutomataError`` where a
  ///   distribution of the source is none.
  public func learn<Source: NextSymbolSource>(from trie: inout DistributionTrie<Source>) throws -> Result {
    var table = WeightedTable(width: trie.width, tolerance: tolerance, negligible: negligible)
    var random = RandomGenerator(seed: seed)
    var result: Result?
    do {
      while true {
        try table.expand(prefixLimit: prefixLimit, suffixLimit: suffixLimit, &trie)
        var hypothesis = try table.hypothesis(&trie)
        guard let word = try disagreement(hypothesis.machine, &trie, &random) else {
          hypothesis.agrees = true
          return hypothesis
        }
        result = hypothesis
        let before = table.prefixCount
        if table.prefixCount < prefixLimit { table.add(prefixesOf: word, &trie) }
        // A word whose prefixes are all in the table teaches nothing: the tolerance is what keeps the two apart.
        if table.prefixCount == before { return hypothesis }
      }
    } catch let spent as BudgetSpent {
      guard var result else { throw spent }
      result.spent = spent
      return result
    }
  }

  /// A word after which a probability of source and hypothesis differs by more than the tolerance.
  private func disagreement<Source: NextSymbolSource>(
    _ machine: ProbabilisticMachine, _ trie: inout DistributionTrie<Source>, _ random: inout RandomGenerator
  ) throws -> Word? {
    for number in 0..<comparisons {
      var word: Word = []
      var node: Int32 = 0
      var state = machine.transitions.start
      while true {
        let row = try trie.distribution(node)
        let known = machine.row(of: state)
        if zip(row, known).contains(where: { abs($0 - $1) > tolerance }) { return word }
        if word.count == longest { break }
        let symbol = Self.draw(number % 2 == 0 ? Array(row) : known, &random)
        if symbol == trie.width - 1 || row[row.startIndex + symbol] < negligible { break }
        word.append(symbol)
        node = trie.node(for: [symbol], from: node)
        state = machine.transitions[state, symbol]
      }
    }
    return nil
  }

  private static func draw(_ row: [Double], _ random: inout RandomGenerator) -> Int {
    var left = random.uniform() * row.reduce(0, +)
    for (symbol, probability) in row.enumerated() {
      left -= probability
      if left < 0 { return symbol }
    }
    return row.count - 1
  }
}
