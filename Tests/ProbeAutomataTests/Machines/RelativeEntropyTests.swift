import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Relative entropy")
struct RelativeEntropyTests {
  /// Words of one symbol that go on with probability p.
  static func geometric(_ p: Double) throws -> ProbabilisticMachine {
    try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 1), transitions: Transitions(stateCount: 1, symbolCount: 1, next: [0]),
      probabilities: [p], endProbabilities: [1 - p])
  }

  @Test("of geometric lengths is the known one")
  func closedForm() throws {
    let (p, q) = (0.75, 0.5)
    let entropy = try #require(try Self.geometric(p).relativeEntropy(to: Self.geometric(q)))
    let expected = log((1 - p) / (1 - q)) + p / (1 - p) * log(p / q)
    #expect(abs(try #require(entropy.perWord) - expected) < 8 * Double.ulpOfOne)
    // 1 / (1 - p) predictions a word.
    #expect(abs(entropy.perPrediction - expected * (1 - p)) < 8 * Double.ulpOfOne)
    #expect(
      try Self.geometric(p).relativeEntropy(to: Self.geometric(p))
        == RelativeEntropy(perPrediction: 0, perWord: 0))
  }

  @Test("is the sum over all words, on random machines")
  func naive() throws {
    var generator = RandomGenerator(seed: 81)
    for _ in 0..<20 {
      let machines = try (0..<2).map { _ in
        let shape = MachineExamples.random(&generator, states: 1 + generator.integer(below: 4), symbols: 2)
        // Words end early, so that those longer than the sum goes weigh nothing: 0.2 to the power of 14.
        var probabilities: [Double] = []
        for _ in 0..<shape.stateCount {
          let first = generator.uniform(0.02, 0.18)
          probabilities += [first, 0.2 - first]
        }
        return try ProbabilisticMachine(
          alphabet: shape.alphabet, transitions: shape.transitions, probabilities: probabilities,
          endProbabilities: [Double](repeating: 0.8, count: shape.stateCount))
      }
      var sum = 0.0
      for word in MachineExamples.words(symbols: 2, to: 13) {
        let truth = machines[0].logProbability(of: word)
        sum += exp(truth) * (truth - machines[1].logProbability(of: word))
      }
      let entropy = try #require(machines[0].relativeEntropy(to: machines[1])?.perWord)
      // The tail: at most log(9) a symbol, over the words of 14 symbols and more.
      let tail = pow(0.2, 14) * (14 + 0.25) * log(9)
      #expect(abs(entropy - sum) < tail + 1e-13)
      #expect(entropy >= 0)
    }
  }

  @Test("is infinite where the model excludes what happens, and a rate alone where words never end")
  func special() throws {
    #expect(
      try Self.geometric(0.5).relativeEntropy(to: Self.geometric(0))
        == RelativeEntropy(perPrediction: .infinity, perWord: .infinity))
    #expect(try Self.geometric(0).relativeEntropy(to: Self.geometric(0.5))?.perWord == log(2))
    let endless = try Self.geometric(1).relativeEntropy(to: Self.geometric(0.5))
    #expect(endless == RelativeEntropy(perPrediction: log(2), perWord: nil))
    // Two places to stay in, with different costs.
    let fork = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2),
      transitions: Transitions(stateCount: 3, symbolCount: 2, next: [1, 2, 1, 1, 2, 2]),
      probabilities: [0.5, 0.5, 1, 0, 0, 1], endProbabilities: [0, 0, 0])
    let even = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2), transitions: Transitions(stateCount: 1, symbolCount: 2, next: [0, 0]),
      probabilities: [0.25, 0.75], endProbabilities: [0])
    #expect(fork.relativeEntropy(to: even) == nil)
  }
}
