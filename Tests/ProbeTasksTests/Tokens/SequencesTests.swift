import ProbeTasks
import Testing

@Suite("The user's own tokens")
struct TokenSequencesTests {
  @Test("targets are the next token, or those given")
  func lines() throws {
    let file = try TemporaryFile(#"{"tokens":[5,6,7]}"# + "\n" + #"{"tokens":[5,6],"targets":[-1,9]}"#)
    let task = try TokenTaskRegistry.task("tokens:file=\(file.path)", vocabulary: Vocabularies.ids())
    #expect(task.trials == 2 && task.steps == 3)
    #expect(
      task.trial(0)
        == TokenTrial(tokens: [5, 6, 7], targets: [6, 7, -1], labels: ["case": 0, "length": 3]))
    #expect(
      task.trial(1) == TokenTrial(tokens: [5, 6], targets: [-1, 9], labels: ["case": 1, "length": 2]))
    let begun = try TokenTaskRegistry.task(
      "tokens:file=\(file.path),bos=auto", vocabulary: Vocabularies.ids())
    #expect(begun.trial(1).tokens == [0, 5, 6] && begun.trial(1).targets == [-1, -1, 9] && begun.steps == 4)
  }

  @Test(
    "a damaged line is named with what was seen and what would be right",
    arguments: [
      (#"{"tokens":[]}"#, "tokens is empty; wanted at least one id"),
      (#"{"tokens":[5,1000]}"#, "tokens[1] is 1000; wanted token ids of the vocabulary, from 0 to 999"),
      (
        #"{"tokens":[5],"targets":[-2]}"#,
        "targets[0] is -2; wanted token ids of the vocabulary, from 0 to 999"
      ),
      (#"{"tokens":[5],"targets":[1,2]}"#, "targets has 2 entries for 1 tokens; wanted one for each token"),
      (#"{"tokens":[1,2,3,4,5]}"#, "5 tokens; wanted at most the model's 4 positions"),
      (
        #"{"ids":[1]}"#,
        "it has no \"tokens\"; wanted a line each {\"tokens\":[ids],\"targets\":[ids or -1]}, the targets optional"
      ),
    ])
  func damaged(line: String, fault: String) throws {
    let file = try TemporaryFile(#"{"tokens":[5]}"# + "\n" + line)
    #expect(
      tokenFault("tokens:file=\(file.path)", Vocabularies.ids(positions: 4))
        == "\(file.path), line 2: \(fault)")
  }

  @Test("the file must be named")
  func unnamed() {
    #expect(
      tokenFault("tokens")?.hasPrefix("task tokens cannot take file=none: wanted the path of a file") == true)
    #expect(tokenFault("text") == "task text cannot take file=none: wanted the path of a text file")
  }
}

@Suite("The user's own text")
struct TextSequencesTests {
  @Test("lines: one prompt each, blank ones left out, the first token not asked")
  func lines() throws {
    let file = try TemporaryFile("ab\r\n\n  \nc\u{301}d", name: "prompts.txt")
    let task = try TokenTaskRegistry.task("text:file=\(file.path)", vocabulary: Vocabularies.bytes())
    #expect(task.trials == 2 && task.steps == 5)
    let (a, b) = (97 + 2, 98 + 2)
    #expect(
      task.trial(0)
        == TokenTrial(
          tokens: [0, a, b], targets: [-1, b, -1], labels: ["case": 0, "length": 3, "line": 1], leading: 1))
    // The combining accent stays the two bytes that it is.
    #expect(
      task.trial(1).tokens == [0, 99 + 2, 0xCC + 2, 0x81 + 2, 100 + 2] && task.trial(1).labels["line"] == 4)
  }

  @Test("blocks: the whole text in order, each block after the beginning")
  func blocks() throws {
    let file = try TemporaryFile("abcdefgh\n", name: "book.txt")
    let task = try TokenTaskRegistry.task(
      "text:file=\(file.path),split=blocks,steps=5", vocabulary: Vocabularies.bytes())
    #expect(task.trials == 3 && task.steps == 5)
    let joined = (0..<3).flatMap { task.trial($0).tokens.dropFirst() }
    #expect(joined == "abcdefgh\n".utf8.map { Int($0) + 2 })
    #expect((0..<3).map { task.trial($0).tokens.count } == [5, 5, 2])
    #expect(task.trial(0).targets == [-1, 100, 101, 102, -1])
  }

  @Test("errors")
  func faults() throws {
    let file = try TemporaryFile("ab\nabcdef\n", name: "prompts.txt")
    #expect(
      tokenFault("text:file=\(file.path)", Vocabularies.bytes(positions: 4))
        == "\(file.path), line 2: 7 tokens; wanted at most the model's 4 positions, or split=blocks")
    #expect(
      tokenFault("text:file=\(file.path)")
        == "task text cannot be made for this model: it has no tokenizer, and \(file.path) is text; wanted a "
        + "tokenizer, or the task tokens with ids")
    #expect(
      tokenFault("text:file=\(file.path),split=blocks,steps=2", Vocabularies.bytes(positions: 4))
        == "task text cannot take steps=2: wanted auto or a whole number from 3 to 4")
    let empty = try TemporaryFile("", name: "prompts.txt")
    #expect(
      tokenFault("text:file=\(empty.path)", Vocabularies.bytes())
        == "\(empty.path): it holds no text; wanted text in UTF-8")
  }
}
