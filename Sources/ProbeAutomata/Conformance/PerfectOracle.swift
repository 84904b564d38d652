/// Compares hypotheses with a machine that is known: for tests, benchmarks, and languages that have a definition.
///
/// It speaks of the known machine alone and asks the system nothing.
public struct PerfectOracle: EquivalenceOracle {
  /// The machine that hypotheses are compared with.
  public let machine: MooreMachine
  private var search: PairSearch

  /// An oracle that knows a machine.
  public init(_ machine: MooreMachine) {
    self.machine = machine
    search = PairSearch()
  }

  public var name: String { "known machine" }

  /// Looks for a shortest word on which the known machine and the hypothesis differ.
  ///
  /// - Complexity: O((n + m)·symbols·α(n + m)) for machines of n and m states.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    if let word = search.shortestDifference(hypothesis, machine) { return .disagreement(word) }
    return .agreement(
      Evidence(
        oracle: name, statement: "equal to the known machine of \(machine.stateCount) states", words: 0))
  }
}

/// Hopcroft and Karp's search, with its arrays kept from one search to the next.
///
/// Pairs of states that a word leads to must have equal outputs; pairs that are linked by pairs already seen need not be
/// followed. Taken breadth first, the first difference is a shortest one: a word that tells a skipped pair apart tells one
/// of the links apart, which is in the queue no later. Hopcroft and Karp, "A linear algorithm for testing equivalence of
/// finite automata", Cornell TR 71-114 (1971).
private struct PairSearch {
  private var parent: [Int32] = []
  private var queue: [Pair] = []

  private struct Pair {
    var first: Int32
    var second: Int32
    var origin: Int32
    var symbol: Int32
  }

  mutating func shortestDifference(_ one: MooreMachine, _ other: MooreMachine) -> Word? {
    let width = one.alphabet.count
    let offset = Int32(one.stateCount)
    parent.removeAll(keepingCapacity: true)
    parent.append(contentsOf: 0..<(offset + Int32(other.stateCount)))
    queue.removeAll(keepingCapacity: true)
    queue.append(
      Pair(
        first: Int32(one.transitions.start), second: Int32(other.transitions.start), origin: -1, symbol: -1))
    _ = unite(queue[0].first, queue[0].second + offset)
    var head = 0
    while head < queue.count {
      let pair = queue[head]
      if one.outputs[Int(pair.first)] != other.outputs[Int(pair.second)] { return word(to: head) }
      let row = Int(pair.first) * width
      let otherRow = Int(pair.second) * width
      for symbol in 0..<width {
        let first = one.transitions.next[row + symbol]
        let second = other.transitions.next[otherRow + symbol]
        if unite(first, second + offset) {
          queue.append(Pair(first: first, second: second, origin: Int32(head), symbol: Int32(symbol)))
        }
      }
      head += 1
    }
    return nil
  }

  /// Joins two classes; false where they were one.
  private mutating func unite(_ one: Int32, _ other: Int32) -> Bool {
    let one = root(one)
    let other = root(other)
    if one == other { return false }
    // Chains stay short by halving alone; the higher number is always a state of the second machine or as good as one.
    parent[Int(max(one, other))] = min(one, other)
    return true
  }

  private mutating func root(_ node: Int32) -> Int32 {
    var node = node
    while true {
      let above = parent[Int(node)]
      if above == node { return node }
      let next = parent[Int(above)]
      parent[Int(node)] = next
      node = next
    }
  }

  private func word(to place: Int) -> Word {
    var word: Word = []
    var pair = queue[place]
    while pair.origin >= 0 {
      word.append(Int(pair.symbol))
      pair = queue[Int(pair.origin)]
    }
    return word.reversed()
  }
}
