/// Looks at every word up to a length, shortest first, in the order of symbols among equals.
///
/// A system that can go on from states (``SystemUnderLearning/canExpand``) is run on whole levels of words which are not
/// remembered: level by level while the states of a level fit the memory, then block by block. Other systems are asked
/// through the tree, which keeps every word.
public struct BoundedExhaustive: EquivalenceOracle {
  /// The longest words.
  public let length: Int
  /// The bytes that states of words may take; a system asked through the tree does not heed it.
  public var memory: Int
  /// What the last search had covered when its budget was spent.
  public private(set) var partial: Evidence?

  /// A search of all words of at most `length` symbols.
  ///
  /// - Precondition: `length` is not negative.
  public init(length: Int, memory: Int = 256 << 20) {
    precondition(length >= 0, "words of length \(length)")
    self.length = length
    self.memory = memory
  }

  /// The name in reports.
  public var name: String { "all words to length \(length)" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double {
    (0...length).reduce(0.0) { sum, _ in sum * Double(hypothesis.alphabet.count) + 1 }
  }

  /// Looks for the shortest disagreement, the first in the order of symbols among the shortest.
  ///
  /// - Throws: ``AutomataError/nondeterministic(word:first:second:)`` where the system answers a word differently when asked
  ///   through the tree; ``BudgetSpent``, after which ``partial`` says to which length all words agree; and what the system
  ///   throws.
  /// - Complexity: symbols^length steps of the system.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    partial = nil
    var covered = -1
    do {
      let word = try disagreement(hypothesis, &trie, &covered)
      return word.map(SearchOutcome.disagreement)
        ?? .agreement(evidence(to: length, hypothesis.alphabet.count))
    } catch let spent as BudgetSpent {
      partial = evidence(to: covered, hypothesis.alphabet.count)
      throw spent
    }
  }

  private func disagreement<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>, _ covered: inout Int
  ) throws -> Word? {
    if try trie.output(0) != hypothesis.outputs[hypothesis.transitions.start] { return [] }
    covered = 0
    if length == 0 || hypothesis.alphabet.count == 0 { return nil }
    guard trie.system.canExpand, let size = trie.system.stateSize else {
      return try throughTheTree(hypothesis, &trie, &covered)
    }
    let search = ExhaustiveSearch(hypothesis, length: length, stateSize: size, memory: memory)
    defer { covered = search.covered }
    trie.system.copyState(of: 0, into: search.root)
    var spent: BudgetSpent?
    do { try search.run(&trie) } catch let error as BudgetSpent { spent = error }
    if let smallest = search.smallestMargin { trie.note(margin: smallest.margin, of: smallest.word) }
    // What was found before the budget was spent is a disagreement, if perhaps not the shortest.
    if search.found == nil, let spent { throw spent }
    return search.found
  }

  private func throughTheTree<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>, _ covered: inout Int
  ) throws -> Word? {
    let width = hypothesis.alphabet.count
    var level: [Int32] = [0]
    var states = [Int32(hypothesis.transitions.start)]
    for depth in 0..<length {
      var children: [Int32] = []
      var next: [Int32] = []
      var place = 0
      while place < level.count {
        let end = min(level.count, place + max(1, try trie.allowance() / width))
        for parent in place..<end {
          for symbol in 0..<width {
            children.append(trie.child(of: level[parent], symbol: symbol))
            next.append(hypothesis.transitions.next[Int(states[parent]) * width + symbol])
          }
        }
        for child in (place * width)..<(end * width)
        where try trie.output(children[child]) != hypothesis.outputs[Int(next[child])] {
          return trie.word(of: children[child])
        }
        place = end
      }
      covered = depth + 1
      (level, states) = (children, next)
    }
    return nil
  }

  private func evidence(to reached: Int, _ symbols: Int) -> Evidence? {
    reached < 0 ? nil : evidence(to: reached, symbols) as Evidence
  }

  private func evidence(to reached: Int, _ symbols: Int) -> Evidence {
    var words = 0
    for _ in 0...reached { words = words * symbols + 1 }
    var statement =
      reached == 0
      ? "agrees on the empty word"
      : "agrees on all \(NumberText.grouped(words)) words of length <= \(reached)"
    if reached < length { statement += " (its budget was spent before length \(length))" }
    return Evidence(oracle: name, statement: statement, words: words, isComplete: reached == length)
  }
}
