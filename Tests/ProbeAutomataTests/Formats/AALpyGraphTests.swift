import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

/// Graphs that AALpy wrote or read (`scripts/fixtures/make_automata_fixtures.py`).
@Suite("Graphs exchanged with AALpy")
struct AALpyGraphTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/dot")

  struct Said: Decodable {
    var states: Int
    var words: [[String]]
    var outputs: [[String]]
  }

  struct Chain: Decodable {
    var outputs: [String]
    var start: Int
    var probabilities: [[Double]]
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  static func said<Value: Decodable>(_ name: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: name)))
  }

  /// Compares what a machine says of words with what AALpy's machine said.
  static func expectSame(_ said: Said, _ alphabet: Alphabet, says: (Word) -> [String]) throws {
    #expect(said.words.count > 60)
    #expect(Set(said.outputs).count > 1)
    for (names, outputs) in zip(said.words, said.outputs) {
      let word = try names.map { try #require(alphabet.index(of: $0)) }
      #expect(says(word) == outputs)
    }
  }

  @Test("that it wrote mean what it says they mean", arguments: ["dfa", "moore"])
  func readMoore(kind: String) throws {
    let machine = try DOT.mooreMachine(try Self.text("aalpy_\(kind).dot"))
    let said: Said = try Self.said("aalpy_\(kind).json")
    #expect(machine.stateCount == said.states)
    #expect(machine.isAcceptor == (kind == "dfa"))
    try Self.expectSame(said, machine.alphabet) { [machine.outputNames[machine.output(of: $0)]] }
  }

  @Test("that it wrote of Mealy machines and Markov chains mean what it says they mean")
  func readOthers() throws {
    let mealy = try DOT.mealyMachine(try Self.text("aalpy_mealy.dot"))
    try Self.expectSame(try Self.said("aalpy_mealy.json"), mealy.alphabet) { word in
      mealy.outputs(along: word).map { mealy.outputNames[$0] }
    }
    let chain = try DOT.markovChain(try Self.text("aalpy_mc.dot"))
    let said: Chain = try Self.said("aalpy_mc.json")
    #expect(chain.outputs == said.outputs)
    #expect(chain.start == said.start)
    #expect(chain.probabilities.elements == Array(said.probabilities.joined()))
  }

  @Test("that we write mean to it what they mean to us")
  func written() throws {
    var generator = RandomGenerator(seed: 44)
    let shape = MachineExamples.random(&generator, states: 7, symbols: 3, outputs: 3)
    let alphabet = try Alphabet(["0", "b_c", "d e"])
    let moore = MooreMachine(
      alphabet: alphabet, outputNames: ["low", "high up", "off"], transitions: shape.transitions,
      outputs: (0..<7).map { $0 % 3 })
    let mealy = MealyMachine(moore)
    let chain = try MarkovChain(
      outputs: ["sun", "rain", "sun"], start: 1,
      probabilities: Matrix(
        rows: 3, columns: 3, elements: [0.1, 0.2, 0.7, 0, 1 / 3.0, 2 / 3.0, 1e-7, 0, 1 - 1e-7]))
    try check("dfa", DOT.write(moore.acceptor(of: 1)))
    try check("moore", DOT.write(moore))
    try check("mealy", DOT.write(mealy))
    try check("mc", DOT.write(chain))

    try Self.expectSame(try Self.said("rnnprobe_dfa.json"), alphabet) { word in
      [moore.output(of: word) == 1 ? "accept" : "reject"]
    }
    try Self.expectSame(try Self.said("rnnprobe_moore.json"), alphabet) {
      [moore.outputNames[moore.output(of: $0)]]
    }
    try Self.expectSame(try Self.said("rnnprobe_mealy.json"), alphabet) { word in
      mealy.outputs(along: word).map { mealy.outputNames[$0] }
    }
    let said: Chain = try Self.said("rnnprobe_mc.json")
    #expect(said.outputs == chain.outputs)
    #expect(said.start == chain.start)
    #expect(Array(said.probabilities.joined()) == chain.probabilities.elements)
  }

  /// Compares a text with the committed one that AALpy has read; writes it when RECORD_SNAPSHOTS is set.
  func check(_ kind: String, _ text: String) throws {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(
        to: Self.folder.appending(path: "rnnprobe_\(kind).dot"), atomically: true, encoding: .utf8)
    }
    #expect(try Self.text("rnnprobe_\(kind).dot") == text)
  }
}
