import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Fidelity")
struct FidelityTests {
  @Test("counts agreement by length and class, against the system and the truth")
  func counts() throws {
    // The machine accepts all words without 000; the system 0*: they differ on words that have a 1 but no 000.
    let machine = TomitaMachine.number(4)
    let system = MooreMachine(
      alphabet: Alphabet(numbered: 2), next: [[0, 1], [1, 1]], accepts: [true, false])
    var trie = PrefixTrie(MachineSystem(system))
    let sample = WordSample(lengths: 0...3, perLength: 8, symbols: 2, seed: 1)
    #expect(sample.words == Planted.allWords(symbols: 2, length: 3))
    #expect(sample.text == "all words of each length in 0...3")
    let fidelity = try Fidelity.measure(machine, &trie, on: sample, truth: { machine.output(of: $0) })
    // Rejected by the system: all with a 1, and each is accepted by the machine.
    let expected = [
      (0, 1, 1, 1), (1, 0, 1, 0), (1, 1, 1, 1), (2, 0, 3, 0), (2, 1, 1, 1), (3, 0, 7, 0), (3, 1, 1, 0),
    ]
    #expect(fidelity.cells.count == expected.count)
    for (cell, row) in zip(fidelity.cells, expected) {
      #expect(
        (cell.length, cell.output, cell.tally.words, cell.tally.agreements) == row)
    }
    #expect((fidelity.all.words, fidelity.all.agreements) == (15, 3))
    #expect(fidelity.tally(length: 2).agreements == 1)
    #expect((fidelity.tally(output: 1).words, fidelity.tally(output: 1).agreements) == (4, 3))
    #expect(fidelity.balanced == 0.375)
    #expect((fidelity.machineAgainstTruth?.words, fidelity.machineAgainstTruth?.agreements) == (15, 15))
    #expect((fidelity.systemAgainstTruth?.words, fidelity.systemAgainstTruth?.agreements) == (15, 3))
    #expect(fidelity.lengths == [0, 1, 2, 3])
    #expect(fidelity.shortestDisagreement == [1])
    // Prefixes: words times length plus one; agreeing are those of 0s short of three.
    #expect(fidelity.prefixes.words == 1 + 2 * 2 + 4 * 3 + 8 * 4)
    #expect(fidelity.prefixes.agreements == 1 + 3 + (4 + 2 + 1) + (8 + 4 + 2))
    // The interval of 3 in 15 as SciPy's binomtest(3, 15).proportion_ci(method="wilson") has it.
    #expect(abs(fidelity.all.interval.low - 0.07047549346981558) < 1e-12)
    #expect(abs(fidelity.all.interval.high - 0.4518544871516936) < 1e-12)
    #expect(fidelity.all.errorBound == nil)
    #expect(
      fidelity.text
        == "agrees on 3 of 15 words (all words of each length in 0...3), 20 % (95 % Wilson interval 7.04 % to 45.19 %)"
    )
  }

  @Test("without errors bounds them by three over the words")
  func ruleOfThree() throws {
    let machine = TomitaMachine.number(6)
    var trie = PrefixTrie(MachineSystem(machine))
    let sample = WordSample(lengths: 10...19, perLength: 100, symbols: 2, seed: 2)
    let fidelity = try Fidelity.measure(machine, &trie, on: sample)
    #expect(fidelity.all.errorBound == 0.003)
    #expect(fidelity.balanced == 1)
    #expect(fidelity.shortestDisagreement == nil)
    #expect(fidelity.machineAgainstTruth == nil)
    #expect(
      fidelity.text
        == "agrees on 1,000 of 1,000 words (100 words, drawn uniformly, of each length in 10...19), error <= 0.3 % with "
        + "95 % confidence (rule of three)")
    // The exact bound 1 - 0.05^(1/n) is below three over n: (1 - 3/n)^n <= e^-3 < 0.05.
    #expect((0..<1000).reduce(1.0) { product, _ in product * (1 - 0.003) } < 0.05)
  }

  @Test("of no words says nothing")
  func empty() throws {
    let machine = TomitaMachine.number(6)
    var trie = PrefixTrie(MachineSystem(machine))
    let fidelity = try Fidelity.measure(machine, &trie, on: WordSample(recorded: [], source: "nowhere"))
    #expect(fidelity.balanced.isNaN && fidelity.all.interval.share.isNaN)
    #expect(fidelity.all.errorBound == nil && fidelity.cells.isEmpty)
    #expect(fidelity.text == "agrees on 0 of 0 words (0 words of nowhere)")
  }

  @Test("takes words of each class where there are some, and says where there are not")
  func balanced() throws {
    let system = Planted.acceptor(of: [0, 1, 1, 0], symbols: 2)
    var trie = PrefixTrie(MachineSystem(system))
    let sample = try WordSample.balanced(
      perClass: 20, distribution: .uniform(lengths: 4...4), drawLimit: 10_000, seed: 1, &trie)
    #expect(sample.words.count == 40)
    #expect(sample.words.filter { system.output(of: $0) == 1 }.count == 20)
    #expect(
      sample.text.hasPrefix(
        "20 of \"reject\", 20 of \"accept\" found among 1,000 words drawn as follows: the length 4"))
    let short = try WordSample.balanced(
      perClass: 20, distribution: .uniform(lengths: 2...2), drawLimit: 500, seed: 1, &trie)
    #expect(short.text.hasPrefix("20 of \"reject\", 0 of \"accept\" found among 500 words"))
    let fidelity = try Fidelity.measure(Planted.nothing(symbols: 2), &trie, on: sample)
    #expect(fidelity.balanced == 0.5)
  }

  @Test("samples say which lengths are complete")
  func samples() {
    let mixed = WordSample(lengths: 1...12, perLength: 100, symbols: 2, seed: 1)
    #expect(mixed.words.count == 2 + 4 + 8 + 16 + 32 + 64 + 6 * 100)
    #expect(
      mixed.text
        == "all words of each length in 1...6 and 100 words, drawn uniformly, of each length in 7...12")
    #expect(mixed == WordSample(lengths: 1...12, perLength: 100, symbols: 2, seed: 1))
    #expect(
      WordSample(lengths: 70...70, perLength: 3, symbols: 7, seed: 1).words.allSatisfy { $0.count == 70 })
    #expect(WordSample(lengths: 2...2, perLength: 10, symbols: 2, seed: 1).text == "all words of length 2")
  }
}

