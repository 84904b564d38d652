import ProbeLinearAlgebra

/// Random complete transition tables in which every state can be reached from state 0.
enum RandomTransitions {
  /// `[state][symbol]`: the next state; states are numbered breadth first from 0, symbols in order.
  ///
  /// Each state but the first is put at the end of a transition drawn among the free ones of the states that are
  /// reached already; the transitions that remain lead to states drawn uniformly. A uniformly drawn table would hardly
  /// ever reach all of many states.
  ///
  /// - Precondition: both numbers are positive.
  /// - Complexity: O(states * symbols).
  static func draw(states: Int, symbols: Int, _ random: inout RandomGenerator) -> [[Int]] {
    precondition(states > 0 && symbols > 0, "a table of \(states) states and \(symbols) symbols")
    var next = [[Int]](repeating: Array(repeating: -1, count: symbols), count: states)
    var free = Array(0..<symbols)
    for state in 1..<max(states, 1) {
      // There is always one left: each state takes one and adds at least as many.
      let position = random.integer(below: free.count)
      let slot = free[position]
      free.swapAt(position, free.count - 1)
      free.removeLast()
      next[slot / symbols][slot % symbols] = state
      free += (0..<symbols).map { state * symbols + $0 }
    }
    for slot in free.sorted() {
      next[slot / symbols][slot % symbols] = random.integer(below: states)
    }
    return renumbered(next)
  }

  /// Whether every state leads back to state 0, from which it is reached.
  ///
  /// - Complexity: O(states * symbols).
  static func isStronglyConnected(_ next: [[Int]]) -> Bool {
    var sources = [[Int]](repeating: [], count: next.count)
    for (state, row) in next.enumerated() {
      for target in row { sources[target].append(state) }
    }
    var leadsBack = Array(repeating: false, count: next.count)
    leadsBack[0] = true
    var open = [0]
    while let state = open.popLast() {
      for source in sources[state] where !leadsBack[source] {
        leadsBack[source] = true
        open.append(source)
      }
    }
    return leadsBack.allSatisfy { $0 }
  }

  private static func renumbered(_ next: [[Int]]) -> [[Int]] {
    var numbers = [0: 0]
    var order = [0]
    var head = 0
    while head < order.count {
      for target in next[order[head]] where numbers[target] == nil {
        numbers[target] = order.count
        order.append(target)
      }
      head += 1
    }
    return order.map { state in next[state].map { numbers[$0] ?? 0 } }
  }

  /// The number of classes of states that no word tells apart, by refining the partition into outputs (Moore 1956).
  ///
  /// - Complexity: O(states * symbols) a round, as many rounds as the longest word that is needed has symbols.
  static func distinguishableStates(_ next: [[Int]], outputs: [Int]) -> Int {
    var classes = outputs
    var count = Set(outputs).count
    while true {
      var numbers: [[Int]: Int] = [:]
      let refined = next.indices.map { state in
        let signature = [classes[state]] + next[state].map { classes[$0] }
        let number = numbers[signature] ?? numbers.count
        numbers[signature] = number
        return number
      }
      if numbers.count == count { return count }
      count = numbers.count
      classes = refined
    }
  }
}
