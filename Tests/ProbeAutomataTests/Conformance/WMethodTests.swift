import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("The W-method")
struct WMethodTests {
  /// Distinct words, words that begin no other, and their symbols, for 0, 1, 2 and 3 extra states; computed in Python.
  static let sizes: [Int: [[Int]]] = [
    1: [[5, 3, 5], [11, 6, 16], [23, 12, 44], [47, 24, 112]],
    2: [[11, 4, 12], [23, 8, 32], [47, 16, 80], [95, 32, 192]],
    3: [[23, 12, 56], [47, 24, 136], [95, 48, 320], [191, 96, 736]],
    4: [[19, 5, 24], [39, 10, 58], [79, 20, 136], [159, 40, 312]],
    5: [[19, 10, 34], [39, 20, 88], [79, 40, 216], [159, 80, 512]],
    6: [[11, 4, 12], [23, 8, 32], [47, 16, 80], [95, 32, 192]],
    7: [[29, 12, 70], [59, 24, 164], [119, 48, 376], [239, 96, 848]],
  ]

  @Test("asks as many words of Tomita's languages as counted elsewhere", arguments: 1...7)
  func sizes(language: Int) throws {
    for extra in 0...3 {
      let suite = ConformanceSuite.chow(TomitaMachine.number(language), extraStates: extra)
      let maximal = suite.maximalWords()
      let counts = [suite.words().count, maximal.count, maximal.reduce(0) { $0 + $1.count }]
      #expect(counts == Self.sizes[language]?[extra])
      let machine = TomitaMachine.number(language)
      let evidence = try Planted.search(WMethod(extraStates: extra), machine, MachineSystem(machine)).evidence
      #expect(evidence?.words == counts[0])
      #expect(evidence?.isComplete == true)
    }
  }

  @Test("asks shortest words first, none of another length than it says")
  func lengths() {
    for language in 1...7 {
      for suite in [
        ConformanceSuite.chow(TomitaMachine.number(language), extraStates: 2),
        ConformanceSuite.partial(TomitaMachine.number(language), extraStates: 2),
      ] {
        let words = suite.words()
        #expect(words.map(\.count) == words.map(\.count).sorted())
        #expect(words.allSatisfy { $0.count <= suite.longest })
        #expect(Set(words).count == words.count)
      }
      let suite = ConformanceSuite.chow(TomitaMachine.number(language), extraStates: 1)
      #expect(suite.words().last?.count == suite.longest)
    }
  }

