import ProbeAutomata
import ProbeLinearAlgebra

/// Machines to learn.
enum RandomMachine {
  /// A machine whose states are all reachable; it need not be minimal.
  ///
  /// States are hung into a random tree first, so that each is reached, then the other transitions are drawn.
  static func reachable(states: Int, symbols: Int, outputs: Int = 2, seed: UInt64) -> MooreMachine {
    var random = RandomGenerator(seed: seed, stream: UInt64(states * 64 + symbols * 8 + outputs))
    var next = [Int32](repeating: -1, count: states * symbols)
    var free = Array(0..<symbols)
    for state in 1..<max(states, 1) {
      let place = random.integer(below: free.count)
      next[free[place]] = Int32(state)
      free.swapAt(place, free.count - 1)
      free.removeLast()
      free.append(contentsOf: (state * symbols)..<((state + 1) * symbols))
    }
    for place in next.indices where next[place] < 0 { next[place] = Int32(random.integer(below: states)) }
    return MooreMachine(
      alphabet: Alphabet(numbered: symbols),
      outputNames: outputs == 2 ? MooreMachine.acceptorOutputs : (0..<outputs).map { "\($0)" },
      transitions: Transitions(stateCount: states, symbolCount: symbols, next: next),
      outputs: (0..<states).map { _ in Int32(random.integer(below: outputs)) })
  }

  /// The number of classes of states that no word tells apart: naive refinement, round by round.
  static func minimalSize(_ machine: MooreMachine) -> Int {
    let machine = machine.canonical()
    var classes = machine.outputs.map { Int($0) }
    var count = Set(classes).count
    while true {
      var numbers: [[Int]: Int] = [:]
      classes = (0..<machine.stateCount).map { state in
        let key =
          [classes[state]] + (0..<machine.alphabet.count).map { classes[machine.transitions[state, $0]] }
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        return number
      }
      if numbers.count == count { return count }
      count = numbers.count
    }
  }

  /// Whether two machines give all words one output, by all pairs of states that words lead to.
  static func areEqual(_ one: MooreMachine, _ other: MooreMachine) -> Bool {
    var seen: Set<[Int]> = [[one.transitions.start, other.transitions.start]]
    var waiting = Array(seen)
    while let pair = waiting.popLast() {
      if one.outputs[pair[0]] != other.outputs[pair[1]] { return false }
      for symbol in 0..<one.alphabet.count {
        let next = [one.transitions[pair[0], symbol], other.transitions[pair[1], symbol]]
        if seen.insert(next).inserted { waiting.append(next) }
      }
    }
    return true
  }
}
