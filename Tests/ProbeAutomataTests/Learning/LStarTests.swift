import ProbeAutomata
import Testing

@Suite("L*")
struct LStarTests {
  static func learn<Learner: ActiveLearner>(
    _ target: MooreMachine, _ learner: Learner, batchSize: Int = 4096
  ) throws -> (result: LearningResult, steps: Int) {
    var learner = learner
    var trie = PrefixTrie(MachineSystem(target))
    trie.batchSize = batchSize
    var oracles: [any EquivalenceOracle] = [PerfectOracle(target)]
    let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
    return (result, trie.steps)
  }

  @Test("reproduces 1,000 random machines, of any number of symbols and outputs")
  func randomMachines() throws {
    for seed in 0..<1000 {
      let target = RandomMachine.reachable(
        states: 1 + seed % 23, symbols: 1 + seed % 4, outputs: 2 + seed % 3, seed: UInt64(seed))
      let (result, _) = try Self.learn(target, LStar())
      #expect(RandomMachine.areEqual(result.machine, target), "seed \(seed)")
      #expect(result.machine.stateCount == RandomMachine.minimalSize(target), "seed \(seed)")
      guard result.ending == .agreement else {
        Issue.record("seed \(seed) ended with \(result.ending)")
        continue
      }
    }
  }
  @Test func randomMachinesKV() throws {
    for seed in 0..<1000 {
      let target = RandomMachine.reachable(
        states: 1 + seed % 23, symbols: 1 + seed % 4, outputs: 2 + seed % 3, seed: UInt64(seed))
      let (result, _) = try Self.learn(target, KearnsVazirani())
      #expect(RandomMachine.areEqual(result.machine, target), "seed \(seed)")
      #expect(result.machine.stateCount == RandomMachine.minimalSize(target), "seed \(seed)")
    }
  }
  @Test func speedKV() throws {
    for n in [500, 2000] {
      let target = RandomMachine.reachable(states: n, symbols: 5, seed: 1)
      for _ in 0..<3 {
        let begin = ContinuousClock.now
        let (result, steps) = try Self.learn(target, KearnsVazirani())
        print(n, ContinuousClock.now - begin, steps, result.rounds.count, result.machine.stateCount)
      }
    }
  }
  @Test func speed() throws {
    for n in [500, 2000, 10000] {
      let target = RandomMachine.reachable(states: n, symbols: 5, seed: 1)
      for _ in 0..<3 {
        let begin = ContinuousClock.now
        let (result, steps) = try Self.learn(target, LStar())
        print(n, ContinuousClock.now - begin, steps, result.rounds.count, result.machine.stateCount)
      }
    }
  }
}
