import Foundation
import ProbeAutomata
import ProbeModels
import Testing

@Suite("A decision")
struct DecisionTests {
  @Test("takes the largest value, the lower class of equal ones, and says by how much it leads")
  func largest() {
    let decision = Decision.largest(["a", "b", "c"])
    #expect(decision.decide([1, 3, 2.5]) == Answer(output: 1, margin: 0.5))
    #expect(decision.decide([2, 2, 1]) == Answer(output: 0, margin: 0))
    #expect(decision.decide([-1, -2, -3]) == Answer(output: 0, margin: 1))
    #expect(decision.decide([.nan, 0, 0]).margin == 0)
    #expect(Decision.largest(["only"]).decide([7]).output == 0)
  }

  @Test("accepts above a threshold and not on it")
  func threshold() {
    #expect(Decision.threshold(0.5).decide([0.75]) == Answer(output: 1, margin: 0.25))
    #expect(Decision.threshold(0.5).decide([0.5]) == Answer(output: 0, margin: 0))
    #expect(Decision.threshold().decide([.nan]) == Answer(output: 0, margin: 0))
    #expect(Decision.threshold().outputNames == ["reject", "accept"])
  }

  @Test("names the pattern of signs")
  func signs() {
    let decision = Decision.signs(3)
    let answer = decision.decide([1, -2, 0.25])
    #expect(decision.outputNames[Int(answer.output)] == "+-+")
    #expect(answer.margin == 0.25)
    #expect(Set(decision.outputNames).count == 8)
  }
}

@Suite("A network as a system")
struct NetworkSystemTests {
  /// The shipped GRU on Tomita's n-th language.
  static func shipped(_ number: Int, threads: Int = 1) throws -> NetworkSystem {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appending(path: "notebooks-data/models/tomita\(number)-gru.safetensors").path()
    let model = try RecurrentModel.load(path: path, request: ModelRequest())
    let embedding = try #require(model.embedding)
    return NetworkSystem(
      try model.prefixes(symbols: embedding, threads: threads), alphabet: Alphabet(numbered: 2),
      decision: .largest(MooreMachine.acceptorOutputs))
  }

  @Test("says the same of a word through the tree and from states that the caller holds", arguments: 1...7)
  func expansion(_ number: Int) throws {
    var trie = PrefixTrie(try Self.shipped(number))
    #expect(trie.system.canExpand)
    let size = try #require(trie.system.stateSize)
    // The words of length 6, level by level from the empty one.
    _ = try trie.output(0)
    var states = [Float](repeating: 0, count: size)
    trie.system.copyState(of: 0, into: &states)
    var answers: [Answer] = []
    for depth in 0..<6 {
      let count = 1 << depth
      var children = [Float](repeating: 0, count: 2 * count * size)
      answers = [Answer](repeating: Answer(output: -1), count: 2 * count)
      try trie.expand(states, count: count, into: &children, answers: &answers)
      states = children
    }
    for (index, answer) in answers.enumerated() {
      let word = (0..<6).map { index >> (5 - $0) & 1 }
      #expect(try trie.output(of: word) == answer.output, "\(word)")
    }
  }

  @Test("is learnt with abstraction refinement to its language's minimal machine", arguments: 1...7)
  func refinement(_ number: Int) throws {
    var trie = PrefixTrie(try Self.shipped(number))
    var learner = KearnsVazirani()
    // A first word of each class, which a search over states needs to begin.
    var examples: [Int32: Word] = [:]
    for length in 1...8 {
      for index in 0..<1 << length {
        let word = (0..<length).map { index >> (length - 1 - $0) & 1 }
        let output = try trie.output(of: word)
        if examples[output] == nil { examples[output] = word }
      }
      if examples.count == 2 { break }
    }
    var oracles: [any EquivalenceOracle] = [
      AbstractionRefinement(examples: examples.values.sorted { $0.description < $1.description })
    ]
    let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
    #expect(result.ending == .agreement)
    // The empty word, which these networks were not trained on, may need a state of its own.
    let size = [2, 3, 5, 4, 4, 3, 5][number - 1]
    #expect((size...size + 1).contains(result.machine.minimized().stateCount))
    // A search over cells follows few words: far fewer than the 2^10 words of the shortest exhaustive proof.
    #expect(trie.steps < 1500, "\(trie.steps)")
    #expect(result.evidence.first?.statement.contains("this bounds nothing") == true)
  }

  @Test("whose state is hidden is refused by a search that looks at states")
  func stateless() throws {
    let machine = MooreMachine(alphabet: Alphabet(numbered: 1), next: [[0]], accepts: [true])
    var trie = PrefixTrie(MachineSystem(machine))
    var oracle = AbstractionRefinement()
    #expect { try oracle.search(machine, &trie) } throws: {
      "\($0)".hasPrefix("abstraction refinement looks at the states of a network")
    }
  }

  @Test("with few cells allowed ends content and says so")
  func cellLimit() throws {
    var trie = PrefixTrie(try Self.shipped(3))
    var learner = LStar()
    var oracles: [any EquivalenceOracle] = [AbstractionRefinement(cellLimit: 2)]
    let result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
    #expect(result.evidence.first?.statement.hasPrefix("stopped at its limit of 2 cells") == true)
  }
}
