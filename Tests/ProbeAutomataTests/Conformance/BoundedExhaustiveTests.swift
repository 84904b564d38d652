import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("All words to a length")
struct BoundedExhaustiveTests {
  @Test("are 2^(L+1) - 1, and the statement says so with its bound")
  func statements() throws {
    let machine = TomitaMachine.number(4)
    for (length, text) in [
      (0, "agrees on the empty word"), (3, "agrees on all 15 words of length <= 3"),
      (16, "agrees on all 131,071 words of length <= 16"),
    ] {
      let evidence = try Planted.search(BoundedExhaustive(length: length), machine, VectorSystem(machine))
        .evidence
      #expect(evidence?.statement == text)
      #expect(evidence?.words == (2 << length) - 1)
      #expect(evidence?.isComplete == true)
    }
    var trie = PrefixTrie(VectorSystem(machine))
    var oracle = BoundedExhaustive(length: 10)
    _ = try oracle.search(machine, &trie)
    #expect(trie.steps == 2047)
    #expect(trie.system.expanded == 2046)
  }

  @Test("find a difference planted at any depth, through the tree and through states, in any memory")
  func plantedDifference() throws {
    var generator = RandomGenerator(seed: 11)
    for symbols in 1...3 {
      for depth in 0...7 {
        let word = (0..<depth).map { _ in generator.integer(below: symbols) }
        let system = Planted.acceptor(of: word, symbols: symbols)
        let machine = Planted.nothing(symbols: symbols)
        for length in max(0, depth - 1)...8 {
          let expected = depth <= length ? word : nil
          let oracle = BoundedExhaustive(length: length)
          #expect(try Planted.search(oracle, machine, MachineSystem(system)).word == expected)
          #expect(try Planted.search(oracle, machine, VectorSystem(system)).word == expected)
          let small = BoundedExhaustive(length: length, memory: 1)
          #expect(try Planted.search(small, machine, VectorSystem(system)).word == expected)
        }
      }
    }
  }

  @Test(
    "give the shortest disagreement, the first in the order of symbols, as comparing the machines exactly does"
  )
  func shortestFirst() throws {
    var generator = RandomGenerator(seed: 12)
    var differing = 0
    for _ in 0..<300 {
      let symbols = 2 + generator.integer(below: 2)
      let system = Planted.randomAcceptor(
        states: 2 + generator.integer(below: 7), symbols: symbols, &generator)
      let machine = Planted.randomAcceptor(
        states: 2 + generator.integer(below: 7), symbols: symbols, &generator)
      var expected = machine.firstDifference(from: system)
      if let word = expected, word.count > 6 { expected = nil }
      if let word = expected, !word.isEmpty { differing += 1 }
      #expect(
        try Planted.search(BoundedExhaustive(length: 6), machine, MachineSystem(system)).word == expected)
      // 12 bytes a word; from one word a level to all of them.
      for memory in [1, 12 * 20, 12 * 100, 1 << 20] {
        let oracle = BoundedExhaustive(length: 6, memory: memory)
        #expect(try Planted.search(oracle, machine, VectorSystem(system)).word == expected)
      }
    }
    #expect(differing > 100)
  }

  @Test("hold no more states at once than their memory allows")
  func memory() {
    for length in 1...20 {
      for width in 1...5 {
        for rows in [1, 100, 5000] {
          let sizes = ExhaustiveSearch.capacities(length: length, width: width, rows: rows)
          #expect(sizes.count == length && sizes[0] == 1)
          // A level must hold the children of one word at least.
          #expect(sizes.reduce(0, +) <= max(rows, 1 + width * (length - 1)))
          #expect(sizes.dropFirst().allSatisfy { $0 % width == 0 })
        }
      }
    }
    #expect(ExhaustiveSearch.capacities(length: 4, width: 2, rows: 1000) == [1, 2, 4, 8])
  }

  @Test("keep to a budget of steps, and say to which length all words agree")
  func steps() throws {
    let machine = TomitaMachine.number(5)
    for limit in 1...300 {
      func check(_ system: some SystemUnderLearning) {
        var trie = PrefixTrie(system, budget: Budget(steps: limit))
        var oracle = BoundedExhaustive(length: 10)
        #expect(throws: BudgetSpent.steps(limit)) { _ = try oracle.search(machine, &trie) }
        #expect(trie.steps <= limit && trie.steps >= limit - 1)
        // All 2^(l+1) - 1 words to length l fit when the limit is no smaller.
        let reached = (0...10).last { (2 << $0) - 1 <= limit } ?? 0
        #expect(oracle.partial?.words == (2 << reached) - 1)
        #expect(oracle.partial?.isComplete == false)
      }
      check(MachineSystem(machine))
      check(VectorSystem(machine))
    }
    var trie = PrefixTrie(VectorSystem(machine), budget: Budget(steps: 100))
    var oracle = BoundedExhaustive(length: 10)
    _ = try? oracle.search(machine, &trie)
    #expect(
      oracle.partial?.statement
        == "agrees on all 63 words of length <= 5 (its budget was spent before length 10)")
  }

  @Test("report a disagreement that was found before the budget was spent")
  func foundInTime() throws {
    // With room for one word a level, the subtree of 0 is walked before that of 1.
    let system = Planted.acceptor(of: [0, 0, 0, 0, 0, 1], symbols: 2)
    let oracle = BoundedExhaustive(length: 6, memory: 1)
    // The empty word, two words of each length to five, four of length six, and six prefixes when the word is asked again.
    #expect(throws: BudgetSpent.steps(20)) {
      try Planted.search(oracle, Planted.nothing(symbols: 2), VectorSystem(system), budget: Budget(steps: 20))
    }
    for steps in 21...60 {
      #expect(
        try Planted.search(
          oracle, Planted.nothing(symbols: 2), VectorSystem(system), budget: Budget(steps: steps)
        ).word
          == [0, 0, 0, 0, 0, 1])
    }
  }

  @Test("notice a system that goes on from states otherwise than it answers")
  func brokenExpansion() throws {
    let machine = TomitaMachine.number(4)
    var system = VectorSystem(machine)
    system.isBroken = true
    #expect(throws: AutomataError.nondeterministic(word: "0", first: "reject", second: "accept")) {
      try Planted.search(BoundedExhaustive(length: 3), machine, system)
    }
  }

  @Test("remember the smallest margin, although they do not remember the words")
  func margin() throws {
    let machine = TomitaMachine.number(4)
    var trie = PrefixTrie(VectorSystem(machine))
    var oracle = BoundedExhaustive(length: 7)
    _ = try oracle.search(machine, &trie)
    let smallest = try #require(trie.smallestMargin)
    #expect(smallest.margin == 0.125)
    // The first of the longest words.
    #expect(trie.word(of: smallest.node) == [0, 0, 0, 0, 0, 0, 0])
  }
}
