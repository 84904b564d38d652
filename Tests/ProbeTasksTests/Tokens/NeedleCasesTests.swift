import ProbeTasks
import Testing

@Suite("Needle cases from a file")
struct NeedleCasesTests {
  static let good = #"{"prompt":[5,6,7,8,9],"needle_start":1,"needle_end":3,"max_new_tokens":4}"#

  @Test("prompt, needle and number of generated tokens are those of the line")
  func plain() throws {
    let file = try TemporaryFile(
      Self.good + "\n\n"
        + #"{"prompt":[9,8,7],"needles":[[2,3],[0,1]],"max_new_tokens":1,"length":64,"depth":70,"note":"x"}"#
        + "\r\n")
    let task = try TokenTaskRegistry.task("needle:file=\(file.path)", vocabulary: Vocabularies.ids())
    #expect(task.trials == 2 && task.steps == 9)
    #expect(
      task.trial(0)
        == TokenTrial(
          tokens: [5, 6, 7, 8, 9], targets: [-1, -1, -1, -1, 6, 7], needles: [1..<3], maximumNewTokens: 4,
          labels: ["case": 0, "length": 5, "depth": 20]))
    // One token is generated, so one is asked; needles stand in the order given.
    #expect(
      task.trial(1)
        == TokenTrial(
          tokens: [9, 8, 7], targets: [-1, -1, 7, -1], needles: [2..<3, 0..<1], maximumNewTokens: 1,
          labels: ["case": 1, "length": 64, "depth": 70]))
  }

  @Test(
    "a beginning-of-sequence token is put before the prompt on request alone, and the needle moves with it")
  func beginning() throws {
    let file = try TemporaryFile(Self.good)
    let vocabulary = Vocabularies.ids(positions: 10)
    let without = try TokenTaskRegistry.task("needle:file=\(file.path)", vocabulary: vocabulary).trial(0)
    #expect(without.tokens[0] == 5 && without.leading == 0)
    let with = try TokenTaskRegistry.task("needle:file=\(file.path),bos=true", vocabulary: vocabulary).trial(
      0)
    #expect(with.tokens == [0, 5, 6, 7, 8, 9] && with.needles == [2..<4] && with.leading == 1)
    #expect(with.targets == [-1, -1, -1, -1, -1, 6, 7, -1, -1, -1])
    #expect(with.labels["depth"] == 20)
  }

  @Test("a line that does not say how many tokens to generate takes the task's number; 0 asks the end alone")
  func defaultLength() throws {
    let file = try TemporaryFile(#"{"prompt":[5,6,7],"needle_start":0,"needle_end":2}"#)
    let vocabulary = Vocabularies.ids()
    #expect(
      try TokenTaskRegistry.task("needle:file=\(file.path)", vocabulary: vocabulary).trial(0).maximumNewTokens
        == 50)
    let none = try TokenTaskRegistry.task("needle:file=\(file.path),generate=0", vocabulary: vocabulary)
    #expect(none.trial(0).targets == [-1, -1, 5] && none.steps == 3)
  }

  @Test("fewer trials than lines are the first; more are refused")
  func count() throws {
    let file = try TemporaryFile(
      Self.good + "\n" + #"{"prompt":[1,2,3,4,5,6,7,8,9,10,11],"needles":[[0,1]]}"#)
    let one = try TokenTaskRegistry.task("needle:trials=1,file=\(file.path)", vocabulary: Vocabularies.ids())
    #expect(one.trials == 1 && one.steps == 9)
    #expect(
      tokenFault("needle:trials=3,file=\(file.path)")
        == "task needle cannot take trials=3: wanted auto or a whole number from 1 to 2 (the cases of \(file.path))"
    )
  }

  static let shape =
    "a line each {\"prompt\":[ids],\"needle_start\":s,\"needle_end\":e,\"max_new_tokens\":n}, the end exclusive, or "
    + "\"needles\":[[s,e],...]"

  @Test(
    "a damaged line is named with what was seen and what would be right",
    arguments: [
      (
        #"{"prompt":[5,1000],"needle_start":0,"needle_end":1}"#,
        "prompt[1] is 1000; wanted token ids of the vocabulary, from 0 to 999"
      ),
      (
        #"{"prompt":[-1],"needle_start":0,"needle_end":1}"#,
        "prompt[0] is -1; wanted token ids of the vocabulary, from 0 to 999"
      ),
      (#"{"prompt":[],"needle_start":0,"needle_end":1}"#, "prompt is empty; wanted at least one id"),
      (
        #"{"prompt":[5,6],"needle_start":1,"needle_end":1}"#,
        "the needle from 1 to 1 (exclusive) is empty; wanted 0 <= start < end <= 2, the prompt's length"
      ),
      (
        #"{"prompt":[5,6],"needle_start":2,"needle_end":1}"#,
        "the needle from 2 to 1 (exclusive) is reversed; wanted 0 <= start < end <= 2, the prompt's length"
      ),
      (
        #"{"prompt":[5,6],"needle_start":1,"needle_end":3}"#,
        "the needle from 1 to 3 (exclusive) is not in the prompt; wanted 0 <= start < end <= 2, the prompt's length"
      ),
      (
        #"{"prompt":[5,6],"needle_start":-1,"needle_end":1}"#,
        "the needle from -1 to 1 (exclusive) is not in the prompt; wanted 0 <= start < end <= 2, the prompt's length"
      ),
      (
        #"{"prompt":[5,6],"needles":[[0,1],[1]]}"#,
        "a needle of 1 numbers; wanted a start and an exclusive end for each needle"
      ),
      (#"{"prompt":[5,6],"needles":[]}"#, "needles is empty; wanted at least one needle"),
      (
        #"{"prompt":[5,6],"needles":[[0,1]],"needle_start":1}"#,
        "it has both needles and needle_start or needle_end; wanted one way to say where the needle is"
      ),
      (#"{"prompt":[5,6],"needle_start":1}"#, "it does not say where the needle is; wanted \(shape)"),
      (
        #"{"prompt":[5,6],"needle_start":0,"needle_end":1,"max_new_tokens":-1}"#,
        "max_new_tokens is -1; wanted a number from 0 to 1000000"
      ),
      (
        #"{"prompt":[5,6],"needle_start":0,"needle_end":1,"max_new_tokens":60}"#,
        "a prompt of 2 tokens and 60 to be generated; wanted at most the model's 61 positions together"
      ),
      (#"{"needle_start":0,"needle_end":1}"#, "it has no \"prompt\"; wanted \(shape)"),
      (#"{"prompt":"text","needle_start":0,"needle_end":1}"#, "prompt is of another kind; wanted \(shape)"),
      (
        #"{"prompt":[5,"6"],"needle_start":0,"needle_end":1}"#,
        "prompt[1] is of another kind; wanted \(shape)"
      ),
      (
        #"{"prompt":[5,6.5],"needle_start":0,"needle_end":1}"#,
        "it has a number that is not whole, or beyond 64 bits; wanted \(shape)"
      ),
      ("[5,6]", "the line is of another kind; wanted \(shape)"),
      ("{", "it is not JSON; wanted \(shape)"),
    ])
  func damaged(line: String, fault: String) throws {
    // The second line of three, counting the blank one.
    let file = try TemporaryFile(Self.good + "\n \n" + line + "\n" + Self.good + "\n")
    #expect(
      tokenFault("needle:file=\(file.path)", Vocabularies.ids(positions: 61))
        == "\(file.path), line 3: \(fault)")
  }

  @Test("a file that is empty, or is none, and parameters that have no effect are refused")
  func files() throws {
    let empty = try TemporaryFile("\n  \n")
    #expect(
      tokenFault("needle:file=\(empty.path)")
        == "\(empty.path): it holds no line of JSON; wanted \(Self.shape)")
    #expect(
      tokenFault("needle:file=/nowhere/cases.jsonl")
        == "task needle cannot read /nowhere/cases.jsonl: there is no such file")
    #expect(tokenFault("needle:file=/") == "task needle cannot read /: it is not a file that can be read")
    let file = try TemporaryFile(Self.good)
    #expect(
      tokenFault("needle:file=\(file.path),lengths=100")
        == "task needle cannot take lengths=100: wanted it left out, as it has no effect on the prompts of a file"
    )
    #expect(
      tokenFault("needle:kind=random,file=\(file.path)")
        == "task needle cannot take kind=random: wanted file or auto, as file= is given")
    #expect(tokenFault("needle:kind=file") == "task needle cannot take kind=file: wanted file=PATH with it")
  }
}
