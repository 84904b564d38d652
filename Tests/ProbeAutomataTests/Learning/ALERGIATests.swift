import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("ALERGIA")
struct ALERGIATests {
  static func drawn(_ machine: ProbabilisticMachine, count: Int, seed: UInt64) -> [Word] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in machine.sample(&random, longest: 1000) }
  }

  static func twoStates() throws -> ProbabilisticMachine {
    try ProbabilisticMachine(
      alphabet: try Alphabet(["a", "b"]),
      transitions: Transitions(stateCount: 2, symbolCount: 2, next: [0, 1, 1, 0]),
      probabilities: [0.7, 0.2, 0.1, 0.5], endProbabilities: [0.1, 0.4])
  }

  @Test("finds the states of a machine and their probabilities, as well as the sample gives them")
  func recovers() throws {
    let target = try Self.twoStates()
    let words = Self.drawn(target, count: 20_000, seed: 3)
    let learnt = try ALERGIA().learn(from: words, alphabet: target.alphabet)
    #expect(learnt.stateCount == 2)
    #expect(learnt.transitions == target.transitions)
    // Frequencies of at least 20,000 passages: five standard deviations of at most 0.5 / sqrt(20,000).
    let allowed = 5 * 0.5 / (20_000.0).squareRoot()
    for state in 0..<2 {
      let differences = zip(learnt.row(of: state), target.row(of: state)).map { abs($0 - $1) }
      #expect(differences.allSatisfy { $0 < allowed })
    }
  }

  @Test("has exactly the frequencies of its sample, however few words there are")
  func frequencies() throws {
    let alphabet = try Alphabet(["a", "b"])
    // Two words cannot be told apart by any state: one state, with 2 ends, 2 a and 1 b in 5 passages.
    let learnt = try ALERGIA().learn(from: [[0], [0, 1]], alphabet: alphabet)
    #expect(learnt.stateCount == 1)
    let frequencies: [Double] = [0.4, 0.2, 0.4]
    #expect(learnt.row(of: 0) == frequencies)
    let only = try ALERGIA().learn(from: [[], []], alphabet: Alphabet(numbered: 0))
    #expect(only.row(of: 0) == [1])
  }

  @Test("keeps apart two states exactly where Hoeffding's bound says so")
  func bound() throws {
    // After a the word always ends; before it never does: the first frequencies are 0 of n and n of n, that is 1 apart, and
    // the bound is 2 sqrt(1/n) sqrt(ln(40) / 2) = 2.716 / sqrt(n), which 1 exceeds from n = 8 on.
    for (count, states) in [(7, 1), (8, 2)] {
      let learnt = try ALERGIA(significance: 0.05).learn(
        from: [Word](repeating: [0], count: count), alphabet: try Alphabet(["a"]))
      #expect(learnt.stateCount == states)
    }
  }

  @Test("says what is wrong with a sample")
  func errors() {
    let alphabet = Alphabet(numbered: 2)
    #expect(throws: AutomataError.emptySample(learner: "ALERGIA")) {
      try ALERGIA().learn(from: [], alphabet: alphabet)
    }
    #expect(throws: AutomataError.symbolOutOfRange(2, word: 1, symbols: 2, source: "the sample")) {
      try ALERGIA().learn(from: [[0], [1, 2]], alphabet: alphabet)
    }
  }
}
