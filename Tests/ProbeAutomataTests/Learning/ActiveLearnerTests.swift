import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

/// What every active learner must do.
@Suite("Active learners")
struct ActiveLearnerTests {
  enum Kind: CaseIterable { case lStar, kearnsVazirani }

  static func learn<Oracle: EquivalenceOracle>(
    _ target: MooreMachine, _ kind: Kind, _ oracle: Oracle, batchSize: Int = 4096, budget: Budget = Budget()
  ) throws -> (result: LearningResult, steps: Int) {
    var trie = PrefixTrie(MachineSystem(target), budget: budget)
    trie.batchSize = batchSize
    var oracles: [any EquivalenceOracle] = [oracle]
    switch kind {
    case .lStar:
      var learner = LStar()
      return (try LearningLoop().run(&learner, oracles: &oracles, trie: &trie), trie.steps)
    case .kearnsVazirani:
      var learner = KearnsVazirani()
      return (try LearningLoop().run(&learner, oracles: &oracles, trie: &trie), trie.steps)
    }
  }

  static func learn(_ target: MooreMachine, _ kind: Kind, batchSize: Int = 4096, budget: Budget = Budget())
    throws -> (result: LearningResult, steps: Int)
  {
    try learn(target, kind, PerfectOracle(target), batchSize: batchSize, budget: budget)
  }

  /// Counterexamples far longer than need be, as networks' random words are: the learners must halve them.
  struct LongCounterexamples: EquivalenceOracle {
    var target: MooreMachine
    var random = RandomGenerator(seed: 5)
    var name: String { "long words" }

    mutating func search<System: SystemUnderLearning>(
      _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
    ) throws -> SearchOutcome {
      for _ in 0..<100 where target.alphabet.count > 0 {
        let word = (0..<60).map { _ in random.integer(below: target.alphabet.count) }
        if target.output(of: word) != hypothesis.output(of: word) { return .disagreement(word) }
      }
      var perfect = PerfectOracle(target)
      return try perfect.search(hypothesis, &trie)
    }
  }

  @Test("reproduce 1,000 random machines of any number of symbols and outputs", arguments: Kind.allCases)
  func randomMachines(kind: Kind) throws {
    for seed in 0..<1000 {
      let target = RandomMachine.reachable(
        states: 1 + seed % 23, symbols: 1 + seed % 4, outputs: 2 + seed % 3, seed: UInt64(seed))
      let (result, _) = try Self.learn(target, kind)
      #expect(RandomMachine.areEqual(result.machine, target), "seed \(seed)")
      #expect(result.machine.stateCount == RandomMachine.minimalSize(target), "seed \(seed)")
      #expect(result.ending == .agreement, "seed \(seed)")
    }
  }

  @Test("reproduce random machines from needlessly long counterexamples", arguments: Kind.allCases)
  func longCounterexamples(kind: Kind) throws {
    for seed in 0..<100 {
      let target = RandomMachine.reachable(
        states: 1 + seed % 31, symbols: 1 + seed % 3, outputs: 2 + seed % 2, seed: UInt64(seed))
      let (result, _) = try Self.learn(target, kind, LongCounterexamples(target: target))
      #expect(RandomMachine.areEqual(result.machine, target), "seed \(seed)")
      #expect(result.machine.stateCount == RandomMachine.minimalSize(target), "seed \(seed)")
    }
  }

  @Test("the discrimination tree keeps short suffixes, however long counterexamples are")
  func shortDiscriminators() throws {
    var lengths: [Int] = []
    for seed in 0..<30 {
      let target = RandomMachine.reachable(states: 20, symbols: 2, seed: UInt64(seed)).minimized()
      var trie = PrefixTrie(MachineSystem(target))
      var learner = KearnsVazirani()
      var oracles: [any EquivalenceOracle] = [LongCounterexamples(target: target)]
      let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
      #expect(result.machine.stateCount == target.stateCount)
      lengths += learner.discriminators.map(\.count)
    }
    // Counterexamples have 60 symbols; 20 states are told apart by words of a few. One suffix in twenty may stay longer.
    #expect(lengths.sorted()[lengths.count * 19 / 20] <= 8, "\(lengths.sorted().suffix(40))")
  }

  @Test("find Tomita's seven languages, at their minimal sizes", arguments: Kind.allCases)
  func tomita(kind: Kind) throws {
    for (machine, size) in zip(MachineExamples.tomita, [2, 3, 5, 4, 4, 3, 5]) {
      let (result, _) = try Self.learn(machine, kind)
      #expect(result.machine.canonical() == machine)
      #expect(result.machine.stateCount == size)
    }
  }

  @Test("learn one state, one symbol, no symbols", arguments: Kind.allCases)
  func smallest(kind: Kind) throws {
    for accepts in [false, true] {
      let nothing = MooreMachine(alphabet: Alphabet(numbered: 0), next: [[]], accepts: [accepts])
      #expect(try Self.learn(nothing, kind).result.machine == nothing)
      #expect(try Self.learn(nothing, kind).steps == 1)
      let one = MooreMachine(alphabet: Alphabet(numbered: 3), next: [[0, 0, 0]], accepts: [accepts])
      #expect(try Self.learn(one, kind).result.machine == one)
    }
    for period in [1, 2, 17, 64] {
      let cycle = MooreMachine(
        alphabet: Alphabet(numbered: 1), next: (0..<period).map { [($0 + 1) % period] },
        accepts: (0..<period).map { $0 == 0 })
      #expect(try Self.learn(cycle, kind).result.machine == cycle)
    }
  }

