extension MooreMachine {
  /// A shortest word after which the outputs of two machines have different names; nil where the machines are equivalent.
  ///
  /// Pairs of states that are assumed equal are joined in a union-find structure (Hopcroft and Karp, "A linear algorithm
  /// for testing equivalence of finite automata", 1971). With pairs taken in the order in which they were found the word is a
  /// shortest one: a pair is left out only where pairs found before link its ends, and a word that tells the ends apart tells
  /// one link apart. It need not be the first of its length; ``firstDifference(from:)`` is.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: O(symbols * (states + states)) look-ups, at most states + states - 1 pairs in memory.
  public func shortestDifference(from other: MooreMachine) -> Word? {
    let labels = commonLabels(with: other)
    let shift = stateCount
    var classes = UnionFind(count: shift + other.stateCount)
    var pairs = [(transitions.start, other.transitions.start)]
    var origins: [(parent: Int32, symbol: Int32)] = [(-1, -1)]
    classes.join(transitions.start, shift + other.transitions.start)
    var head = 0
    while head < pairs.count {
      let (state, counterpart) = pairs[head]
      if labels[state] != labels[shift + counterpart] {
        var word: Word = []
        var place = head
        while origins[place].parent >= 0 {
          word.append(Int(origins[place].symbol))
          place = Int(origins[place].parent)
        }
        return word.reversed()
      }
      for symbol in 0..<alphabet.count {
        let pair = (transitions[state, symbol], other.transitions[counterpart, symbol])
        if classes.join(pair.0, shift + pair.1) {
          pairs.append(pair)
          origins.append((Int32(head), Int32(symbol)))
        }
      }
      head += 1
    }
    return nil
  }

  /// The first in the order of symbols of the shortest words on which two machines differ; nil where they are equivalent.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: that of ``MooreRefinement`` on both machines.
  public func firstDifference(from other: MooreMachine) -> Word? {
    let labels = commonLabels(with: other)
    let shift = Int32(stateCount)
    let union = Transitions(
      stateCount: stateCount + other.stateCount, symbolCount: alphabet.count,
      next: transitions.next + other.transitions.next.map { $0 + shift })
    return MooreRefinement(union, labels: labels).shortestDistinguishingWord(
      transitions.start, stateCount + other.transitions.start)
  }

  /// One label for each name of an output, for the states of this machine and then those of the other.
  private func commonLabels(with other: MooreMachine) -> [Int32] {
    precondition(alphabet == other.alphabet, "machines of different alphabets cannot be compared")
    if outputNames == other.outputNames { return outputs + other.outputs }
    var labels: [[UInt8]: Int32] = [:]
    let names = (outputNames + other.outputNames).map { name in
      let label = labels[Array(name.utf8)] ?? Int32(labels.count)
      labels[Array(name.utf8)] = label
      return label
    }
    return outputs.map { names[Int($0)] } + other.outputs.map { names[outputNames.count + Int($0)] }
  }
}

/// Disjoint sets that can be joined (Tarjan 1975), by size and with halved paths.
struct UnionFind {
  private var parents: [Int32]
  private var sizes: [Int32]

  /// As many sets of one element.
  init(count: Int) {
    parents = (0..<Int32(count)).map { $0 }
    sizes = [Int32](repeating: 1, count: count)
  }

  /// The element that stands for an element's set.
  mutating func find(_ element: Int) -> Int {
    var element = element
    while Int(parents[element]) != element {
      parents[element] = parents[Int(parents[element])]
      element = Int(parents[element])
    }
    return element
  }

  /// Joins the sets of two elements.
  ///
  /// - Returns: whether they were different.
  @discardableResult
  mutating func join(_ first: Int, _ second: Int) -> Bool {
    var (first, second) = (find(first), find(second))
    if first == second { return false }
    if sizes[first] < sizes[second] { swap(&first, &second) }
    parents[second] = Int32(first)
    sizes[first] += sizes[second]
    return true
  }
}
