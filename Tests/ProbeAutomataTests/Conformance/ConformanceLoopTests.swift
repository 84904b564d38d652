import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("A loop with conformance oracles")
struct ConformanceLoopTests {
  @Test("returns the system itself wherever the W-method's claim covers it, and says what was checked")
  func claims() throws {
    var generator = RandomGenerator(seed: 31)
    var covered = 0
    for seed in 0..<60 as Range<UInt64> {
      let target = Planted.randomAcceptor(states: 12, symbols: 2, &generator).minimized()
      var learner = LStar()
      var trie = PrefixTrie(RecheckedSystem(MachineSystem(target), seed: seed))
      var oracles: [any EquivalenceOracle] = [
        CombinedOracle([
          .init(AskedWords()), .init(StatePrefix(walks: 5, length: 6, seed: seed)),
          .init(WpMethod(extraStates: 2)),
          .init(PAC(epsilon: 0.05, delta: 0.05, distribution: .uniform(lengths: 0...15), seed: seed)),
          .init(BoundedExhaustive(length: 6)),
        ])
      ]
      let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
      #expect(result.ending == .agreement)
      if target.stateCount <= result.machine.stateCount + 2 {
        covered += 1
        #expect(result.machine.minimized() == target)
      }
      let certificate = try Certificate(result, &trie)
      #expect(certificate.evidence.count == 5)
      #expect(certificate.disagreement == nil && certificate.ending == nil)
      let states = result.machine.stateCount
      #expect(certificate.text.contains("at most \(states + 2) states, \(states) + 2 (Wp-method, "))
      #expect(certificate.text.contains("agrees on all 127 words of length <= 6"))
      #expect(certificate.text.contains("error <= 5 % with 95 % confidence over words drawn as follows"))
    }
    #expect(covered > 40)
  }

  @Test("cut short gives its last machine and what was covered till then")
  func cutShort() throws {
    let target = TomitaMachine.number(7)
    var learner = LStar()
    var trie = PrefixTrie(MachineSystem(target), budget: Budget(steps: 1200))
    var oracles: [any EquivalenceOracle] = [
      CombinedOracle([.init(WMethod(extraStates: 1)), .init(BoundedExhaustive(length: 18))])
    ]
    let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
    #expect(result.ending == .budget(.steps(1200)))
    #expect(
      try Certificate(result, &trie).text
        == "The search ended early: its budget of 1,200 steps was spent. The machine agrees on all 1,023 words of length "
        + "<= 9 (its budget was spent before length 18); equal if the network's language has at most 6 states, 5 + 1 "
        + "(W-method, 59 words).")
  }
}

@Suite("A search of what is known")
struct KnownWordsTests {
  @Test("costs no steps, but still ends in time")
  func known() throws {
    let machine = TomitaMachine.number(5)
    var trie = PrefixTrie(MachineSystem(machine))
    var oracles: [any EquivalenceOracle] = [
      WMethod(extraStates: 6), RandomWords(count: 10, lengths: 3...4, seed: 1),
      StatePrefix(walks: 1, length: 2, seed: 1),
    ]
    // All words that any of them may draw.
    for word in Planted.allWords(symbols: 2, length: 10) { _ = try trie.output(of: word) }
    trie.budget.steps = trie.steps
    for index in oracles.indices { #expect(try oracles[index].search(machine, &trie).word == nil) }
    trie.budget.deadline = .now
    for index in oracles.indices {
      #expect(throws: BudgetSpent.seconds) { _ = try oracles[index].search(machine, &trie) }
    }
    trie.budget = Budget(isCancelled: { true })
    #expect(throws: BudgetSpent.interrupted) { _ = try oracles[0].search(machine, &trie) }
    #expect(oracles[0].partial?.isComplete == false)
  }
}
