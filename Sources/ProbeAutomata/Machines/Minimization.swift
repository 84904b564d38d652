extension Transitions {
  /// The coarsest partition of the states that keeps apart states of different labels and that the symbols respect.
  ///
  /// Hopcroft, "An n log n algorithm for minimizing states in a finite automaton", Theory of Machines and Computations
  /// (1971) 189: a waiting block splits all others by where its symbols come from; of each split block the smaller part
  /// waits next.
  ///
  /// - Parameter labels: `[state]`: what is known to differ, such as outputs.
  /// - Returns: `[state]`: the number of its class; classes are numbered from 0 in the order of their first states.
  /// - Complexity: O(symbols * states * log(states)) time, O(symbols * states) memory.
  public func congruence(refining labels: [Int32]) -> [Int32] {
    precondition(labels.count == stateCount, "\(labels.count) labels of \(stateCount) states")
    let sources = ReverseTransitions(of: self)
    var partition = RefinablePartition(labels: labels)
    // Stability under all blocks but one implies stability under that one; the largest costs most.
    let largest = (0..<partition.blockCount).max { partition.size(of: $0) < partition.size(of: $1) }
    var waiting = (0..<partition.blockCount).filter { $0 != largest }
    while let splitter = waiting.popLast() {
      // The splitter may itself be split by one of its symbols, so its states are copied first.
      let states = Array(partition.members(of: splitter))
      for symbol in 0..<symbolCount {
        for state in states {
          for place in sources.range(of: state, symbol: symbol) { partition.mark(sources.states[place]) }
        }
        partition.splitMarked { waiting.append($0) }
      }
    }
    return Self.renumbered(partition.blockOf)
  }

  /// The reachable, minimal table in the canonical numbering.
  ///
  /// - Parameter labels: `[state]`: what is known to differ, such as outputs.
  /// - Returns: the table, and for each of its states one of those it stands for.
  public func minimized(labels: [Int32]) -> (transitions: Transitions, states: [Int]) {
    let (reachable, origins) = canonical()
    let classes = reachable.congruence(refining: origins.map { labels[$0] })
    // The states are in the order of their first access words, so classes by their first states are, too.
    var representatives: [Int] = []
    for (state, number) in classes.enumerated() where Int(number) == representatives.count {
      representatives.append(state)
    }
    let table = reachable.quotient(representatives: representatives, classes: classes.map { Int($0) })
    return (table, representatives.map { origins[$0] })
  }

  /// Class numbers in the order of first appearance.
  private static func renumbered(_ blocks: [Int32]) -> [Int32] {
    var numbers = [Int32](repeating: -1, count: blocks.count)
    var count: Int32 = 0
    return blocks.map { block in
      if numbers[Int(block)] < 0 {
        numbers[Int(block)] = count
        count += 1
      }
      return numbers[Int(block)]
    }
  }
}

extension MooreMachine {
  /// The smallest machine with the same outputs, in the canonical numbering: equal for equivalent machines.
  ///
  /// - Complexity: O(symbols * states * log(states)) time.
  public func minimized() -> MooreMachine {
    let (table, states) = transitions.minimized(labels: outputs)
    return MooreMachine(
      alphabet: alphabet, outputNames: outputNames, transitions: table, outputs: states.map { outputs[$0] })
  }
}

/// Where each symbol comes from: a transition table by target.
struct ReverseTransitions {
  /// The sources, those of one symbol and target side by side.
  private(set) var states: [Int32]
  private var offsets: [Int32]
  private let stateCount: Int

  /// The transitions of a table, turned round.
  init(of table: Transitions) {
    stateCount = table.stateCount
    offsets = [Int32](repeating: 0, count: table.next.count + 1)
    states = [Int32](repeating: 0, count: table.next.count)
    for state in 0..<table.stateCount {
      for symbol in 0..<table.symbolCount { offsets[symbol * stateCount + table[state, symbol] + 1] += 1 }
    }
    for place in offsets.indices.dropFirst() { offsets[place] += offsets[place - 1] }
    var free = offsets
    for state in 0..<table.stateCount {
      for symbol in 0..<table.symbolCount {
        let place = symbol * stateCount + table[state, symbol]
        states[Int(free[place])] = Int32(state)
        free[place] += 1
      }
    }
  }

  /// The places in `states` of those that the symbol leads from to the given state.
  func range(of state: Int32, symbol: Int) -> Range<Int> {
    let place = symbol * stateCount + Int(state)
    return Int(offsets[place])..<Int(offsets[place + 1])
  }
}
