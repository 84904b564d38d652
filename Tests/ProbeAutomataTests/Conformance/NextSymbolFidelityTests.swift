import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Fidelity of next-symbol machines")
struct NextSymbolFidelityTests {
  /// One state over the symbols 0, 1, ...
  static func single(_ probabilities: [Double], end: Double = 0) throws -> ProbabilisticMachine {
    try ProbabilisticMachine(
      alphabet: Alphabet(numbered: probabilities.count),
      transitions: Transitions(
        stateCount: 1, symbolCount: probabilities.count, next: probabilities.map { _ in 0 }),
      probabilities: probabilities, endProbabilities: [end])
  }

  static func measure(
    _ reference: ProbabilisticMachine, _ model: ProbabilisticMachine, words: [Word], from first: Int = 0,
    ranks: Int = 5, margin: Double = 0
  ) throws -> NextSymbolFidelity {
    var one = DistributionTrie(MachineSource(reference))
    var other = DistributionTrie(MachineSource(model))
    return try .measure(&one, &other, on: words, from: first, ranks: ranks, margin: margin)
  }

  /// What mixing the floor in may change a logarithm by, where no probability is below a hundredth.
  static let floorError = 100 * NextSymbolFidelity.floor

  @Test("a machine agrees with itself, and its perplexity is exp of its entropy")
  func itself() throws {
    let machine = try Self.single([0.5, 0.25], end: 0.25)
    let result = try Self.measure(machine, machine, words: [[0, 1], [], [1]])
    #expect(result.words == 3 && result.prefixes == 6)
    #expect(result.divergence <= Self.floorError && result.largestDifference == 0)
    #expect(result.errorRate == 0 && result.clearErrorRate == 0 && result.discountedGain == 1)
    // H(1/2, 1/4, 1/4) = 3/2 ln 2.
    #expect(abs(result.referencePerplexity - exp2(1.5)) <= 1e-14)
    #expect(abs(result.perplexity - result.referencePerplexity) <= 4 * Self.floorError)
  }

  @Test("two coins have the divergence, error and gain of the formulas")
  func coins() throws {
    let fair = try Self.single([0.7, 0.2, 0.1])
    let other = try Self.single([0.1, 0.2, 0.7])
    let result = try Self.measure(fair, other, words: [[0, 1, 2], [0]], ranks: 2, margin: 0.4)
    let divergence = 0.7 * log(7.0) - 0.1 * log(7.0)
    #expect(abs(result.divergence - divergence) <= Self.floorError)
    let interval = try #require(result.interval)
    // All prefixes are alike: the interval has no width.
    #expect(abs(interval.low - interval.high) <= 1e-12)
    #expect(result.errorRate == 1 && result.clearErrorRate == 1 && result.clearPrefixes == 6)
    // The model's two likeliest are 2 and 1, of which the reference holds 0.1 and 0.2; the end has 0 in both.
    let gain = (0.1 + 0.2 / log2(3.0)) / (0.7 + 0.2 / log2(3.0))
    #expect(abs(result.discountedGain - gain) <= 1e-15)
    #expect(abs(result.largestDifference - 0.6) <= 1e-15 && result.differentWord == [])
    #expect(abs(result.perplexity / result.referencePerplexity - exp(result.divergence)) <= 1e-14)
  }

  @Test("what a machine holds to be impossible costs the floor's logarithm, not infinity")
  func impossible() throws {
    let result = try Self.measure(try Self.single([0.5, 0.5]), try Self.single([1, 0]), words: [[0], [1]])
    #expect(result.impossible == 0.5)
    let floor = NextSymbolFidelity.floor
    let expected = 0.5 * log(0.5 / (1 - floor + floor / 3)) + 0.5 * log(0.5 / (floor / 3))
    #expect(abs(result.divergence - expected) <= 1e-12)
  }

  @Test("prefixes shorter than the first one wanted do not count")
  func first() throws {
    // The machines differ in the start alone.
    let alphabet = Alphabet(numbered: 2)
    let table = Transitions(stateCount: 2, symbolCount: 2, next: [1, 1, 1, 1])
    let machines = try [[0.5, 0.5], [0.9, 0.1]].map {
      try ProbabilisticMachine(
        alphabet: alphabet, transitions: table, probabilities: $0 + [0.3, 0.7], endProbabilities: [0, 0])
    }
    let whole = try Self.measure(machines[0], machines[1], words: [[0, 1]])
    #expect(abs(whole.largestDifference - 0.4) <= 1e-15 && whole.prefixes == 3)
    let rest = try Self.measure(machines[0], machines[1], words: [[0, 1]], from: 1)
    #expect(rest.largestDifference == 0 && rest.prefixes == 2)
  }

  @Test("no word measures nothing, and one word has no interval")
  func few() throws {
    let machine = try Self.single([0.5, 0.5])
    let none = try Self.measure(machine, machine, words: [])
    #expect(none.words == 0 && none.prefixes == 0 && none.divergence == 0 && none.interval == nil)
    #expect(none.clearErrorRate == nil && none.perplexity == 1)
    #expect(try Self.measure(machine, machine, words: [[0]]).interval == nil)
  }

  @Test("on drawn words the mean is the exact relative entropy, as near as its interval says")
  func exact() throws {
    for (index, machine) in try WeightedLearnerTests.languages().enumerated() {
      var random = RandomGenerator(seed: 5, stream: UInt64(index))
      // The same transitions with other odds.
      let rows = (0..<machine.stateCount).map { state -> [Double] in
        let row = machine.row(of: state).map { $0 * random.uniform(0.5, 1.5) }
        return row.map { $0 / row.reduce(0, +) }
      }
      let other = try ProbabilisticMachine(
        alphabet: machine.alphabet, transitions: machine.transitions,
        probabilities: rows.flatMap { $0.dropLast() }, endProbabilities: rows.map { $0[$0.count - 1] })
      var source = DistributionTrie(MachineSource(machine))
      let words = try source.drawWords(2000, longest: 2000, seed: 7)
      let result = try Self.measure(machine, other, words: words)
      let exact = try #require(machine.relativeEntropy(to: other)).perPrediction
      let interval = try #require(result.interval)
      let error = (interval.high - interval.low) / (2 * 1.959963984540054)
      #expect(abs(result.divergence - exact) <= 4 * error + Self.floorError)
      #expect(error > 0 && error < exact)
    }
  }

  @Test("counts are tested as scipy's power_divergence with the log-likelihood does")
  func frequencies() {
    let cases: [([Int], [Double], Double, Double)] = [
      ([60, 40], [0.5, 0.5], 4.027102710137775, 0.04477477232924418),
      ([3, 10, 7], [0.25, 0.25, 0.5], 5.804540653460707, 0.05489844106725682),
      ([0, 10, 2], [1 / 6.0, 4 / 6.0, 1 / 6.0], 4.462871026284195, 0.1073741824),
    ]
    for (counts, distribution, statistic, probability) in cases {
      let test = FrequencyTest(counts, against: distribution)
      #expect(abs(test.statistic - statistic) <= 1e-12)
      #expect(abs(test.probability - probability) <= 1e-12)
    }
    #expect(FrequencyTest([1, 1], against: [1, 0]).probability == 0)
    #expect(FrequencyTest([0, 0], against: [0.5, 0.5]).probability == 1)
    #expect(FrequencyTest([4], against: [1]).probability == 1)
  }
}
