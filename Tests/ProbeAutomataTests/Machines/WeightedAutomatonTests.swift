import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("A weighted automaton")
struct WeightedAutomatonTests {
  /// p^length (1 - p) over one symbol.
  static func geometric(_ p: Double) -> WeightedAutomaton {
    WeightedAutomaton(
      alphabet: Alphabet(numbered: 1), initialWeights: [1],
      transitionWeights: [Matrix(rows: 1, columns: 1, elements: [p])], finalWeights: [1 - p])
  }

  @Test("of a machine has its values")
  func values() throws {
    for machine in MachineExamples.tomita {
      let weighted = WeightedAutomaton(machine)
      for word in MachineExamples.words(symbols: 2, to: 6) {
        #expect(weighted.value(of: word) == Double(machine.output(of: word)))
      }
    }
    let machine = try ProbabilisticMachineTests.favourites()
    let weighted = WeightedAutomaton(machine)
    for word in MachineExamples.words(symbols: 5, to: 3) {
      // As many roundings as symbols, in the product and in the logarithm.
      #expect(
        abs(weighted.value(of: word) / exp(machine.logProbability(of: word)) - 1) < 16 * Double.ulpOfOne)
    }
  }

  @Test("sums to what geometric series sum to, and not where they diverge")
  func sums() throws {
    for p in [0, 0.25, 0.5, 0.875, -0.5] {
      #expect(abs(try #require(try Self.geometric(p).total()) - 1) < 8 * Double.ulpOfOne)
      let norm = try #require(try Self.geometric(p).squaredNorm())
      #expect(abs(norm - (1 - p) * (1 - p) / (1 - p * p)) < 16 * Double.ulpOfOne)
      let prefix = try #require(try Self.geometric(p).prefixSums())
      #expect(abs(prefix.value(of: [0, 0, 0]) - p * p * p) < 8 * Double.ulpOfOne)
    }
    #expect(try Self.geometric(1).total() == nil)
    #expect(try Self.geometric(-1.5).total() == nil)
    #expect(try WeightedAutomaton(MachineExamples.tomita[3]).squaredNorm() == nil)
    let total = try #require(try WeightedAutomaton(ProbabilisticMachineTests.favourites()).total())
    // The condition of I - A is at most 2 over the smallest end, 11 / 0.5.
    #expect(abs(total - 1) < 5 * 44 * Double.ulpOfOne)
    #expect(throws: LinearAlgebraError.self) { try Self.geometric(.nan).total() }
  }

  @Test("lies from another as far as the sum over words says")
  func distance() throws {
    let (p, q) = (0.5, 0.25)
    let distance = try #require(try Self.geometric(p).difference(Self.geometric(q)).squaredNorm())
    // Σ (f² - 2 f g + g²), three geometric series.
    let expected =
      (1 - p) * (1 - p) / (1 - p * p) - 2 * (1 - p) * (1 - q) / (1 - p * q) + (1 - q) * (1 - q) / (1 - q * q)
    #expect(abs(distance - expected) < 32 * Double.ulpOfOne)
    #expect(try Self.geometric(p).difference(Self.geometric(p)).squaredNorm() ?? 1 < 32 * Double.ulpOfOne)
  }

  @Test("is as small as the rank of its Hankel matrix")
  func ranks() throws {
    // Weiss et al., arXiv 1910.13895: UHL 1, 2, 3 have ranks 9, 5 and 4.
    var next: [Int32] = []
    var probabilities: [Double] = []
    for state in 0..<9 {
      next += [Int32((state + 1) % 9), Int32((state + 1) % 9)]
      probabilities += [1, 4, 8].contains(state) ? [0.15, 0.75] : [0.75, 0.15]
    }
    let cycle = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2), transitions: Transitions(stateCount: 9, symbolCount: 2, next: next),
      probabilities: probabilities, endProbabilities: [Double](repeating: 0.1, count: 9))
    #expect(WeightedAutomaton(cycle).minimized().stateCount == 9)
    #expect(WeightedAutomaton(try ProbabilisticMachineTests.favourites()).minimized().stateCount == 5)
    let parities = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2), transitions: MachineExamples.tomita[4].transitions,
      probabilities: [0.525, 0.425, 0.525, 0.425, 0.525, 0.425, 0.425, 0.525],
      endProbabilities: [0.05, 0.05, 0.05, 0.05])
    #expect(WeightedAutomaton(parities).minimized().stateCount == 4)
    let zero = WeightedAutomaton(MachineExamples.binary("0", [[0, 0]])).minimized()
    #expect(zero.stateCount == 0)
    #expect(zero.value(of: [0, 1]) == 0)
    #expect(try zero.total() == 0)
  }

  @Test("minimised keeps its values, on random machines twice as large as they need be")
  func minimized() {
    var generator = RandomGenerator(seed: 61)
    for _ in 0..<100 {
      let machine = MachineExamples.random(&generator, states: 1 + generator.integer(below: 5), symbols: 2)
      let weighted = WeightedAutomaton(MachineExamples.doubled(machine, &generator))
      let minimal = weighted.minimized()
      #expect(minimal.stateCount <= machine.minimized().stateCount)
      #expect(minimal.minimized().stateCount == minimal.stateCount)
      for word in MachineExamples.words(symbols: 2, to: 7) {
        // 7 symbols, each a product of 10 by 10 numbers and of norm at most 10^(1/2).
        #expect(
          abs(minimal.value(of: word) - Double(machine.output(of: word))) < 7 * 100 * 3.2 * Double.ulpOfOne)
      }
      #expect(weighted.shortestDifference(from: minimal, tolerance: 1e-6) == nil)
    }
  }

  @Test("differs from another on as short a word as the machines do")
  func differences() {
    var generator = RandomGenerator(seed: 62)
    var differing = 0
    for _ in 0..<300 {
      let a = MachineExamples.random(&generator, states: 1 + generator.integer(below: 6), symbols: 2)
      let b = MachineExamples.random(&generator, states: 1 + generator.integer(below: 6), symbols: 2)
      let word = WeightedAutomaton(a).shortestDifference(from: WeightedAutomaton(b), tolerance: 0.5)
      #expect(word?.count == a.shortestDifference(from: b)?.count)
      if let word { #expect(a.output(of: word) != b.output(of: word)) }
      differing += word == nil ? 0 : 1
    }
    #expect(differing > 100)
  }
}
