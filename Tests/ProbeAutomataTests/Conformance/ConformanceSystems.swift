import ProbeAutomata
import ProbeLinearAlgebra

/// Tomita's languages, minimal and in the canonical numbering.
///
/// Tomita, "Dynamic construction of finite automata from examples using hill-climbing" (1982); the tables are checked by the
/// sizes of their conformance suites, which were computed apart from this project.
enum TomitaMachine {
  static let next = [
    [[1, 0], [1, 1]], [[1, 2], [1, 1], [0, 1]], [[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]],
    [[1, 0], [2, 0], [3, 0], [3, 3]], [[1, 2], [0, 3], [3, 0], [2, 1]], [[1, 2], [2, 0], [0, 1]],
    [[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]],
  ]
  static let accepts = ["10", "100", "11010", "1110", "1000", "100", "11110"]

  static func number(_ number: Int) -> MooreMachine {
    MooreMachine(
      alphabet: Alphabet(numbered: 2), next: next[number - 1], accepts: accepts[number - 1].map { $0 == "1" })
  }
}

/// Systems and machines that differ at known places.
enum Planted {
  /// A random acceptor, not necessarily minimal.
  static func randomAcceptor(states: Int, symbols: Int, _ generator: inout RandomGenerator) -> MooreMachine {
    MooreMachine(
      alphabet: Alphabet(numbered: symbols),
      next: (0..<states).map { _ in (0..<symbols).map { _ in generator.integer(below: states) } },
      accepts: (0..<states).map { _ in generator.bernoulli(0.5) })
  }

  /// All words to a length, shortest first, in the order of symbols.
  static func allWords(symbols: Int, length: Int) -> [Word] {
    var level: [Word] = [[]]
    var words = level
    for _ in 0..<length {
      level = level.flatMap { word in (0..<symbols).map { word + [$0] } }
      words += level
    }
    return words
  }

  /// The acceptor of exactly one word: a chain with a sink.
  static func acceptor(of word: Word, symbols: Int) -> MooreMachine {
    let sink = word.count + 1
    let rows = word.enumerated().map { place, wanted in (0..<symbols).map { $0 == wanted ? place + 1 : sink }
    }
    let dead = [Int](repeating: sink, count: symbols)
    return MooreMachine(
      alphabet: Alphabet(numbered: symbols), next: rows + [dead, dead],
      accepts: (0...sink).map { $0 == word.count })
  }

  /// The acceptor of nothing.
  static func nothing(symbols: Int) -> MooreMachine {
    MooreMachine(
      alphabet: Alphabet(numbered: symbols), next: [[Int](repeating: 0, count: symbols)], accepts: [false])
  }

  /// What an oracle finds on a fresh tree.
  static func search<Oracle: EquivalenceOracle>(
    _ oracle: Oracle, _ hypothesis: MooreMachine, _ system: some SystemUnderLearning,
    budget: Budget = Budget()
  ) throws -> SearchOutcome {
    var oracle = oracle
    var trie = PrefixTrie(system, budget: budget)
    return try oracle.search(hypothesis, &trie)
  }

}

/// A machine whose state is a vector of one number, so that it can go on from states; its margin is 1 / (1 + length).
struct VectorSystem: SystemUnderLearning {
  var machine: MachineSystem
  /// Whether it goes on from states wrongly: every word is rejected.
  var isBroken = false
  private(set) var expanded = 0
  private var states: [Int32: (state: Int32, length: Int32)] = [:]

  init(_ machine: MooreMachine) { self.machine = MachineSystem(machine) }

  var alphabet: Alphabet { machine.alphabet }
  var outputNames: [String] { machine.outputNames }
  var stateSize: Int? { 2 }
  var canExpand: Bool { true }

  mutating func answer(_ nodes: [PrefixNode]) throws -> [Answer] {
    nodes.map { node in
      let transitions = machine.machine.transitions
      let (state, length) =
        states[node.parent].map { (Int32(transitions[Int($0.state), Int(node.symbol)]), $0.length + 1) }
        ?? (Int32(transitions.start), 0)
      states[node.id] = (state, length)
      return Answer(output: machine.machine.outputs[Int(state)], margin: 1 / Float(1 + length))
    }
  }

  func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>) {
    result[0] = Float(states[node]?.state ?? -1)
    result[1] = Float(states[node]?.length ?? -1)
  }

  mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws {
    expanded += count * alphabet.count
    for row in 0..<count {
      for symbol in 0..<alphabet.count {
        let child = row * alphabet.count + symbol
        let state = machine.machine.transitions[Int(states[2 * row]), symbol]
        let length = states[2 * row + 1] + 1
        children?[2 * child] = Float(state)
        children?[2 * child + 1] = length
        answers[child] = Answer(
          output: isBroken ? 0 : machine.machine.outputs[state], margin: 1 / (1 + length))
      }
    }
  }
}

extension SearchOutcome {
  /// The word on which they differ.
  var word: Word? { if case .disagreement(let word) = self { word } else { nil } }
  /// What agreement rests on.
  var evidence: Evidence? { if case .agreement(let evidence) = self { evidence } else { nil } }
}
