import ProbeAutomata
import Testing

@Suite("A prefix tree")
struct PrefixTrieTests {
  /// Tomita's fourth language: no 000.
  static let noTripleZero = MooreMachine(
    alphabet: Alphabet(numbered: 2), next: [[1, 0], [2, 0], [3, 0], [3, 3]],
    accepts: [true, true, true, false])

  @Test("runs each prefix once, whatever is asked")
  func eachPrefixOnce() throws {
    var trie = PrefixTrie(MachineSystem(Self.noTripleZero))
    #expect(try trie.output(of: [0, 0, 1]) == 1)
    #expect(trie.steps == 4)
    #expect(try trie.output(of: [0, 0]) == 1)
    #expect(trie.steps == 4)
    #expect(try trie.output(of: [0, 0, 0]) == 0)
    #expect(trie.steps == 5)
    #expect(trie.word(of: trie.node(for: [0, 0, 0])) == [0, 0, 0])
  }

  @Test("keeps what was answered when its budget is spent within a run")
  func spentBudget() throws {
    var trie = PrefixTrie(MachineSystem(Self.noTripleZero), budget: Budget(steps: 3))
    #expect(throws: BudgetSpent.steps(3)) { try trie.output(of: [0, 0, 0]) }
    #expect(trie.steps == 3)
    #expect(try trie.output(of: [0, 0]) == 1)
    trie.budget.steps = 4
    #expect(try trie.output(of: [0, 0, 0]) == 0)
    #expect(trie.steps == 4)
  }
}