  @Test("ask the same and learn the same whatever the size of a batch", arguments: Kind.allCases)
  func batches(kind: Kind) throws {
    let target = RandomMachine.reachable(states: 60, symbols: 3, seed: 4)
    let whole = try Self.learn(target, kind)
    for size in [1, 7, 1000] {
      let some = try Self.learn(target, kind, batchSize: size)
      #expect(some.steps == whole.steps)
      #expect(some.result.machine == whole.result.machine)
      #expect(some.result.rounds == whole.result.rounds)
    }
  }

  @Test("give their last hypothesis when the budget is spent, and go on from there", arguments: Kind.allCases)
  func budget(kind: Kind) throws {
    let target = RandomMachine.reachable(states: 40, symbols: 3, seed: 11)
    let whole = try Self.learn(target, kind)
    #expect(throws: BudgetSpent.steps(0)) { try Self.learn(target, kind, budget: Budget(steps: 0)) }
    for steps in stride(from: 10, to: whole.steps, by: 13) {
      let cut = try Self.learn(target, kind, budget: Budget(steps: steps))
      #expect(cut.steps == steps)
      #expect(cut.result.ending == .budget(.steps(steps)))
      // The rounds up to there are those of the whole run, so the machine is one of its hypotheses.
      #expect(cut.result.rounds.last?.machine == whole.result.rounds[cut.result.rounds.count - 1].machine)
    }
  }

  @Test("can be resumed with a larger budget", arguments: Kind.allCases)
  func resumed(kind: Kind) throws {
    let target = RandomMachine.reachable(states: 40, symbols: 3, seed: 11)
    switch kind {
    case .lStar: try Self.resume(LStar(), target)
    case .kearnsVazirani: try Self.resume(KearnsVazirani(), target)
    }
  }

  static func resume<Learner: ActiveLearner>(_ learner: Learner, _ target: MooreMachine) throws {
    var learner = learner
    var trie = PrefixTrie(MachineSystem(target), budget: Budget(steps: 3))
    var interruptions = 0
    func insist<Result>(_ body: () throws -> Result) throws -> Result {
      while true {
        do { return try body() } catch is BudgetSpent {
          interruptions += 1
          trie.budget.steps = trie.steps + 3
        }
      }
    }
    var oracle = PerfectOracle(target)
    var machine = try insist { try learner.hypothesis(&trie) }
    while case .disagreement(let word) = try oracle.search(machine, &trie) {
      try insist { try learner.refine(with: word, &trie) }
      machine = try insist { try learner.hypothesis(&trie) }
    }
    #expect(interruptions > 10)
    #expect(RandomMachine.areEqual(machine, target))
    #expect(machine.stateCount == RandomMachine.minimalSize(target))
  }

  @Test("refuse a word that is no counterexample")
  func noCounterexample() throws {
    var trie = PrefixTrie(MachineSystem(MachineExamples.tomita[3]))
    var learner = LStar()
    let machine = try learner.hypothesis(&trie)
    #expect(machine.output(of: [0, 0]) == 1)
    let expected = AutomataError.notACounterexample(word: "00", learner: "L*", output: "accept")
    #expect(throws: expected) { try learner.refine(with: [0, 0], &trie) }
    #expect(
      expected.description
        == "L* was to learn from the word 00, but its hypothesis and the system both answer accept; "
        + "only a word on which they differ corrects it")
  }

  @Test("the perfect oracle's words are true disagreements, and it agrees exactly with equivalent machines")
  func perfectOracle() throws {
    for seed in 0..<300 {
      let one = RandomMachine.reachable(states: 1 + seed % 9, symbols: 1 + seed % 3, seed: UInt64(seed))
      let other = RandomMachine.reachable(
        states: 1 + seed % 7, symbols: 1 + seed % 3, seed: UInt64(seed + 5000))
      var trie = PrefixTrie(MachineSystem(one))
      var oracle = PerfectOracle(one)
      for hypothesis in [one, one.minimized(), other] {
        switch try oracle.search(hypothesis, &trie) {
        case .agreement: #expect(RandomMachine.areEqual(hypothesis, one))
        case .disagreement(let word): #expect(hypothesis.output(of: word) != one.output(of: word))
        }
      }
      #expect(trie.steps == 0)
    }
  }

  /// A machine and how many words AALpy 2.0.0 asked for it (scripts/fixtures/make_learner_fixtures.py).
  struct PeerCase: Decodable {
    struct Counts: Decodable { var words: Int }
    var next: [[Int]]
    var accepts: [Int]
    var lStar: Counts
    var kearnsVazirani: Counts
  }

  @Test("ask about as little as a peer does for the same machines")
  func questions() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/learners.json")
    let cases = try JSONDecoder().decode([PeerCase].self, from: Data(contentsOf: path))
    #expect(cases.count == 18)
    var sums = [Kind.lStar: (ours: 0, peer: 0), .kearnsVazirani: (ours: 0, peer: 0)]
    for (index, peer) in cases.enumerated() {
      let target = MooreMachine(
        alphabet: Alphabet(numbered: peer.next[0].count), next: peer.next,
        accepts: peer.accepts.map { $0 == 1 }
      )
      for (kind, words) in [(Kind.lStar, peer.lStar.words), (.kearnsVazirani, peer.kearnsVazirani.words)] {
        let (result, steps) = try Self.learn(target, kind)
        #expect(RandomMachine.areEqual(result.machine, target))
        // The learners follow one course for each order of counterexamples, so single machines differ either way.
        #expect(Double(steps) <= 1.25 * Double(words), "case \(index), \(kind): \(steps) of \(words)")
        sums[kind, default: (0, 0)].ours += steps
        sums[kind, default: (0, 0)].peer += words
      }
    }
    for (kind, sum) in sums { #expect(Double(sum.ours) <= 1.05 * Double(sum.peer), "\(kind): \(sum)") }
  }
}
