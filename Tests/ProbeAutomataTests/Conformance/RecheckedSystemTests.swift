import ProbeAutomata
import ProbeLinearAlgebra
import Testing

/// A machine that gives a wrong answer now and then.
struct FlippingSystem: SystemUnderLearning {
  var machine: MachineSystem
  let chance: Double
  var generator = RandomGenerator(seed: 1)
  var steps = 0

  var alphabet: Alphabet { machine.alphabet }
  var outputNames: [String] { machine.outputNames }

  mutating func answer(_ nodes: [PrefixNode]) -> [Answer] {
    steps += nodes.count
    var answers = machine.answer(nodes)
    for index in answers.indices where generator.bernoulli(chance) {
      answers[index].output = 1 - answers[index].output
    }
    return answers
  }
}

@Suite("Words asked twice")
struct RecheckedSystemTests {
  @Test("betray a system that answers by chance, with the word and both answers")
  func flipping() throws {
    var caught = 0
    for seed in 0..<20 as Range<UInt64> {
      let system = FlippingSystem(machine: MachineSystem(TomitaMachine.number(5)), chance: 0.05)
      var trie = PrefixTrie(RecheckedSystem(system, share: 0.2, seed: seed))
      do {
        for word in Planted.allWords(symbols: 2, length: 9) { _ = try trie.output(of: word) }
      } catch AutomataError.nondeterministic(let word, let first, let second) {
        caught += 1
        #expect(first != second && ["reject", "accept"].contains(first))
        #expect(!word.isEmpty && word.allSatisfy { "01".contains($0) })
      }
    }
    // 200 of 1,023 steps ask again, and two answers to a word differ with probability 2 * 0.05 * 0.95: none does with 5e-9.
    #expect(caught == 20)
  }

  @Test("leave the answers of a system that is one alone, within their share of steps")
  func deterministic() throws {
    for share in [0, 0.02, 0.5] {
      let machine = TomitaMachine.number(7)
      let system = FlippingSystem(machine: MachineSystem(machine), chance: 0)
      var trie = PrefixTrie(RecheckedSystem(system, share: share))
      var oracle = BoundedExhaustive(length: 10)
      #expect(try oracle.search(machine, &trie).word == nil)
      for word in Planted.allWords(symbols: 2, length: 10) {
        #expect(try trie.output(of: word) == machine.output(of: word))
      }
      #expect(trie.system.system.steps == trie.steps + trie.system.rechecks)
      let allowed = share * Double(trie.steps)
      // A word of at most 10 steps is asked or not.
      #expect(Double(trie.system.rechecks) <= allowed && Double(trie.system.rechecks) >= allowed - 10)
    }
  }

  @Test("keep states at hand")
  func states() throws {
    let machine = TomitaMachine.number(3)
    var trie = PrefixTrie(RecheckedSystem(VectorSystem(machine), share: 0.5))
    var state: [Float] = [-1, -1]
    for word in Planted.allWords(symbols: 2, length: 5) {
      _ = try trie.output(of: word)
      trie.system.copyState(of: trie.node(for: word), into: &state)
      #expect(state == [Float(machine.transitions.state(after: word)), Float(word.count)])
    }
    var oracle = BoundedExhaustive(length: 8)
    #expect(trie.system.canExpand)
    #expect(try oracle.search(machine, &trie).evidence?.words == 511)
  }

  @Test("give the error's text")
  func text() {
    #expect(
      AutomataError.nondeterministic(word: "01", first: "reject", second: "accept").description
        == "the word 01 was answered reject and, asked again, accept; an automaton can be learnt only from a system that "
        + "always gives the same answer")
  }
}
