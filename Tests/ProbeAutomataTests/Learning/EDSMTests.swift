import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("EDSM")
struct EDSMTests {
  static func randomWords(_ count: Int, symbols: Int, longest: Int, seed: UInt64) -> [Word] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<random.integer(below: longest + 1)).map { _ in random.integer(below: symbols) }
    }
  }

  @Test("gives back machines from characteristic samples")
  func exact() throws {
    for machine in MachineExamples.tomita {
      #expect(try EDSM().learn(from: RPNITests.characteristicSample(machine)).canonical() == machine)
    }
    for seed in 0..<20 {
      let target = RandomMachine.reachable(states: 20, symbols: 3, seed: UInt64(seed)).minimized()
      #expect(try EDSM().learn(from: RPNITests.characteristicSample(target)).canonical() == target)
    }
  }

  @Test("gives back machines from random words, one label in twenty of which is wrong")
  func noise() throws {
    // Languages 1 and 2 accept 17 and 9 of all words to length 16: random words say nothing of them through such noise.
    for machine in MachineExamples.tomita[2...] {
      var sample = LabelledSample(
        Self.randomWords(2000, symbols: 2, longest: 16, seed: 7), labelledBy: machine)
      var random = RandomGenerator(seed: 8)
      for word in sample.labels.indices where random.bernoulli(0.05) { sample.labels[word] ^= 1 }
      #expect(try EDSM(noise: 0.05).learn(from: sample).minimized() == machine)
      #expect(throws: AutomataError.self, "a short word is drawn twice and labelled in both ways") {
        try EDSM().learn(from: sample)
      }
    }
  }

  @Test("computes tails of the binomial law")
  func binomialTail() {
    // 1 - 0.9^10 and 0.1^2, by hand; 0.5 by symmetry; scipy.stats.binom.sf(59, 1000, 0.05).
    let epsilon = Double.ulpOfOne
    #expect(abs(EDSM.binomialTail(10, from: 1, probability: 0.1) - 0.6513215599) < 1e-15 + 10 * epsilon)
    #expect(abs(EDSM.binomialTail(2, from: 2, probability: 0.1) - 0.01) < 10 * epsilon)
    #expect(abs(EDSM.binomialTail(5, from: 3, probability: 0.5) - 0.5) < 10 * epsilon)
    #expect(abs(EDSM.binomialTail(1000, from: 60, probability: 0.05) - 0.08673217838486103) < 1000 * epsilon)
    #expect(EDSM.binomialTail(5, from: 0, probability: 0.3) == 1)
    #expect(EDSM.binomialTail(5, from: 6, probability: 0.3) == 0)
    #expect(EDSM.binomialTail(5, from: 1, probability: 0) == 0)
  }
}
