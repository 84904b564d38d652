import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// A machine dressed as a network: its outputs are the logarithms of its probabilities, shifted by what softmax does not see.
struct MachineRunner: PrefixRunner {
  let machine: ProbabilisticMachine
  let hasEnd: Bool
  var states: [Int32: Int] = [:]
  var shift: Float = 3
  var fault: Float?

  init(_ machine: ProbabilisticMachine, hasEnd: Bool) {
    self.machine = machine
    self.hasEnd = hasEnd
  }

  var outputSize: Int { machine.alphabet.count + (hasEnd ? 1 : 0) }
  var stateSize: Int? { nil }
  var canExpand: Bool { false }

  mutating func run(_ prefixes: [Prefix], into outputs: UnsafeMutablePointer<Float>) {
    for (row, prefix) in prefixes.enumerated() {
      let state =
        prefix.parent < 0
        ? machine.transitions.start
        : machine.transitions[states[prefix.parent] ?? 0, Int(prefix.symbol)]
      states[prefix.id] = state
      for (symbol, probability) in machine.row(of: state).prefix(outputSize).enumerated() {
        // A network's softmax is never 0; e^-60 is far below the resolution of a Float's 1.
        outputs[row * outputSize + symbol] = Float(max(log(probability), -60)) + shift
      }
      if let fault { outputs[row * outputSize + 1] = fault }
    }
  }

  func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    outputs: UnsafeMutablePointer<Float>
  ) {}
  func copyState(of prefix: Int32, into state: UnsafeMutablePointer<Float>) {}
}

@Suite("A network as a source of next-symbol probabilities")
struct NetworkSourceTests {
  /// A logarithm of at most 60 with 3 added, rounded to single precision: half an ulp of 64, as a relative error of e^x.
  static let rounding = 0x1p-18

  @Test("with an output for the end says what the machine behind it says")
  func softmax() throws {
    for machine in try WeightedLearnerTests.languages() {
      var network = DistributionTrie(
        NetworkSource(MachineRunner(machine, hasEnd: true), alphabet: machine.alphabet))
      #expect(network.source.hasEnd)
      var exact = DistributionTrie(MachineSource(machine))
      let words = try exact.drawWords(50, longest: 30, seed: 2)
      let result = try NextSymbolFidelity.measure(&exact, &network, on: words)
      #expect(result.largestDifference <= Self.rounding)
    }
  }

  @Test("is learnt back by weighted L*, with an end or without")
  func learnt() throws {
    let endless = try NextSymbolSourceTests.endless()
    for (machine, hasEnd) in try WeightedLearnerTests.languages().map({ ($0, true) }) + [(endless, false)] {
      var network = DistributionTrie(
        NetworkSource(MachineRunner(machine, hasEnd: hasEnd), alphabet: machine.alphabet))
      let result = try WeightedLStar(tolerance: 0.05, negligible: 1e-6).learn(from: &network)
      #expect(result.agrees && result.machine.stateCount == machine.stateCount)
      #expect(result.machine.shortestDifference(from: machine, tolerance: Self.rounding) == nil)
      if !hasEnd { #expect(result.machine.endProbabilities == [0, 0]) }
    }
  }

  @Test("takes a given distribution before the first symbol, and there alone")
  func first() throws {
    let machine = try NextSymbolSourceTests.endless()
    let source = NetworkSource(
      MachineRunner(machine, hasEnd: false), alphabet: machine.alphabet, first: [0.25, 0.75, 0])
    var trie = DistributionTrie(source)
    #expect(Array(try trie.distribution(0)) == [0.25, 0.75, 0])
    let after = Array(try trie.distribution(trie.node(for: [0])))
    #expect(abs(after[0] - 0.6) <= Self.rounding && after[2] == 0)
  }

  @Test("refuses outputs that are not finite", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(_ value: Float) throws {
    let machine = try NextSymbolSourceTests.endless()
    var runner = MachineRunner(machine, hasEnd: false)
    runner.fault = value
    var source = NetworkSource(runner, alphabet: machine.alphabet)
    let error = try #require(throws: AutomataError.self) {
      try source.distributions(after: [PrefixNode(id: 0, parent: -1, symbol: -1)])
    }
    #expect(error.description.contains("its output 1 is \(Double(value)); logits must be finite"))
  }
}
