import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Sources of next-symbol probabilities")
struct NextSymbolSourceTests {
  /// Endless words: a, then a or b; after b always a.
  static func endless() throws -> ProbabilisticMachine {
    try ProbabilisticMachine(
      alphabet: try Alphabet(["a", "b"]),
      transitions: Transitions(stateCount: 2, symbolCount: 2, next: [0, 1, 0, 1]),
      probabilities: [0.6, 0.4, 1, 0], endProbabilities: [0, 0])
  }

  @Test(
    "drawn words are possible, more begin with the fewer, and symbols are as frequent as they are probable")
  func words() throws {
    let machine = try Self.endless()
    var trie = DistributionTrie(MachineSource(machine))
    let words = try trie.drawWords(4000, longest: 5, seed: 11)
    #expect(words.allSatisfy { $0.count == 5 && machine.logPrefixProbability(of: $0) > -.infinity })
    #expect(try trie.drawWords(10, longest: 5, seed: 11) == Array(words.prefix(10)))
    #expect(try trie.drawWords(3, longest: 0, seed: 11) == [[], [], []])
    #expect(try trie.drawWords(0, longest: 5, seed: 11) == [])
    let share = Double(words.count { $0[0] == 0 }) / 4000
    // Four standard deviations of a share of 0.6.
    #expect(abs(share - 0.6) <= 4 * (0.24 / 4000).squareRoot())
    // With an end words have the lengths of the geometric distribution: 0.25 end at once.
    var ending = DistributionTrie(MachineSource(try NextSymbolFidelityTests.single([0.5, 0.25], end: 0.25)))
    let short = try ending.drawWords(4000, longest: 100, seed: 12)
    let empty = Double(short.count { $0.isEmpty }) / 4000
    #expect(abs(empty - 0.25) <= 4 * (0.1875 / 4000).squareRoot())
  }

