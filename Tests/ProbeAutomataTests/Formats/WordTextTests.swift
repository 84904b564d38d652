import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Words as text")
struct WordTextTests {
  @Test("come back, whatever the names of their symbols")
  func roundTrip() throws {
    var generator = RandomGenerator(seed: 71)
    for _ in 0..<1_000 {
      let names = generator.sample(1 + generator.integer(below: 5), of: AwkwardNames.all.count)
        .map { AwkwardNames.all[$0] }
      let alphabet = try Alphabet(names + (generator.bernoulli(0.3) ? ["ε"] : []))
      let word = (0..<generator.integer(below: 6)).map { _ in generator.integer(below: alphabet.count) }
      #expect(try alphabet.word(from: alphabet.text(of: word)) == word)
    }
  }

  @Test("are read as people write them")
  func written() throws {
    let digits = Alphabet(numbered: 2)
    #expect(try digits.word(from: "0110") == [0, 1, 1, 0])
    #expect(try digits.word(from: "0 1  10") == [0, 1, 1, 0])
    #expect(try digits.word(from: "") == [])
    #expect(try digits.word(from: "ε") == [])
    let words = try Alphabet(["push", "pop", "a b", "ε"])
    #expect(try words.word(from: "push \"a b\"  pop \"ε\"") == [0, 2, 1, 3])
    #expect(words.text(of: [3]) == "\"ε\"")
    #expect(try words.word(from: "\"\\u{70}op\"") == [1])
  }

  @Test("with unknown symbols or open quotation marks are refused")
  func refusals() throws {
    #expect(throws: AutomataError.unknownSymbol("2")) { try Alphabet(numbered: 2).word(from: "0121") }
    let words = try Alphabet(["push", "pop"])
    #expect(throws: AutomataError.unknownSymbol("peek")) { try words.word(from: "push peek") }
    #expect(
      throws: AutomataError.unreadableText(
        format: "a word", line: 1, reason: "a quotation mark is not closed")
    ) {
      try words.word(from: "push \"pop")
    }
    #expect(
      throws: AutomataError.unreadableText(format: "a word", line: 1, reason: "\\u{d800} is no character")
    ) {
      try words.word(from: "\"\\u{d800}\"")
    }
  }

  @Test("make tables of labelled words that come back")
  func samples() throws {
    var generator = RandomGenerator(seed: 72)
    for _ in 0..<100 {
      let machine = try AwkwardNames.mooreMachine(&generator)
      guard !machine.outputNames.contains("") else { continue }
      var sample = LabelledSample(
        MachineExamples.words(symbols: machine.alphabet.count, to: 2), labelledBy: machine)
      sample.labels[0] = -1
      #expect(
        try SampleCSV.sample(
          SampleCSV.write(sample), alphabet: machine.alphabet, outputNames: machine.outputNames) == sample)
    }
  }

  @Test("make tables that are read with labels as numbers, and refused by line")
  func foreignSamples() throws {
    let alphabet = Alphabet(numbered: 2)
    let sample = try SampleCSV.sample("label,word,note\n1,01,x\n0,,y\naccept,ε,\n,1,\n", alphabet: alphabet)
    #expect(sample.words == [[0, 1], [], [], [1]])
    #expect(sample.labels == [1, 0, 1, -1])
    #expect(
      throws: AutomataError.unreadableText(
        format: "CSV", line: 3, reason: "the label \"yes\" is none of [\"reject\", \"accept\"]")
    ) { try SampleCSV.sample("word,label\n0,1\n1,yes\n", alphabet: alphabet) }
    #expect(
      throws: AutomataError.unreadableText(
        format: "CSV", line: 2, reason: AutomataError.unknownSymbol("2").description)
    ) { try SampleCSV.sample("word,label\n2,1\n", alphabet: alphabet) }
  }
}
