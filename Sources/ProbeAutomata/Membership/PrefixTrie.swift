internal import ProbeLinearAlgebra

/// All prefixes that a system was ever asked, as a tree: no prefix is run twice, and new ones are run many at a time.
///
/// Node 0 is the empty word. Words are put in first (``child(of:symbol:)``, ``node(for:from:)``), which costs nothing; the
/// first use of an output runs everything that waits, level by level, so the cost of a set of words is its number of
/// distinct new prefixes.
public struct PrefixTrie<System: SystemUnderLearning> {
  /// What is asked.
  public private(set) var system: System
  /// What may be spent.
  public var budget: Budget
  /// The most nodes that the system is asked at once: what a batch holds in memory.
  public var batchSize = 4096
  /// Whether the margin of the empty word counts; false where nobody asks what the system should say before a symbol.
  public var heedsEmptyWordMargin = true
  /// The smallest margin seen, and the node where it was seen.
  public private(set) var smallestMargin: (margin: Float, node: Int32)?

  var tree: PrefixTree
  /// The number of prefixes that the system has run: one step of a network each.
  public private(set) var steps = 0
  /// Seconds that a step of the last batch took; measured only while there is a deadline.
  private var pace: Double?

  /// A tree that holds the empty word, not asked yet.
  public init(_ system: System, budget: Budget = Budget()) {
    self.system = system
    self.budget = budget
    tree = PrefixTree(width: system.alphabet.count)
  }

  /// The symbols.
  public var alphabet: Alphabet { system.alphabet }
  /// The number of prefixes in the tree.
  public var count: Int { tree.nodes.count }

  /// The node of a node's word with one more symbol.
  public mutating func child(of node: Int32, symbol: Int) -> Int32 { tree.child(of: node, symbol: symbol) }

  /// The node of a node's word followed by another word.
  public mutating func node(for word: some Sequence<Int>, from node: Int32 = 0) -> Int32 {
    tree.node(for: word, from: node)
  }

  /// The word of a node.
  public func word(of node: Int32) -> Word { tree.word(of: node) }

  /// The length of a node's word.
  public func depth(of node: Int32) -> Int { Int(tree.depths[Int(node)]) }

  /// The parent of a node and the symbol that leads from it to the node; nil for the empty word.
  public func origin(of node: Int32) -> (parent: Int32, symbol: Int)? {
    let node = tree.nodes[Int(node)]
    return node.parent < 0 ? nil : (node.parent, Int(node.symbol))
  }

  /// The output of a node's word; nil where it has not been run.
  public func known(_ node: Int32) -> Int32? {
    let output = tree.outputs[Int(node)]
    return output < 0 ? nil : output
  }

  /// The output of a node's word, run if it has not been.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws; the nodes answered until then stay answered.
  public mutating func output(_ node: Int32) throws -> Int32 {
    if tree.outputs[Int(node)] < 0 { try run() }
    return tree.outputs[Int(node)]
  }

  /// The output of a word, run if it has not been.
  public mutating func output(of word: some Sequence<Int>) throws -> Int32 {
    try output(node(for: word))
  }

  /// Runs every prefix in the tree that has not been run, level by level, in batches.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws; the nodes answered until then stay answered.
  public mutating func run() throws {
    // Nodes of one depth are no one's parents among themselves, so they can be asked together.
    let waiting = tree.waiting()
    var place = 0
    while place < waiting.count {
      let allowed = try allowance()
      var end = place
      let depth = tree.depths[Int(waiting[place].id)]
      while end < waiting.count, end - place < allowed, tree.depths[Int(waiting[end].id)] == depth {
        end += 1
      }
      let batch = Array(waiting[place..<end])
      let answers = try timed(batch.count) { try $0.answer(batch) }
      for (node, answer) in zip(batch, answers) {
        tree.answer(node.id, answer.output)
        if answer.margin < smallestMargin?.margin ?? .infinity, node.id != 0 || heedsEmptyWordMargin {
          smallestMargin = (answer.margin, node.id)
        }
      }
      place = end
    }
    tree.nothingWaits()
  }

  /// The most prefixes that may be run at once: the size of a batch, less where the budget nears its end.
  ///
  /// With a deadline a batch is cut to what the time left is good for by the pace of the last; the first batch is small.
  ///
  /// - Throws: ``BudgetSpent`` where none may be run.
  public func allowance() throws(BudgetSpent) -> Int {
    let allowed = min(batchSize, try budget.allowance(spent: steps))
    guard let deadline = budget.deadline else { return allowed }
    guard let pace else { return min(allowed, 16) }
    let left = (deadline - .now).seconds
    return min(allowed, max(1, Int(min(left / max(pace, 1e-12), 1e9))))
  }

  /// Has the system run a number of prefixes, and counts them.
  private mutating func timed<Result>(_ count: Int, _ body: (inout System) throws -> Result) throws -> Result
  {
    let begin = budget.deadline.map { _ in ContinuousClock.now }
    let result = try body(&system)
    if let begin { pace = (ContinuousClock.now - begin).seconds / Double(count) }
    steps += count
    return result
  }

  /// Runs every symbol after each of many states, outside the tree: counted as steps, but not remembered.
  ///
  /// - Parameters: those of ``SystemUnderLearning/expand(_:count:into:answers:)``; who keeps to ``allowance()`` keeps to
  ///   the deadline.
  /// - Throws: ``BudgetSpent`` before anything is run where the budget does not cover all of it, and what the system throws.
  public mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws {
    if try budget.allowance(spent: steps) < count * tree.width, let limit = budget.steps {
      throw BudgetSpent.steps(limit)
    }
    try timed(count * tree.width) { try $0.expand(states, count: count, into: children, answers: answers) }
  }

  /// Takes into account the margin of a word that was run outside the tree.
  public mutating func note(margin: Float, of word: some Sequence<Int>) {
    if margin < smallestMargin?.margin ?? .infinity { smallestMargin = (margin, node(for: word)) }
  }
}
