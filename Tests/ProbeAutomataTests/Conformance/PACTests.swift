import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("A claim on random words")
struct PACTests {
  /// Accepts the words of length 2 that begin with 0: a tenth of those over ten symbols, and no shorter word.
  static let tenth = MooreMachine(
    alphabet: Alphabet(numbered: 10),
    next: [
      [1] + [Int](repeating: 2, count: 9), [Int](repeating: 3, count: 10), [Int](repeating: 2, count: 10),
      [Int](repeating: 2, count: 10),
    ], accepts: [false, false, false, true])

  @Test("takes 530, 600, 669 and 738 words in rounds 1 to 4 for 1 % and 1 %")
  func counts() {
    let size = SampleSize(epsilon: 0.01, delta: 0.01)
    #expect((1...4).map(size.words(round:)) == [530, 600, 669, 738])
    // ceil((ln 2 + ln 2) / 0.5): 2.77 up.
    #expect(SampleSize(epsilon: 0.5, delta: 0.5).words(round: 1) == 3)
  }

  @Test("says what was drawn, how many and in which round")
  func statement() throws {
    let machine = TomitaMachine.number(4)
    var trie = PrefixTrie(MachineSystem(machine))
    var oracle = PAC(epsilon: 0.005, delta: 0.01, distribution: .uniform(lengths: 0...20), seed: 1)
    _ = try oracle.search(machine, &trie)
    let evidence = try oracle.search(machine, &trie).evidence
    #expect(
      evidence?.statement
        == "error <= 0.5 % with 99 % confidence over words drawn as follows: the length uniform in 0...20, then every "
        + "symbol uniform over 2 (1,199 words, drawn fresh in the final round, 2; confidence split over rounds)"
    )
    #expect(evidence?.words == 1199)
  }

  @Test("draws new words in each round, the same for the same seed")
  func freshWords() throws {
    func words(_ rounds: Int, seed: UInt64) throws -> Int {
      let machine = TomitaMachine.number(4)
      var trie = PrefixTrie(MachineSystem(machine))
      var oracle = PAC(epsilon: 0.1, delta: 0.1, distribution: .uniform(lengths: 60...60), seed: seed)
      for _ in 0..<rounds { _ = try oracle.search(machine, &trie) }
      return trie.steps
    }
    // Words of length 60 that share half of their symbols by chance are next to impossible.
    #expect(try words(2, seed: 1) > words(1, seed: 1) + 30 * 30)
    #expect(try words(2, seed: 1) == words(2, seed: 1))
    #expect(try words(1, seed: 1) != words(1, seed: 2))
  }

  @Test("lets a machine that errs more than epsilon pass no more often than delta allows")
  func coverage() throws {
    let size = SampleSize(epsilon: 0.1, delta: 0.2)
    let machine = Planted.nothing(symbols: 10)
    let loops = 1500
    var passedFirst = 0
    var passedAny = 0
    for seed in 0..<UInt64(loops) {
      var oracle = PAC(epsilon: 0.1, delta: 0.2, distribution: .uniform(lengths: 2...2), seed: seed)
      var trie = PrefixTrie(MachineSystem(Self.tenth))
      var passes: [Bool] = []
      for _ in 1...4 { passes.append(try oracle.search(machine, &trie).word == nil) }
      if passes[0] { passedFirst += 1 }
      if passes.contains(true) { passedAny += 1 }
    }
    // The exact chances: a word agrees with probability 0.9, and all words are independent.
    func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * 0.9 } }
    let first = power(size.words(round: 1))
    let any = 1 - (1...4).reduce(1) { $0 * (1 - power(size.words(round: $1))) }
    #expect(first <= 0.1 && any <= 0.2)
    // Five standard deviations of a binomial count.
    for (count, chance) in [(passedFirst, first), (passedAny, any)] {
      let deviation = (Double(loops) * chance * (1 - chance)).squareRoot()
      #expect(abs(Double(count) - Double(loops) * chance) <= 5 * deviation)
    }
  }

  @Test("over balanced words sees a rare class that plain words miss")
  func balanced() throws {
    // 2^-7 of the words of length 7 are accepted.
    let system = MachineSystem(Planted.acceptor(of: [0, 1, 1, 0, 1, 0, 1], symbols: 2))
    let machine = Planted.nothing(symbols: 2)
    var plain = 0
    for seed in 0..<40 as Range<UInt64> {
      let distribution = WordDistribution.uniform(lengths: 7...7)
      let loose = PAC(epsilon: 0.2, delta: 0.2, distribution: distribution, seed: seed)
      if try Planted.search(loose, machine, system).word == nil { plain += 1 }
      let balanced = BalancedPAC(
        epsilon: 0.2, delta: 0.2, distribution: distribution, seed: seed, patience: 400)
      #expect(try Planted.search(balanced, machine, system).word == [0, 1, 1, 0, 1, 0, 1])
    }
    // 12 words: a share of 0.91 of the samples hold none that is accepted.
    #expect(plain >= 25)
  }

  @Test("over balanced words says which class is too rare")
  func rareClass() throws {
    let machine = Planted.acceptor(of: [0, 1, 1, 0, 1, 0, 1], symbols: 2)
    let distribution = WordDistribution.uniform(lengths: 3...3)
    let oracle = BalancedPAC(epsilon: 0.01, delta: 0.01, distribution: distribution, seed: 3, patience: 2)
    #expect(
      try Planted.search(oracle, machine, MachineSystem(machine)).evidence?.statement
        == "error <= 1 % with 99 % confidence over words of the network's class \"reject\" (\"reject\", drawn as follows: "
        + "the length 3, then every symbol uniform over 2; 1,060 words, drawn fresh in the final round, 1; confidence "
        + "split over rounds); the class \"accept\" is too rare for a claim, 0 of 1,060 words")
    let parity = MooreMachine(
      alphabet: Alphabet(numbered: 2), next: [[0, 1], [1, 0]], accepts: [true, false])
    let both = BalancedPAC(epsilon: 0.01, delta: 0.01, distribution: .uniform(lengths: 0...20), seed: 3)
    #expect(
      try Planted.search(both, parity, MachineSystem(parity)).evidence?.statement
        == "error <= 1 % with 99 % confidence over words balanced by the network's class (\"reject\", \"accept\", drawn as "
        + "follows: the length uniform in 0...20, then every symbol uniform over 2; 1,000 words, drawn fresh in the "
        + "final round, 1; confidence split over rounds)")
  }

  @Test("covers as many classes as have their part of the sample")
  func classes() {
    #expect(BalancedPAC.classes([300, 300], needed: 530) == [0, 1])
    #expect(BalancedPAC.classes([264, 900], needed: 530) == [1])
    #expect(BalancedPAC.classes([265, 900], needed: 530) == [0, 1])
    #expect(BalancedPAC.classes([200, 0, 300, 180], needed: 530) == [0, 2, 3])
    #expect(BalancedPAC.classes([529, 0], needed: 530) == [])
  }

  @Test("claims nothing when its budget is spent")
  func spent() throws {
    let machine = TomitaMachine.number(5)
    var trie = PrefixTrie(MachineSystem(machine), budget: Budget(steps: 500))
    var oracle = PAC(epsilon: 0.01, delta: 0.01, distribution: .uniform(lengths: 10...20), seed: 1)
    #expect(throws: BudgetSpent.steps(500)) { _ = try oracle.search(machine, &trie) }
    #expect(
      oracle.partial?.statement == "no claim on random words: the budget was spent after 0 of 530 words")
    var balanced = BalancedPAC(epsilon: 0.01, delta: 0.01, distribution: .uniform(lengths: 10...20), seed: 1)
    #expect(throws: BudgetSpent.steps(500)) { _ = try balanced.search(machine, &trie) }
    #expect(
      balanced.partial?.statement
        == "no claim on words balanced by class: the budget was spent after 0 words")
  }
}

