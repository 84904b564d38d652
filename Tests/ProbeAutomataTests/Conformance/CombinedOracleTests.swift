import ProbeAutomata
import Testing

/// A system that takes a known time for each prefix.
struct SlowSystem: SystemUnderLearning {
  var machine: MachineSystem
  let time: Duration

  var alphabet: Alphabet { machine.alphabet }
  var outputNames: [String] { machine.outputNames }

  mutating func answer(_ nodes: [PrefixNode]) -> [Answer] {
    let end = ContinuousClock.now + time * nodes.count
    while ContinuousClock.now < end {}
    return machine.answer(nodes)
  }
}

@Suite("Several oracles in one budget")
struct CombinedOracleTests {
  static let machine = TomitaMachine.number(5)

  @Test("are asked cheapest first, and the finder is named")
  func order() throws {
    var oracle = CombinedOracle([
      .init(BoundedExhaustive(length: 14)), .init(RandomWords(count: 10, lengths: 5...5, seed: 1)),
      .init(WMethod(extraStates: 1)), .init(AskedWords()),
    ])
    // 0 steps; ten words of six prefixes; (4 * 2 + 1) * 3 * (1 + 2) = 81; 32,767 words.
    #expect(oracle.order(for: Self.machine) == [3, 1, 2, 0])
    #expect(oracle.name == "several oracles")
    var trie = PrefixTrie(MachineSystem(Planted.acceptor(of: [], symbols: 2)))
    let found = try oracle.search(Self.machine, &trie)
    #expect(found.word?.count == 2)
    #expect(oracle.name == "random words")
  }

  @Test("that agree give their evidence in that order")
  func evidence() throws {
    var oracle = CombinedOracle([.init(BoundedExhaustive(length: 5)), .init(WMethod(extraStates: 0))])
    var trie = PrefixTrie(MachineSystem(Self.machine))
    let evidence = try #require(try oracle.search(Self.machine, &trie).evidence)
    #expect(evidence.flattened.map(\.oracle) == ["W-method", "all words to length 5"])
    #expect(
      evidence.statement
        == "equal if the network's language has at most 4 states, 4 + 0 (W-method, 19 words); "
        + "agrees on all 63 words of length <= 5")
    #expect(evidence.words == 82 && evidence.isComplete)
  }

  @Test("never run more prefixes than the budget, and nearly as many")
  func steps() throws {
    for budget in [100, 1000, 5000] {
      var oracle = CombinedOracle(
        [
          .init(RandomWords(count: 100_000, lengths: 20...20, seed: 1)), .init(BoundedExhaustive(length: 20)),
          .init(PAC(epsilon: 1e-4, delta: 0.01, distribution: .uniform(lengths: 30...30), seed: 1)),
        ], steps: budget)
      var trie = PrefixTrie(MachineSystem(Self.machine))
      let evidence = try #require(try oracle.search(Self.machine, &trie).evidence)
      #expect(trie.steps <= budget && Double(trie.steps) >= 0.95 * Double(budget))
      #expect(oracle.stepsLeft == budget - trie.steps)
      #expect(!evidence.isComplete && evidence.parts.count == 3)
      // What is spent stays spent.
      _ = try oracle.search(Self.machine, &trie)
      #expect(trie.steps <= budget)
      #expect(trie.budget.steps == nil)
    }
  }

  @Test("get their shares of what is left, and what others leave")
  func shares() throws {
    var oracle = CombinedOracle(
      [.init(BoundedExhaustive(length: 30), share: 3), .init(WMethod(extraStates: 0), share: 1)], steps: 4000)
    var trie = PrefixTrie(MachineSystem(Self.machine))
    let parts = try #require(try oracle.search(Self.machine, &trie).evidence).parts
    // The W-method needs few of its 1,000, so that all words to length 10 fit into the rest.
    #expect(parts[0].isComplete)
    #expect(
      parts[1].statement
        == "agrees on all 2,047 words of length <= 10 (its budget was spent before length 30)")
    var half = CombinedOracle(
      [.init(RandomWords(count: 10_000, lengths: 20...20, seed: 1)), .init(BoundedExhaustive(length: 30))],
      steps: 4000)
    trie = PrefixTrie(MachineSystem(Self.machine))
    let cut = try #require(try half.search(Self.machine, &trie).evidence).parts
    #expect(cut[0].statement == "no claim of random words: its budget was spent after 2,000 prefixes")
  }

  @Test("end with the tree's own budget")
  func outerBudget() throws {
    var oracle = CombinedOracle([.init(BoundedExhaustive(length: 20))], steps: 1000)
    var trie = PrefixTrie(MachineSystem(Self.machine), budget: Budget(steps: 500))
    #expect(throws: BudgetSpent.steps(500)) { _ = try oracle.search(Self.machine, &trie) }
    #expect(
      oracle.partial?.statement
        == "agrees on all 255 words of length <= 7 (its budget was spent before length 20)")
    trie = PrefixTrie(MachineSystem(Self.machine), budget: Budget(isCancelled: { true }))
    #expect(throws: BudgetSpent.interrupted) { _ = try oracle.search(Self.machine, &trie) }
  }

  @Test("end in time, within five hundredths")
  func seconds() throws {
    // A machine busy with something else may hold any one attempt up, but not each of ten.
    var best = Double.infinity
    for _ in 0..<10 {
      let system = SlowSystem(machine: MachineSystem(Self.machine), time: .microseconds(20))
      var oracle = CombinedOracle(
        [
          .init(RandomWords(count: 100_000, lengths: 20...20, seed: 1)), .init(BoundedExhaustive(length: 20)),
        ],
        time: .milliseconds(200))
      var trie = PrefixTrie(system)
      let begin = ContinuousClock.now
      _ = try oracle.search(Self.machine, &trie)
      let taken = (ContinuousClock.now - begin) / .milliseconds(200)
      best = min(best, abs(taken - 1))
      if best <= 0.05 { break }
    }
    #expect(best <= 0.05)
  }
}