@Suite("A list of words")
struct WordListTests {
  @Test("tells the labels that machine and system contradict apart")
  func labels() throws {
    let machine = TomitaMachine.number(4)
    let system = Planted.nothing(symbols: 2)
    let list = WordList(
      words: [[0], [0, 0, 0], [1], [1, 1]], labels: ["accept", "accept", "reject", nil], source: "labels.csv")
    var trie = PrefixTrie(MachineSystem(system))
    let report = try list.compare(machine, &trie)
    #expect(report.machineAgainstSystem == [0, 2, 3])
    #expect(report.machineAgainstLabel == [1, 2])
    #expect(report.systemAgainstLabel == [0, 1])
    #expect(try Planted.search(list, machine, MachineSystem(system)).word == [])
    #expect(
      try Planted.search(list, machine, MachineSystem(machine)).evidence?.statement
        == "agrees with the network on all 4 words of labels.csv, of which both label 2 otherwise (000, 1)")
  }

  @Test("refuses symbols that the alphabet does not have")
  func unknownSymbol() throws {
    let list = WordList(words: [[0], [0, 2]], labels: [nil, nil], source: "labels.csv")
    let machine = TomitaMachine.number(4)
    #expect {
      try Planted.search(list, machine, MachineSystem(machine))
    } throws: { error in
      "\(error)" == "word 1 of labels.csv has the symbol 2; an alphabet of 2 has the symbols below 2"
    }
  }
}

@Suite("A certificate")
struct CertificateTests {
  @Test("says what was looked at, with bounds, and never that a network is equivalent")
  func agreement() throws {
    let machine = TomitaMachine.number(4)
    var trie = PrefixTrie(VectorSystem(machine))
    var oracle = CombinedOracle([.init(BoundedExhaustive(length: 7)), .init(WMethod(extraStates: 1))])
    let evidence = try #require(try oracle.search(machine, &trie).evidence)
    let certificate = try Certificate(machine, evidence: [evidence], disagreement: nil, &trie)
    #expect(
      certificate.text
        == "The machine agrees on all 255 words of length <= 7; equal if the network's language has at most 5 states, 4 + 1 "
        + "(W-method, 39 words). The smallest decision margin seen is 0.125, after 0000000.")
    #expect(!certificate.text.contains("equivalent"))
    let nothing = try Certificate(machine, evidence: [], disagreement: nil, &trie)
    #expect(nothing.text.hasPrefix("Nothing is claimed of how far the machine and the network agree."))
  }

  @Test("gives the shortest disagreement")
  func disagreement() throws {
    let machine = TomitaMachine.number(4)
    var trie = PrefixTrie(MachineSystem(Planted.nothing(symbols: 2)))
    let certificate = try Certificate(
      machine, evidence: [], disagreement: [0, 1], ending: "it was interrupted", &trie)
    #expect(
      certificate.text
        == "The machine and the network differ: the shortest disagreement found is 01, network reject, machine accept. The "
        + "search ended early: it was interrupted.")
    #expect(certificate.margin == nil)
  }

  @Test("writes numbers as people read them")
  func numbers() {
    #expect(
      [0, 999, 1000, 131_071, -1_234_567].map(NumberText.grouped) == [
        "0", "999", "1,000", "131,071", "-1,234,567",
      ])
    #expect(NumberText.grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(
      [0.005, 0.07, 0.99, 1, 0.0001].map(NumberText.percent) == ["0.5 %", "7 %", "99 %", "100 %", "0.01 %"])
    #expect(NumberText.short(0.0123456) == "0.0123")
    #expect(NumberText.short(0.0123456, up: true) == "0.0124")
    #expect(NumberText.short(0) == "0.0" && NumberText.short(.infinity) == "inf")
  }
}