@Suite("Random words")
struct RandomWordsTests {
  @Test("are drawn as their distribution says")
  func distributions() {
    var generator = RandomGenerator(seed: 5)
    let count = 4000
    var lengths = [Int](repeating: 0, count: 4)
    var zeros = 0
    for _ in 0..<count {
      let word = WordDistribution.uniform(lengths: 2...5).draw(symbols: 3, &generator)
      lengths[word.count - 2] += 1
      if word[0] == 0 { zeros += 1 }
    }
    // Five standard deviations: a quarter of the words have each length, a third begin with each symbol.
    #expect(lengths.allSatisfy { abs(Double($0) - 1000) <= 5 * (4000.0 * 3 / 16).squareRoot() })
    #expect(abs(Double(zeros) - 4000 / 3.0) <= 5 * (4000.0 * 2 / 9).squareRoot())
    let geometric = WordDistribution.geometric(stop: 0.25)
    let total = (0..<count).reduce(0) { sum, _ in sum + geometric.draw(symbols: 2, &generator).count }
    // Mean 3 and variance 12 a word.
    #expect(abs(Double(total) - 12000) <= 5 * (4000.0 * 12).squareRoot())
    let recorded = WordDistribution.recorded([[0], [1, 1]], from: "a file")
    let drawn = (0..<50).map { _ in recorded.draw(symbols: 2, &generator) }
    #expect(Set(drawn) == [[0], [1, 1]])
    #expect(WordDistribution.uniform(lengths: 0...0).draw(symbols: 1, &generator) == [])
    #expect(recorded.text(symbols: 2) == "uniform over 2 recorded words (a file)")
    #expect(
      geometric.text(symbols: 2)
        == "ending before each symbol with probability 0.25, every symbol uniform over 2")
  }

  @Test("find the shortest disagreement among their prefixes")
  func prefixes() throws {
    let system = MachineSystem(Planted.acceptor(of: [1, 0, 1], symbols: 2))
    let oracle = RandomWords(count: 500, lengths: 10...12, seed: 1)
    #expect(try Planted.search(oracle, Planted.nothing(symbols: 2), system).word == [1, 0, 1])
    #expect(
      try Planted.search(oracle, system.machine, system).evidence?.statement
        == "agrees on 500 words drawn at random (the length uniform in 10...12, then every symbol uniform over 2)"
    )
  }

  @Test("from every state reach what uniform words do not")
  func statePrefix() throws {
    // The deepest state of a chain of 30 is reached by one word in 2^30.
    let word = (0..<30).map { $0 % 3 == 0 ? 1 : 0 }
    let machine = Planted.acceptor(of: word, symbols: 2)
    let system = MachineSystem(Planted.acceptor(of: word + [1], symbols: 2))
    let broken = MooreMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames, transitions: machine.transitions,
      outputs: [Int32](repeating: 0, count: machine.stateCount))
    #expect(
      try Planted.search(RandomWords(count: 1000, lengths: 0...40, seed: 1), broken, system).word == nil)
    #expect(try Planted.search(StatePrefix(walks: 10, length: 3, seed: 1), broken, system).word == word + [1])
    #expect(
      try Planted.search(StatePrefix(walks: 10, length: 3, seed: 1), machine, MachineSystem(machine))
        .evidence?.statement
        == "agrees on 10 random continuations of length 3 from each of 32 states")
  }

  @Test("that were asked before are compared for nothing")
  func askedWords() throws {
    let system = Planted.acceptor(of: [1, 0, 1], symbols: 2)
    var trie = PrefixTrie(MachineSystem(system))
    var oracle = AskedWords()
    #expect(try oracle.search(Planted.nothing(symbols: 2), &trie).evidence?.words == 0)
    _ = try trie.output(of: [1, 0, 1, 1])
    let steps = trie.steps
    #expect(try oracle.search(Planted.nothing(symbols: 2), &trie).word == [1, 0, 1])
    #expect(try oracle.search(system, &trie).evidence?.statement == "agrees on all 5 words asked before")
    #expect(trie.steps == steps)
  }
}
