import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import ProbeModels
import ProbeOutside
import Testing

/// The committed Python module and its examples, where there is a Python to run them.
@Suite(.enabled(if: pythonWithNumpy != nil, "no python3 (or RNNPROBE_PYTHON) that has numpy"))
struct PythonHelperTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("notebooks-data/outside")
    .path

  private func program(_ body: String) throws -> OutsideProgram {
    let python = try #require(pythonWithNumpy)
    let lines = "import sys; sys.path.insert(0, sys.argv[1])\nimport numpy as np, rnnprobe_map\n" + body
    return try OutsideProgram(command: "'\(python)' -B -c '\(lines)' '\(Self.folder)'", timeout: 120)
  }

  @Test("the Dale network names the pool that was pulsed last, for all words to length 5")
  func words() throws {
    var trie = PrefixTrie(
      try OutsideSystem(try program("import dale_rnn; rnnprobe_map.serve(dale_rnn.DaleNetwork())")))
    #expect(trie.alphabet.symbols == ["left", "right", "wait"])
    var words: [Word] = [[]]
    for _ in 0..<5 {
      words += words.filter { $0.count == words.last?.count }.flatMap { word in (0..<3).map { word + [$0] } }
    }
    #expect(words.count == 364)
    for word in words { _ = trie.node(for: word) }
    for word in words { #expect(try trie.output(of: word) == Int32(word.last { $0 < 2 } ?? 0)) }
    #expect(trie.smallestMargin.map { $0.margin > 0.1 } == true)
  }

  @Test(
    "what a model prints, and an input of no features, do no harm; without a Jacobian there are differences")
  func printing() throws {
    let program = try program(
      """
      class Model:
          dimension, box = 1, [1]
          def step(self, states, x):
              print("a line for people", x.shape)
              return np.tanh(states)
      rnnprobe_map.serve(Model(), "printing")
      """)
    let map = try OutsideMap(program, input: [])
    #expect(program.offer.name == "printing")
    #expect(map.derivatives == .differences && map.invariantBox == [1])
    // numpy's tanh is within 4 ulp of the C library's.
    #expect(abs(map.apply([0.5])[0] - tanh(0.5)) <= 4 * tanh(0.5).ulp)
    #expect(map.inputJacobian(at: [0.5]).elements.isEmpty)
  }

  @Test("an exception in the model is the error, by its type and text; a wrong shape is named")
  func exceptions() throws {
    let raising = try program(
      """
      class Model:
          dimension = 1
          def step(self, states, x):
              raise ValueError("no such unit")
      rnnprobe_map.serve(Model())
      """)
    #expect(
      errorText { _ = try OutsideMap(raising, input: []) }.hasSuffix(
        "could not answer 3 states of its map: ValueError: no such unit"))
    let flat = try program(
      """
      class Model:
          dimension = 2
          def step(self, states, x):
              return states[0]
      rnnprobe_map.serve(Model())
      """)
    #expect(
      errorText { _ = try OutsideMap(flat, input: []) }.contains(
        "it declares next <f8 [2]; next <f8 [3, 2] was due"))
  }
}