  @Test("prefix probabilities are the products of the machine's")
  func prefixes() throws {
    let machine = try Self.endless()
    var trie = DistributionTrie(MachineSource(machine))
    let words: [Word] = [[], [0], [1, 0, 0], [1, 1], [0, 1, 0, 1]]
    let values = try trie.prefixProbabilities(of: words)
    for (value, exact) in zip(values, [1, 0.6, 0.24, 0, 0.096]) { #expect(abs(value - exact) <= 1e-16) }
  }

  @Test("the prefix sums of a machine's weights say what the machine says")
  func weighted() throws {
    for machine in try WeightedLearnerTests.languages() {
      let prefixes = try #require(try WeightedAutomaton(machine).prefixSums())
      var weighted = DistributionTrie(WeightedSource(prefixes, hasEnd: true))
      var exact = DistributionTrie(MachineSource(machine))
      for word in try exact.drawWords(50, longest: 20, seed: 1) {
        let one = Array(try weighted.distribution(weighted.node(for: word)))
        let other = Array(try exact.distribution(exact.node(for: word)))
        // The end is what is left of sums of probabilities of at least 0.02 of the whole; 20 products.
        for (first, second) in zip(one, other) { #expect(abs(first - second) <= 1e-12) }
      }
      #expect(weighted.source.negatives == 0 && weighted.source.smallest > 0)
    }
  }

  @Test("negative shares are taken for 0 and counted; without a positive one all are alike")
  func negative() throws {
    func automaton(_ first: Double, _ second: Double) -> WeightedAutomaton {
      WeightedAutomaton(
        alphabet: Alphabet(numbered: 2), initialWeights: [1],
        transitionWeights: [first, second].map { Matrix(rows: 1, columns: 1, elements: [$0]) },
        finalWeights: [1])
    }
    var source = WeightedSource(automaton(0.6, -0.1), hasEnd: false)
    let root = PrefixNode(id: 0, parent: -1, symbol: -1)
    #expect(source.distributions(after: [root]) == [1, 0, 0])
    #expect(source.negatives == 1 && source.smallest == -0.1)
    var none = WeightedSource(automaton(-1, -1), hasEnd: false)
    #expect(none.distributions(after: [root]) == [0.5, 0.5, 0])
  }

  @Test("the spectral learner of an endless machine's prefixes has its states at the widest gap")
  func spectral() throws {
    let machine = try Self.endless()
    var trie = DistributionTrie(MachineSource(machine))
    let words = MachineExamples.words(symbols: 2, to: 2)
    var learner = SpectralLearner(prefixes: words, suffixes: words, rank: 1)
    let values = { (words: [Word]) in words.map { exp(machine.logPrefixProbability(of: $0)) } }
    let all = try learner.learn(alphabet: machine.alphabet, values: values).singularValues
    learner.rank = SpectralLearner.rankAtWidestGap(all, limit: all.count)
    #expect(learner.rank == 2)
    let result = try learner.learn(alphabet: machine.alphabet, values: values)
    var weighted = DistributionTrie(WeightedSource(result.automaton, hasEnd: false))
    let drawn = try trie.drawWords(100, longest: 12, seed: 3)
    let fidelity = try NextSymbolFidelity.measure(&trie, &weighted, on: drawn)
    // Exact but for the rounding of a decomposition whose second singular value is about a tenth of the first.
    #expect(fidelity.largestDifference <= 1e-12)
  }

  @Test("the widest gap is where a value is largest against the next, within the limit and above rounding")
  func gap() {
    #expect(SpectralLearner.rankAtWidestGap([10, 5, 4, 1e-3, 5e-4], limit: 4) == 3)
    #expect(SpectralLearner.rankAtWidestGap([10, 5, 4, 1e-3, 5e-4], limit: 2) == 1)
    #expect(SpectralLearner.rankAtWidestGap([3, 2, 1e-17, 1e-30], limit: 4) == 2)
    #expect(SpectralLearner.rankAtWidestGap([1, 0], limit: 2) == 1)
    #expect(SpectralLearner.rankAtWidestGap([0, 0], limit: 2) == 0)
    #expect(SpectralLearner.rankAtWidestGap([], limit: 2) == 0)
  }

  @Test("ALERGIA finds the states of endless words, which end nowhere")
  func alergia() throws {
    let machine = try Self.endless()
    var trie = DistributionTrie(MachineSource(machine))
    let words = try trie.drawWords(2000, longest: 20, seed: 9)
    let learnt = try ALERGIA(hasEnd: false).learn(from: words, alphabet: machine.alphabet)
    #expect(learnt.stateCount == 2 && learnt.endProbabilities == [0, 0])
    // Four standard deviations of the share of a in some 28,000 passages of state 0.
    #expect(learnt.shortestDifference(from: machine, tolerance: 4 * (0.24 / 28_000).squareRoot()) == nil)
    #expect(throws: AutomataError.emptySample(learner: "ALERGIA")) {
      try ALERGIA(hasEnd: false).learn(from: [[], []], alphabet: machine.alphabet)
    }
  }

  @Test("weighted L* does not follow negligible symbols, and finds what they lead to when it must")
  func negligible() throws {
    // As `endless`, but with probability 1e-3 a c leads to a third state, where c stays.
    let machine = try ProbabilisticMachine(
      alphabet: try Alphabet(["a", "b", "c"]),
      transitions: Transitions(stateCount: 3, symbolCount: 3, next: [0, 1, 2, 0, 1, 2, 0, 1, 2]),
      probabilities: [0.6, 0.399, 0.001, 0.999, 0, 0.001, 0.1, 0.1, 0.8], endProbabilities: [0, 0, 0])
    var trie = DistributionTrie(MachineSource(machine))
    let small = try WeightedLStar(tolerance: 0.05, negligible: 0.01).learn(from: &trie)
    #expect(small.machine.stateCount == 2 && small.agrees)
    #expect(small.forcedTransitions == 2)
    let whole = try WeightedLStar(tolerance: 0.05).learn(from: &trie)
    #expect(whole.machine.stateCount == 3 && whole.agrees)
    #expect(whole.machine.shortestDifference(from: machine, tolerance: 1e-14) == nil)
  }

  @Test("clusters make the machine whose distributions are means, and symbols never seen stay")
  func clusters() throws {
    // Trials ab, aa: states at 0 (start and after a) and at 1 (after b).
    let recorded = try RecordedStates(
      alphabet: try Alphabet(["a", "b"]), outputNames: [],
      states: Matrix(rows: 6, columns: 1, elements: [0, 0, 1, 0, 0, 0]), symbols: [-1, 0, 1, -1, 0, 0],
      outputs: [Int32](repeating: -1, count: 6), starts: [0, 3, 6])
    let distributions: [Double] = [
      0.5, 0.5, 0, 0.7, 0.3, 0, 1, 0, 0, 0.5, 0.5, 0, 0.7, 0.3, 0, 0.6, 0.4, 0,
    ]
    let result = try QuantizedProbabilities(
      recorded, cells: [1, 1, 0, 1, 1, 1], cellCount: 2, distributions: distributions)
    #expect(result.cells == [1, 0] && result.determinism == 1)
    #expect(result.machine.transitions.next == [0, 1, 1, 1])
    #expect(result.unseenTransitions == 2)
    let row = result.machine.row(of: 0)
    #expect(abs(row[0] - 0.6) <= 1e-15 && abs(row[1] - 0.4) <= 1e-15 && row[2] == 0)
    #expect(result.machine.row(of: 1) == [1, 0, 0])
  }
}
