import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeTasks

@Suite("Generated needles")
struct GeneratedNeedlesTests {
  static let words = Vocabularies.words()

  @Test("our own needles: eight facts, each with its answer, none answered by the hay")
  func facts() {
    #expect(NeedleFact.own.count == 8)
    #expect(Set(NeedleFact.own.map(\.answer)).count == 8)
    for fact in NeedleFact.own {
      #expect(fact.sentence.hasSuffix(".") && fact.question.hasSuffix("?"))
      #expect(fact.sentence.contains(fact.answer) && !fact.question.contains(fact.answer))
    }
  }

  @Test(
    "the scored span reads as the answer, whatever the tokenizer",
    arguments: [Vocabularies.bytes(), Vocabularies.words(), Vocabularies.markedWords()])
  func spans(vocabulary: TokenVocabulary) throws {
    let task = try TokenTaskRegistry.task(
      "needle:lengths=\"600,1000\",depths=0..100/5", vocabulary: vocabulary)
    #expect(task.trials == 2 * 5 * 8 && task.steps == 1000)
    for index in 0..<task.trials {
      let trial = task.trial(index)
      let fact = NeedleFact.own[try #require(trial.labels["case"])]
      let needle = try #require(trial.needles.first)
      #expect(trial.needles.count == 1)
      #expect(text(trial.tokens[needle], vocabulary) == " " + fact.answer)
      let prompt = text(trial.tokens, vocabulary)
      #expect(prompt.contains(" " + fact.sentence))
      #expect(prompt.hasSuffix(" Use what the book above says. Question: \(fact.question)\nAnswer:"))
      let question = try #require(trial.labels["question"])
      #expect(text(trial.tokens[question...], vocabulary).hasPrefix(" Use what the book above says."))
      #expect(trial.tokens.first == 0 && trial.leading == 1)
      // As many tokens as the longest answer has, in bytes the second of ours with the space before it; at least 50.
      #expect(trial.maximumNewTokens == (vocabulary.size == 258 ? 51 : 50))
      let asked = Array(trial.targets[(trial.tokens.count - 1)...].prefix(needle.count))
      #expect(asked == Array(trial.tokens[needle]))
      #expect(trial.targets.prefix(trial.tokens.count - 1).allSatisfy { $0 == -1 })
    }
  }

  @Test("where a token reaches over an end of the answer, the whole token is scored")
  func overlap() throws {
    let joined = Vocabularies.words(joining: ".")
    let task = try TokenTaskRegistry.task("needle:lengths=300,depths=50", vocabulary: joined)
    for index in 0..<8 {
      let trial = task.trial(index)
      let fact = NeedleFact.own[try #require(trial.labels["case"])]
      let isLast = fact.sentence.hasSuffix(fact.answer + ".")
      #expect(text(trial.tokens[trial.needles[0]], joined) == " " + fact.answer + (isLast ? "." : ""))
    }
    let encoder = try ContinuationEncoder(Self.words, task: "test", instead: "")
    let text = "The \u{E9}tude has nineteen parts."
    func span(_ part: String, _ offset: Int) throws -> Range<Int> {
      try encoder.tokens(of: text, part: part, at: offset).part
    }
    // "teen" begins at byte 19, as e with an accent has two bytes; the word is the fourth token.
    #expect(Array(text.utf8)[19...].starts(with: "teen".utf8))
    #expect(try span("teen", 19) == 3..<4 && span("e pa", 21) == 3..<5)
    #expect(try span("The", 0) == 0..<1 && span(".", 29) == 5..<6 && span(text, 0) == 0..<6)
    #expect(try span("tude", 6) == 1..<2)
  }

  @Test("prompt and generated tokens fill the length exactly for the longest question, and never exceed it")
  func lengths() throws {
    let task = try TokenTaskRegistry.task("needle:lengths=\"300,301\",depths=50", vocabulary: Self.words)
    let extents = (0..<task.trials).map { index in
      let trial = task.trial(index)
      return (trial.labels["length"] ?? 0) - trial.steps
    }
    #expect(extents.allSatisfy { $0 >= 0 } && extents.contains(0))
  }

  @Test("the pieces joined are the tokens of the joined text")
  func joined() throws {
    let encode = try #require(Self.words.encode)
    let task = try TokenTaskRegistry.task("needle:lengths=400,bos=false", vocabulary: Self.words)
    for index in 0..<20 {
      let tokens = task.trial(index).tokens
      #expect(encode("It rained." + text(tokens, Self.words)) == encode("It rained.") + tokens)
    }
  }

  @Test("the needle stands after the last sentence that ends within its depth; at 100 % after the cut hay")
  func depths() throws {
    let vocabulary = Self.words
    let task = try TokenTaskRegistry.task(
      "needle:lengths=500,depths=\"0,25,60,100\",bos=false,generate=10", vocabulary: vocabulary)
    for index in 0..<task.trials {
      let trial = task.trial(index)
      let fact = NeedleFact.own[try #require(trial.labels["case"])]
      let depth = try #require(trial.labels["depth"])
      let sentence = try ContinuationEncoder(vocabulary, task: "test", instead: "").tokens(of: fact.sentence)
      let place = try #require(
        (0..<trial.tokens.count).first { trial.tokens[$0...].starts(with: sentence) })
      let before = text(trial.tokens[..<place], vocabulary)
      let question = vocabulary.encode?(
        "It rained. Use what the book above says. Question: \(fact.question)\nAnswer:")
      let hay = trial.tokens.count - sentence.count - (try #require(question).count - 3)
      switch depth {
      case 0: #expect(place == 0)
      case 100: #expect(place == hay)
      default:
        #expect(before.hasSuffix("."))
        let limit = hay * depth / 100
        #expect(place <= limit)
        // No sentence of our prose has more than 20 tokens, so the last end is not further off.
        #expect(place > limit - 20)
      }
    }
  }

  @Test("several needles are spread from the depth on, and all are asked, in order")
  func several() throws {
    let vocabulary = Self.words
    let task = try TokenTaskRegistry.task(
      "needle:needles-per-prompt=3,lengths=900,depths=\"10,70\"", vocabulary: vocabulary)
    #expect(task.trials == 16)
    let encoder = try ContinuationEncoder(vocabulary, task: "test", instead: "")
    for index in 0..<task.trials {
      let trial = task.trial(index)
      let first = try #require(trial.labels["case"])
      let facts = (0..<3).map { NeedleFact.own[(first + $0) % 8] }
      #expect(trial.needles.map { text(trial.tokens[$0], vocabulary) } == facts.map { " " + $0.answer })
      #expect(trial.needles.map(\.lowerBound) == trial.needles.map(\.lowerBound).sorted())
      let questions = facts.map(\.question).joined(separator: " ")
      #expect(text(trial.tokens, vocabulary).hasSuffix("Question: \(questions)\nAnswer:"))
      // Places in the hay, from which the beginning and the needles before are taken off.
      let sentences = try facts.map { try encoder.tokens(of: $0.sentence, part: $0.answer, at: $0.offset) }
      var inserted = trial.leading
      let hay = try #require(trial.labels["question"]) - 1 - sentences.reduce(0) { $0 + $1.tokens.count }
      let depth = try #require(trial.labels["depth"])
      for (number, sentence) in sentences.enumerated() {
        let place = trial.needles[number].lowerBound - sentence.part.lowerBound - inserted
        let limit = hay * (3 * depth + number * (100 - depth)) / 300
        #expect(place <= limit && place > limit - 20)
        inserted += sentence.tokens.count
      }
      let answer = trial.needles.flatMap { trial.tokens[$0] }
      #expect(Array(trial.targets[(trial.tokens.count - 1)...].prefix(answer.count)) == answer)
    }
  }

  @Test("any number of first trials covers lengths and depths evenly, and after the grid the hay is new")
  func order() throws {
    let grid = NeedleGrid(lengths: [100, 200], depths: [0, 50, 100], cases: 6, seed: 3)
    #expect(grid.count == 36)
    let cells = (0..<36).map { grid.cell($0) }
    #expect(Set(cells.map { [$0.length, $0.depth, $0.fact] }).count == 36)
    #expect(Set(cells.prefix(12).map(\.length)).count == 2 && Set(cells.prefix(12).map(\.depth)).count == 3)
    #expect(grid.cell(36) == grid.cell(0))
    let task = try TokenTaskRegistry.task(
      "needle:lengths=300,depths=50,trials=16", vocabulary: Self.words)
    #expect(task.trial(8).labels == task.trial(0).labels && task.trial(8).tokens != task.trial(0).tokens)
  }

  @Test("random needles: the prompt ends with the key, whose only other occurrence the value follows")
  func random() throws {
    let vocabulary = Vocabularies.ids(60)
    let task = try TokenTaskRegistry.task(
      "needle:kind=random,lengths=40,depths=0..100/11,trials=200,closing=7", vocabulary: vocabulary)
    #expect(task.steps == 40)
    for index in 0..<200 {
      let trial = task.trial(index)
      #expect(trial.tokens.count == 36 && trial.maximumNewTokens == 4 && trial.tokens[35] == 7)
      let needle = try #require(trial.needles.first)
      let key = Array(trial.tokens[33..<35])
      #expect(needle.count == 4 && Array(trial.tokens[needle.lowerBound - 2..<needle.lowerBound]) == key)
      let body = trial.tokens[1..<33]
      #expect(body.filter { key.contains($0) }.count == 2 && Set(trial.tokens[needle]).count == 4)
      #expect(body.filter { trial.tokens[needle].contains($0) }.count == 4)
      #expect(trial.tokens.dropFirst().allSatisfy { $0 >= 2 && $0 < 60 })
      #expect(Array(trial.targets[35...]) == Array(trial.tokens[needle]) + [-1])
      // 1 + floor(depth of 26 tokens of hay) + the key.
      #expect(needle.lowerBound == 3 + 26 * (trial.labels["depth"] ?? 0) / 100)
    }
  }

  @Test("the user's own hay and needles, with a frame and the question alone")
  func own() throws {
    let hay = try TemporaryFile("One  cat sat. Two dogs\nran! \"Was it late?\" Yes", name: "hay.txt")
    #expect(
      HaySource.sentences(of: "One  cat sat. Two dogs\nran! \"Was it late?\" Yes")
        == ["One cat sat.", "Two dogs ran!", "\"Was it late?\"", "Yes"])
    let needles = try TemporaryFile(
      #"{"needle":"The code is nine nine.","question":"What is the code?","real_needle":"nine nine"}"#)
    let vocabulary = Self.words
    let task = try TokenTaskRegistry.task(
      "needle:haystack=\(hay.path),needles=\(needles.path),template=none,lengths=40,depths=50,generate=3,"
        + "opening=\"4,4\",closing=5,buffer=15",
      vocabulary: vocabulary)
    let trial = task.trial(0)
    // Hay and needle are the length less the buffer; the frame and the question (5 tokens) are in the buffer.
    #expect(trial.tokens.count == 3 + 25 + 5 + 1)
    #expect(trial.tokens.prefix(3) == [0, 4, 4] && trial.tokens.last == 5 && trial.leading == 3)
    #expect(text(trial.tokens[trial.needles[0]], vocabulary) == " nine nine")
    #expect(text(trial.tokens.dropLast(), vocabulary).hasSuffix(" What is the code?"))
    let body = text(trial.tokens[3..<28], vocabulary)
    let sentences = body.replacing(" The code is nine nine.", with: "")
    let cycle = " One cat sat. Two dogs ran! \"Was it late?\" Yes"
    #expect((cycle + cycle + cycle).contains(sentences))
  }

  @Test("a template of the user's own, its new lines written as two characters")
  func template() throws {
    let task = try TokenTaskRegistry.task(
      #"needle:lengths=300,template="Well, {question}\nSo:""#, vocabulary: Self.words)
    let trial = task.trial(0)
    let fact = NeedleFact.own[try #require(trial.labels["case"])]
    #expect(text(trial.tokens, Self.words).hasSuffix(" Well, \(fact.question)\nSo:"))
  }

  @Test("prose: capitalised sentences with a full stop, of known words")
  func prose() {
    var random = RandomGenerator(seed: 5)
    let known = Set(ProseGenerator.words.map { $0.lowercased() } + ["the", "and", "was", "then"])
    #expect(known.count == 203)
    var seen: Set<String> = []
    for _ in 0..<2000 {
      let sentence = ProseGenerator.sentence(using: &random)
      #expect(sentence.first?.isUppercase == true && sentence.hasSuffix("."))
      let words = sentence.lowercased().split { !$0.isLetter }.map(String.init)
      #expect(words.count <= 17 && words.allSatisfy(known.contains), "\(sentence)")
      seen.insert(sentence)
    }
    #expect(seen.count > 1900)
  }

  @Test("errors")
  func faults() throws {
    #expect(
      tokenFault("needle")
        == "task needle cannot be made for this model: it has no tokenizer, and the task is made of text; wanted "
        + "kind=random, file=cases.jsonl, or a tokenizer")
    #expect(
      tokenFault("needle", Vocabularies.closed(["It", "rained", ".", "the", "farmer"]))
        == "task needle cannot be made for this model: the tokenizer has no token for a part of \"teacher\" and gives "
        + "the special id 1 instead; wanted text that the vocabulary can write")
    let short = tokenFault("needle:lengths=60", Self.words) ?? ""
    #expect(
      short.hasPrefix("task needle cannot take lengths=60: wanted lengths from ")
        && short.hasSuffix("60 leaves no hay"))
    #expect(
      tokenFault("needle:lengths=2048", Vocabularies.words(positions: 1024))
        == "task needle cannot take lengths=2048: wanted lengths up to the model's 1024 positions, not 2048")
    #expect(
      tokenFault("needle", Vocabularies.words(positions: 60))?.contains("and the model has 60 positions")
        == true)
    #expect(
      tokenFault("needle:depths=101", Self.words)
        == "task needle cannot take depths=101: wanted whole numbers from 0 to 100, as in depths=\"a,b,c\" or "
        + "depths=low..high/count")
    #expect(
      tokenFault("needle:needles-per-prompt=9", Self.words)
        == "task needle cannot take needles-per-prompt=9: wanted a whole number from 1 to 8 (there are 8 needles)"
    )
    #expect(
      tokenFault("needle:buffer=20", Self.words)?.contains("(question, frame and generated tokens take ")
        == true)
    #expect(
      tokenFault("needle:kind=random,template=none")
        == "task needle cannot take template=none: wanted it left out, as it has no effect with kind=random")
    #expect(
      tokenFault("needle:kind=random,key=5,value=5", Vocabularies.ids(12))
        == "task needle cannot be made for this model: key and value are 10 distinct tokens, of 10 ids; wanted a "
        + "shorter key or value, so that ids are left for the hay")
    let needles = try TemporaryFile(#"{"needle":"The code is nine.","question":"What?","answer":"ten"}"#)
    #expect(
      tokenFault("needle:needles=\(needles.path)", Self.words)
        == "\(needles.path), line 1: the answer \"ten\" is not in the needle \"The code is nine.\"; wanted an answer "
        + "that is a part of its needle, letter by letter")
    #expect(
      tokenFault("needle:template=ask", Self.words)
        == "task needle cannot take template=ask: wanted none, book, or a text with {question} in it")
    let blank = try TemporaryFile(" \n", name: "hay.txt")
    #expect(
      tokenFault("needle:haystack=\(blank.path)", Self.words)
        == "\(blank.path): it holds no text; wanted text in UTF-8")
  }
}
