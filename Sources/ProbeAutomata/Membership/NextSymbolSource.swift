/// A source of words that says, after each prefix, how probable each symbol is next, and the end.
///
/// As a ``SystemUnderLearning`` it is continued, never restarted: the caller numbers the prefixes and asks for children of
/// prefixes asked before, many at once.
public protocol NextSymbolSource {
  /// The symbols.
  var alphabet: Alphabet { get }

  /// The distributions after prefixes whose parents were all asked in earlier calls.
  ///
  /// - Returns: `[node, symbol]` with the end as the last symbol: `alphabet.count + 1` probabilities for each node.
  /// - Throws: whatever running the source throws.
  mutating func distributions(after nodes: [PrefixNode]) throws -> [Double]
}

/// A probabilistic machine as a source: for tests, and for languages that are known.
public struct MachineSource: NextSymbolSource {
  /// The machine.
  public let machine: ProbabilisticMachine
  private var states: [Int] = []

  /// A source that says what a machine says.
  public init(_ machine: ProbabilisticMachine) { self.machine = machine }

  /// The machine's symbols.
  public var alphabet: Alphabet { machine.alphabet }

  /// The rows of the states that prefixes lead to.
  public mutating func distributions(after nodes: [PrefixNode]) -> [Double] {
    nodes.flatMap { node in
      let state =
        node.parent < 0
        ? machine.transitions.start : machine.transitions[states[Int(node.parent)], Int(node.symbol)]
      while states.count <= Int(node.id) { states.append(0) }
      states[Int(node.id)] = state
      return machine.row(of: state)
    }
  }
}

/// All prefixes that a source was ever asked, with their distributions: no prefix is run twice.
public struct DistributionTrie<Source: NextSymbolSource> {
  /// What is asked.
  public private(set) var source: Source
  /// What may be spent.
  public var budget: Budget
  /// The most prefixes that are asked at once.
  public var batchSize = 4096
  /// The number of prefixes that the source has run.
  public private(set) var steps = 0

  private(set) var tree: PrefixTree
  /// `[node, symbol]`, the end last; valid where the tree has an output for the node.
  private var rows: [Double] = []

  /// A tree that holds the empty word, not asked yet.
  public init(_ source: Source, budget: Budget = Budget()) {
    self.source = source
    self.budget = budget
    tree = PrefixTree(width: source.alphabet.count)
  }

  /// The number of probabilities in a distribution.
  public var width: Int { tree.width + 1 }

  /// The node of a word, from the empty word or from another node.
  public mutating func node(for word: some Sequence<Int>, from node: Int32 = 0) -> Int32 {
    tree.node(for: word, from: node)
  }

  /// The distribution after a prefix, run if it has not been: the symbols, then the end.
  ///
  /// - Throws: ``BudgetSpent`` and what the source throws.
  public mutating func distribution(_ node: Int32) throws -> ArraySlice<Double> {
    if tree.outputs[Int(node)] < 0 { try run() }
    return rows[Int(node) * width..<(Int(node) + 1) * width]
  }

  /// Runs every prefix in the tree that has not been run, level by level, in batches.
  ///
  /// - Throws: ``BudgetSpent`` and what the source throws; what was answered until then stays answered.
  public mutating func run() throws {
    let waiting = tree.waiting()
    rows.append(contentsOf: repeatElement(0, count: tree.nodes.count * width - rows.count))
    var place = 0
    while place < waiting.count {
      let allowed = min(batchSize, try budget.allowance(spent: steps))
      let depth = tree.depths[Int(waiting[place].id)]
      var end = place
      while end < waiting.count, end - place < allowed, tree.depths[Int(waiting[end].id)] == depth {
        end += 1
      }
      let batch = Array(waiting[place..<end])
      let answers = try source.distributions(after: batch)
      for (index, node) in batch.enumerated() {
        for symbol in 0..<width { rows[Int(node.id) * width + symbol] = answers[index * width + symbol] }
        tree.answer(node.id, 0)
      }
      steps += batch.count
      place = end
    }
    tree.nothingWaits()
  }
}
