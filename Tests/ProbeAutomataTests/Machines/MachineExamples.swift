import ProbeAutomata
import ProbeLinearAlgebra

/// Machines that several tests look at.
enum MachineExamples {
  /// Tomita's languages 1 to 7 as minimal DFAs (Tomita, "Dynamic construction of finite automata from examples using
  /// hill-climbing", CogSci 1982): acceptance and rows of next states, in the canonical numbering.
  static let tomita: [MooreMachine] = [
    binary("10", [[1, 0], [1, 1]]),
    binary("100", [[1, 2], [1, 1], [0, 1]]),
    binary("11010", [[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]]),
    binary("1110", [[1, 0], [2, 0], [3, 0], [3, 3]]),
    binary("1000", [[1, 2], [0, 3], [3, 0], [2, 1]]),
    binary("100", [[1, 2], [2, 0], [0, 1]]),
    binary("11110", [[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]]),
  ]

  /// A DFA over 0 and 1.
  static func binary(_ accepts: String, _ next: [[Int]]) -> MooreMachine {
    MooreMachine(alphabet: Alphabet(numbered: 2), next: next, accepts: accepts.map { $0 == "1" })
  }

  /// A random machine: some states unreachable, most transitions into a sink where `density` is low.
  static func random(
    _ generator: inout RandomGenerator, states: Int, symbols: Int, outputs: Int = 2, density: Double = 1
  ) -> MooreMachine {
    let next = (0..<states).map { state in
      (0..<symbols).map { _ in
        state + 1 < states && generator.bernoulli(density) ? generator.integer(below: states) : states - 1
      }
    }
    return MooreMachine(
      alphabet: Alphabet(numbered: symbols), outputNames: (0..<outputs).map { "o\($0)" },
      transitions: Transitions(
        stateCount: states, symbolCount: symbols, start: generator.integer(below: states),
        next: next.joined().map { Int32($0) }),
      outputs: (0..<states).map { $0 + 1 == states ? 0 : Int32(generator.integer(below: outputs)) })
  }

  /// Two copies of a machine's states, each transition into a random copy: equivalent and twice as large.
  static func doubled(_ machine: MooreMachine, _ generator: inout RandomGenerator) -> MooreMachine {
    let count = machine.stateCount
    let next = (machine.transitions.next + machine.transitions.next).map {
      $0 + (generator.bernoulli(0.5) ? Int32(count) : 0)
    }
    return MooreMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames,
      transitions: Transitions(
        stateCount: 2 * count, symbolCount: machine.alphabet.count, start: machine.transitions.start,
        next: next),
      outputs: machine.outputs + machine.outputs)
  }

  /// All words, shortest first and then in the order of symbols, to a length.
  static func words(symbols: Int, to length: Int) -> [Word] {
    var words: [Word] = [[]]
    var level: [Word] = [[]]
    for _ in 0..<length {
      level = level.flatMap { word in (0..<symbols).map { word + [$0] } }
      words += level
    }
    return words
  }
}
