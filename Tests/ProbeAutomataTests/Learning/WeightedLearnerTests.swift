import ProbeAutomata
import ProbeLinearAlgebra
import Testing

/// Weiss, Goldberg and Yahav's three languages without a finite window (NeurIPS 2019, arXiv:1910.13895, section 6).
@Suite("Learners of weights")
struct WeightedLearnerTests {
  static func cycle(_ rows: [[Double]], end: Double) throws -> ProbabilisticMachine {
    let width = rows[0].count
    return try ProbabilisticMachine(
      alphabet: Alphabet(numbered: width),
      transitions: Transitions(
        stateCount: rows.count, symbolCount: width,
        next: rows.indices.flatMap { state in
          (0..<width).map { _ in Int32((state + 1) % rows.count) }
        }),
      probabilities: rows.flatMap { $0 }, endProbabilities: rows.map { _ in end })
  }

  /// Cycles of 9 and 5 states, and Tomita's fifth machine with other odds in one of its states.
  static func languages() throws -> [ProbabilisticMachine] {
    let nine = (0..<9).map { [1, 4, 8].contains($0) ? [0.15, 0.75] : [0.75, 0.15] }
    let five = (0..<5).map { state in (0..<5).map { 0.5 / 5.5 + ($0 == state ? 0.5 : 0) } }
    let tomita = MachineExamples.tomita[4]
    let third = try ProbabilisticMachine(
      alphabet: tomita.alphabet, transitions: tomita.transitions,
      probabilities: (0..<4).flatMap { $0 < 3 ? [0.525, 0.425] : [0.425, 0.525] },
      endProbabilities: [Double](repeating: 0.05, count: 4))
    return [try cycle(nine, end: 0.1), try cycle(five, end: 0.5 - 2.5 / 5.5), third]
  }

  @Test("weighted L* finds 9, 5 and 4 states")
  func states() throws {
    for (machine, size) in zip(try Self.languages(), [9, 5, 4]) {
      var trie = DistributionTrie(MachineSource(machine))
      let result = try WeightedLStar(tolerance: 0.05).learn(from: &trie)
      #expect(result.agrees && result.spent == nil && result.forcedTransitions == 0)
      #expect(result.machine.stateCount == size)
      // Each group has the rows of one state alone, up to the rounding of their mean.
      #expect(result.machine.shortestDifference(from: machine, tolerance: 1e-14) == nil)
    }
  }

  @Test("a tolerance as large as the odds differ makes one state of the third")
  func tolerance() throws {
    let machine = try Self.languages()[2]
    // The odds differ by 0.525 - 0.425, which rounds to a little more than 0.1 is.
    var trie = DistributionTrie(MachineSource(machine))
    let result = try WeightedLStar(tolerance: 0.1 + 1e-9).learn(from: &trie)
    #expect(result.agrees)
    #expect(result.machine.stateCount == 1)
  }

  @Test("a spent budget leaves the last hypothesis, or is thrown before there is one")
  func budget() throws {
    let machine = try Self.languages()[0]
    var trie = DistributionTrie(MachineSource(machine), budget: Budget(steps: 0))
    #expect(throws: BudgetSpent.steps(0)) { try WeightedLStar().learn(from: &trie) }
    var whole = DistributionTrie(MachineSource(machine))
    _ = try WeightedLStar(tolerance: 0.05).learn(from: &whole)
    trie = DistributionTrie(MachineSource(machine), budget: Budget(steps: whole.steps - 1))
    let result = try WeightedLStar(tolerance: 0.05).learn(from: &trie)
    #expect(result.spent == .steps(whole.steps - 1))
    #expect(!result.agrees)
  }

  @Test("a machine is found from the decomposition of its Hankel matrix, at its rank, exactly")
  func spectral() throws {
    let bases = [
      (0...8).flatMap { length in [Word](arrayLiteral: Word(repeating: 0, count: length)) }
        + (0...8).map { Word(repeating: 0, count: $0) + [1] },
      MachineExamples.words(symbols: 5, to: 2) + [[0, 1, 2], [0, 1, 2, 3]],
      MachineExamples.words(symbols: 2, to: 4),
    ]
    for ((machine, basis), size) in zip(zip(try Self.languages(), bases), [9, 5, 4]) {
      let target = WeightedAutomaton(machine)
      let result = try SpectralLearner(prefixes: basis, suffixes: basis).learn(alphabet: machine.alphabet) {
        $0.map { target.value(of: $0) }
      }
      #expect(result.automaton.stateCount == size, "\(result.singularValues)")
      for word in MachineExamples.words(symbols: machine.alphabet.count, to: size == 5 ? 5 : 8) {
        #expect(abs(result.automaton.value(of: word) - target.value(of: word)) < 1e-9)
      }
      let sums = try #require(try result.automaton.prefixSums())
      #expect(abs(sums.value(of: []) - 1) < 1e-9)
      let rank = try SpectralLearner(prefixes: basis, suffixes: basis, rank: 2)
        .learn(alphabet: machine.alphabet) { $0.map { target.value(of: $0) } }
      #expect(rank.automaton.stateCount == 2)
      #expect(rank.gap >= 1 && rank.gap.isFinite)
    }
  }

  @Test("values of a cut automaton that are negative are counted")
  func negatives() throws {
    // f = 1, 0, 0, ... over one symbol has rank 1; x² - like values of rank 2 cut to 1 are not looked at.
    let alphabet = Alphabet(numbered: 1)
    let alternating = try SpectralLearner(prefixes: [[], [0]], suffixes: [[], [0]]).learn(alphabet: alphabet)
    {
      $0.map { $0.count % 2 == 0 ? 1 : -1 }
    }
    #expect(alternating.automaton.stateCount == 1)
    let found = alternating.negatives(on: MachineExamples.words(symbols: 1, to: 4))
    #expect(found.count == 2)
    #expect(abs(found.smallest + 1) < 1e-14)
    let zero = try SpectralLearner(prefixes: [[]], suffixes: [[]]).learn(alphabet: alphabet) {
      $0.map { _ in 0 }
    }
    #expect(zero.automaton.stateCount == 0)
    #expect(zero.automaton.value(of: [0]) == 0)
  }
}