  @Test("states its claim, with the number of states")
  func statement() throws {
    let machine = TomitaMachine.number(3)
    #expect(
      try Planted.search(WMethod(extraStates: 2), machine, MachineSystem(machine)).evidence?.statement
        == "equal if the network's language has at most 7 states, 5 + 2 (W-method, 95 words)")
    let one = Planted.nothing(symbols: 2)
    #expect(
      try Planted.search(WMethod(extraStates: 0), one, MachineSystem(one)).evidence?.statement
        == "equal if the network's language has at most 1 state, 1 + 0 (W-method, 3 words)")
  }

  /// Every machine of at most `states` states, all numberings, start 0.
  static func forEachMachine(states: Int, symbols: Int, _ body: (MooreMachine) throws -> Void) rethrows {
    let cells = states * symbols
    var table = [Int](repeating: 0, count: cells)
    while true {
      let rows = (0..<states).map { Array(table[($0 * symbols)..<(($0 + 1) * symbols)]) }
      for outputs in 0..<(1 << states) {
        try body(
          MooreMachine(
            alphabet: Alphabet(numbered: symbols), next: rows,
            accepts: (0..<states).map { outputs >> $0 & 1 == 1 }))
      }
      guard let place = table.indices.last(where: { table[$0] < states - 1 }) else { return }
      table[place] += 1
      for later in (place + 1)..<cells { table[later] = 0 }
    }
  }

  /// Whether both suites of a machine part it from another where they differ.
  static func check(_ machine: MooreMachine, _ mutant: MooreMachine, _ suites: [[Word]]) -> Bool {
    if machine.shortestDifference(from: mutant) == nil { return true }
    return suites.allSatisfy { words in words.contains { machine.output(of: $0) != mutant.output(of: $0) } }
  }

  @Test("and the Wp-method find every machine of at most e more states that differs")
  func everyMutant() {
    // (states, symbols, extra states): all machines of the size, against all of the larger size.
    for (states, symbols, extra) in [(1, 1, 3), (2, 1, 2), (3, 1, 1), (1, 2, 2), (2, 2, 1)] {
      var seen: Set<MooreMachine> = []
      Self.forEachMachine(states: states, symbols: symbols) { machine in
        let minimal = machine.minimized()
        if minimal.stateCount == states { seen.insert(minimal) }
      }
      #expect(!seen.isEmpty)
      let machines = seen.map {
        (
          $0,
          [
            ConformanceSuite.chow($0, extraStates: extra).words(),
            ConformanceSuite.partial($0, extraStates: extra).words(),
          ]
        )
      }
      var missed = 0
      Self.forEachMachine(states: states + extra, symbols: symbols) { mutant in
        for (machine, suites) in machines where !Self.check(machine, mutant, suites) { missed += 1 }
      }
      #expect(missed == 0, "\(missed) of \(states) states, \(symbols) symbols, \(extra) extra")
    }
  }

  @Test("and the Wp-method find every difference of random larger machines")
  func randomMutants() {
    var generator = RandomGenerator(seed: 21)
    for _ in 0..<60 {
      let machine = Planted.randomAcceptor(
        states: 2 + generator.integer(below: 4), symbols: 1 + generator.integer(below: 3), &generator
      ).minimized()
      let extra = generator.integer(below: 3)
      let suites = [
        ConformanceSuite.chow(machine, extraStates: extra).words(),
        ConformanceSuite.partial(machine, extraStates: extra).words(),
      ]
      #expect(suites[1].count <= suites[0].count)
      for _ in 0..<50 {
        // Near misses: a state split into copies, one transition or output changed.
        let mutant = Self.mutant(of: machine, extra: extra, &generator)
        #expect(Self.check(machine, mutant, suites))
      }
    }
  }

  /// A machine with copies of some states, of which one then has another output or another transition.
  static func mutant(of machine: MooreMachine, extra: Int, _ generator: inout RandomGenerator) -> MooreMachine
  {
    let count = machine.stateCount
    let originals = (0..<count) + (0..<extra).map { _ in generator.integer(below: count) }
    var next = originals.map { original in
      (0..<machine.alphabet.count).map { symbol in
        let target = machine.transitions[original, symbol]
        let copies = originals.indices.filter { originals[$0] == target }
        return copies[generator.integer(below: copies.count)]
      }
    }
    var accepts = originals.map { machine.outputs[$0] == 1 }
    let place = generator.integer(below: originals.count)
    if generator.bernoulli(0.5) {
      accepts[place].toggle()
    } else {
      next[place][generator.integer(below: machine.alphabet.count)] = generator.integer(
        below: originals.count)
    }
    return MooreMachine(
      alphabet: machine.alphabet, next: next, accepts: accepts, start: machine.transitions.start)
  }

  @Test("does not find what needs more states than it was told of")
  func beyondTheBound() throws {
    // Unary: the suite of the machine of one state asks words to length 1 + e; the acceptor of a longer one passes.
    for extra in 0...4 {
      let machine = Planted.nothing(symbols: 1)
      let found = try Planted.search(
        WMethod(extraStates: extra), machine,
        MachineSystem(Planted.acceptor(of: Word(repeating: 0, count: extra + 1), symbols: 1)))
      #expect(found.word?.count == extra + 1)
      let missed = try Planted.search(
        WMethod(extraStates: extra), machine,
        MachineSystem(Planted.acceptor(of: Word(repeating: 0, count: extra + 2), symbols: 1)))
      #expect(missed.word == nil)
    }
  }

  @Test("finds a disagreement through the tree exactly where the suite has one, and a shortest")
  func search() throws {
    var generator = RandomGenerator(seed: 22)
    for _ in 0..<200 {
      let machine = Planted.randomAcceptor(states: 4, symbols: 2, &generator).minimized()
      let system = Self.mutant(of: machine, extra: 2, &generator)
      let expected = ConformanceSuite.chow(machine, extraStates: 1).words().first {
        machine.output(of: $0) != system.output(of: $0)
      }
      let found = try Planted.search(WMethod(extraStates: 1), machine, MachineSystem(system)).word
      #expect(found?.count == expected?.count)
      if let found { #expect(machine.output(of: found) != system.output(of: found)) }
      let partial = ConformanceSuite.partial(machine, extraStates: 1).words().first {
        machine.output(of: $0) != system.output(of: $0)
      }
      #expect(
        try Planted.search(WpMethod(extraStates: 1), machine, MachineSystem(system)).word?.count
          == partial?.count)
    }
  }

  @Test("cut short claims only what the words it asked are good for")
  func cutShort() throws {
    let machine = TomitaMachine.number(7)
    let full = ConformanceSuite.chow(machine, extraStates: 3)
    for steps in stride(from: 1, to: 230, by: 7) {
      var trie = PrefixTrie(MachineSystem(machine), budget: Budget(steps: steps))
      var oracle = WMethod(extraStates: 3)
      #expect(throws: BudgetSpent.steps(steps)) { _ = try oracle.search(machine, &trie) }
      let partial = try #require(oracle.partial)
      #expect(!partial.isComplete)
      // Every suite that is claimed was asked to its last word.
      for extra in 0...3 where partial.statement.contains("at most \(5 + extra) states") {
        for word in ConformanceSuite.chow(machine, extraStates: extra).words() {
          #expect(trie.known(trie.node(for: word)) != nil)
        }
      }
    }
    #expect(full.extraStates(below: full.longest) == 2)
    #expect(full.extraStates(below: full.longest + 1) == 3)
    #expect(full.extraStates(below: full.longest - 3) == nil)
  }
}
