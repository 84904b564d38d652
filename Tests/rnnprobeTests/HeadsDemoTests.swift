import Foundation
import ProbeCapture
import ProbeLinearAlgebra
import Testing

/// From the shipped attention model to its heads, as the README's tour goes.
@Suite("The shipped attention model")
struct HeadsDemoTests {
  private static let inputs = CommandLineProgram.packageFolder + "/notebooks-data/inputs/heads-demo"
  private static let model = CommandLineProgram.packageFolder + "/notebooks-data/models/heads-demo"

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> CommandLineProgram.Result {
    let result = try CommandLineProgram.run(arguments, in: folder.path, timeLimit: 600)
    try #require(result.status == 0, "\(result)")
    return result
  }

  private func number(_ text: String) throws -> Double { try #require(Double(text), "'\(text)'") }

  @Test(
    "retrieves, repeats and counts by heads without which it fails, while random others do no harm",
    .timeLimit(.minutes(15)))
  func heads() throws {
    let folder = try TemporaryFolder()
    let needles = try run(
      [
        "capture", Self.model, "--task", "needle:file=\(Self.inputs)/needles.jsonl", "--sites",
        "*.attn.summary.*", "-o", "needles.h5",
      ], in: folder)
    #expect(needles.output.hasPrefix("needles.h5: 60 trials"))
    _ = try run(
      ["capture", Self.model, "--task", "repeated-tokens:trials=24", "-o", "repeats.h5"], in: folder)
    _ = try run(["capture", Self.model, "--task", "lists:trials=48", "-o", "lists.h5"], in: folder)
    let analyzed = try run(
      [
        "analyze", "heads", "repeats.h5", "needles.h5", "lists.h5", "--model", Self.model, "-o", "report",
        "--prune-draws", "5", "--prune-prompts", "24", "--ablation", "zero",
      ], in: folder)
    #expect(analyzed.output.contains("Pruning takes the task that a score serves"), "\(analyzed.output)")

    let heads = try CSVFile(folder.file("report/heads.csv"))
    #expect(Array(heads.header.prefix(2)) == ["layer", "head"])
    #expect(heads.rows.count == 32)
    for score in [
      "retrieval", "retrieval_copy_rate", "successor", "induction", "previous_token", "duplicate_token",
      "first_token",
    ] {
      for column in [score, score + "_low", score + "_high"] {
        #expect(heads.header.contains(column), "\(column)")
      }
    }
    // The thresholds of the published definitions: a strong retrieval head, most of the list words, half the weight.
    for (score, least) in [("retrieval", 0.5), ("successor", 0.5), ("induction", 0.5)] {
      let best = heads.column(score).compactMap(Double.init).max() ?? .nan
      #expect(best >= least, "the best \(score) head has \(best)")
    }
    // By chance alone no head would come near them.
    for (score, most) in [("induction", 0.1), ("previous_token", 0.1), ("retrieval", 0.1)] {
      let null = heads.column(score + "_null").compactMap(Double.init).max() ?? .nan
      #expect(null < most, "the null of \(score) reaches \(null)")
    }
    let pruning = try CSVFile(folder.file("report/pruning.csv"))
    for (score, capture) in [("induction", "repeats"), ("retrieval", "needles"), ("successor", "lists")] {
      let rows = pruning.rows.indices.filter {
        pruning.column("score")[$0] == score && pruning.column("capture")[$0] == capture
          && pruning.column("heads")[$0] == "5"
      }
      let row = try #require(rows.first, "\(score) on \(capture) with 5 heads")
      let intact = try number(pruning.column("intact")[row])
      let pruned = try number(pruning.column("accuracy")[row])
      let random = try number(pruning.column("random_accuracy")[row])
      #expect(intact > 0.9, "\(score): \(intact) intact")
      #expect(pruned < 0.5, "\(score): \(pruned) without its five best heads")
      #expect(random > 0.9, "\(score): \(random) without five random others")
      #expect(try number(pruning.column("difference_low")[row]) > 0.2, "\(score)")
    }
    for file in ["index.html", "summary.json", "needle_grid.csv", "successor_tasks.csv", "reliability.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("report/" + file)), "\(file)")
    }
  }

  /// What the committed script computed with transformers and numpy.
  private struct Reference: Decodable {
    var scores: [String: [[Double?]]]
    var successor_by_list: [String: [[Double?]]]
  }

  @Test("has the scores that transformers and numpy give", .timeLimit(.minutes(10)))
  func reference() throws {
    let folder = try TemporaryFolder()
    _ = try run(
      [
        "capture", Self.model, "--task", "needle:file=\(Self.inputs)/needles.jsonl", "--sites", "*.argmax",
        "--positions", "generated", "-o", "needles.h5",
      ], in: folder)
    _ = try run(
      ["capture", Self.model, "--task", "tokens:file=\(Self.inputs)/repeats.jsonl", "-o", "repeats.h5"],
      in: folder)
    _ = try run(
      [
        "analyze", "heads", "repeats.h5", "needles.h5", "--model", Self.model, "-o", "report", "--prune",
        "none",
        "--null-prompts", "0",
      ], in: folder)
    let file = CommandLineProgram.packageFolder + "/scripts/fixtures/heads_demo_reference.json"
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: URL(filePath: file)))
    let heads = try CSVFile(folder.file("report/heads.csv"))
    // The reference has six decimals; attention in f32 over some hundred keys adds less.
    for (column, name) in [
      ("retrieval", "retrieval"), ("retrieval_copy_rate", "retrieval_copy_rate"), ("induction", "induction"),
      ("previous_token", "previous"),
    ] {
      let wanted = try #require(reference.scores[name]).joined().map { $0 ?? .nan }
      let found = try heads.column(column).map(number)
      #expect(found.count == wanted.count)
      let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? .nan
      #expect(worst < 1e-5, "\(column): \(worst)")
    }
    let successors = try CSVFile(folder.file("report/successor_tasks.csv"))
    for (task, list) in [
      ("numbers", "digits"), ("number words", "number_words"), ("ordinal words", "ordinals"),
      ("days", "days"),
      ("months", "months"), ("letters", "letters"), ("Roman numerals", "roman"),
    ] {
      let wanted = try #require(reference.successor_by_list[list])
      for row in successors.rows.indices where successors.column("task")[row] == task {
        let layer = try #require(Int(successors.column("layer")[row]))
        let head = try #require(Int(successors.column("head")[row]))
        guard let value = wanted[layer][head] else { continue }
        let found = try number(successors.column("accuracy")[row])
        #expect(abs(found - value) < 1e-5, "\(task) of \(layer).\(head): \(found), reference \(value)")
      }
    }
  }

  @Test("is captured from text, and says what its tokens are")
  func text() throws {
    let folder = try TemporaryFolder()
    try Data("first storm second branch third\nMonday heron Tuesday loaf".utf8).write(
      to: URL(filePath: folder.file("prompts.txt")))
    _ = try run(
      [
        "capture", Self.model, "--text", "prompts.txt", "--generate", "3", "--sites",
        "*.resid_post,*.pattern,logits", "-o", "t.h5",
      ], in: folder)
    let reader = try CaptureReader(folder.file("t.h5"))
    #expect(reader.metadata.trials == 2)
    let prompts = try #require(try reader.table("prompt_lengths")).elements
    #expect(zip(reader.metadata.lengths, prompts).allSatisfy { $0 == $1 + 3 })
    let texts = Set(try reader.vocabulary().map(\.text))
    #expect(texts.isSuperset(of: ["first", "Monday", "storm"]), "\(texts)")
    #expect(try reader.values(of: "blocks.0.attn.pattern", as: Float.self).shape[3] == reader.metadata.steps)
  }

  @Test("stops when its retrieval heads have settled, and scores by the runs that did not decide")
  func settling() throws {
    let folder = try TemporaryFolder()
    let stopped = try run(
      [
        "capture", Self.model, "--task", "needle:file=\(Self.inputs)/needles.jsonl", "--sites", "*.argmax",
        "--positions", "generated", "--stop-when-settled", "8", "-o", "needles.h5",
      ], in: folder)
    #expect(!stopped.output.hasPrefix("needles.h5: 60 trials"), "\(stopped)")
    let reader = try CaptureReader(folder.file("needles.h5"))
    let made = reader.metadata.done.count { $0 }
    #expect(reader.metadata.isComplete)
    // Ten kept runs at least decide, and as many do not.
    #expect((20..<60).contains(made), "\(made) runs were made")
    #expect(reader.metadata.done.prefix(made).allSatisfy { $0 }, "the first ones, whatever the threads")
    _ = try run(
      ["analyze", "heads", "needles.h5", "-o", "report", "--prune", "none", "--model", Self.model], in: folder
    )
    let summary = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: folder.file("report/summary.json"))))
    let numbers = try #require((summary as? [String: Any])?["numbers"] as? [String: Any])
    #expect(numbers["runs_made"] as? Int == made)
    let best = try CSVFile(folder.file("report/heads.csv")).column("retrieval").compactMap(Double.init).max()
    #expect(best ?? .nan > 0.9)
  }

  @Test("is analysed without the patterns of a capture that holds some heads alone, and says so")
  func someHeads() throws {
    let folder = try TemporaryFolder()
    _ = try run(
      ["capture", Self.model, "--task", "repeated-tokens:trials=2", "--heads", "1,3", "-o", "some.h5"],
      in: folder)
    let analyzed = try run(
      ["analyze", "heads", "some.h5", "-o", "report", "--prune", "none", "--patch-prompts", "0"], in: folder)
    #expect(analyzed.error.contains("some holds some heads alone"), "\(analyzed)")
    #expect(!(try CSVFile(folder.file("report/heads.csv")).header.contains("induction")))
  }

  @Test("keeps all needles of a file whose cases have different numbers of them")
  func severalNeedles() throws {
    let folder = try TemporaryFolder()
    try Data(
      """
      {"prompt":[5,6,7,8,9,10],"needle_start":1,"needle_end":2,"max_new_tokens":2}
      {"prompt":[5,6,7,8,9,10],"needles":[[1,2],[3,5]],"max_new_tokens":2}

      """.utf8
    ).write(to: URL(filePath: folder.file("cases.jsonl")))
    _ = try run(
      ["capture", Self.model, "--task", "needle:file=cases.jsonl", "--sites", "*.argmax", "-o", "n.h5"],
      in: folder)
    let needles = try #require(try CaptureReader(folder.file("n.h5")).table("needles"))
    #expect(needles.shape == [2, 2, 2])
    #expect(needles.elements == [1, 2, -1, -1, 1, 2, 3, 5])
  }

  @Test("takes heads out by name", arguments: ["zero", "mean", "uniform"])
  func ablation(_ replacement: String) throws {
    let folder = try TemporaryFolder()
    for (name, heads) in [("intact", ""), ("pruned", "3.5,3.1,3.2,3.4,3.0")] {
      _ = try run(
        [
          "capture", Self.model, "--task", "repeated-tokens:trials=4", "--sites", "logits", "-o",
          name + ".h5",
        ] + (heads.isEmpty ? [] : ["--ablate", heads, "--ablation", replacement]), in: folder)
    }
    func accuracy(_ name: String) throws -> Double {
      let reader = try CaptureReader(folder.file(name + ".h5"))
      let logits = try reader.values(of: "logits", as: Float.self)
      guard case .classes(let targets) = try #require(try reader.targets()) else { return .nan }
      let size = logits.shape[2]
      var (right, asked) = (0, 0)
      for (row, target) in targets.elements.enumerated() where target >= 0 {
        let values = logits.elements[row * size..<(row + 1) * size]
        asked += 1
        right += values.indices.max { values[$0] < values[$1] } == row * size + target ? 1 : 0
      }
      return Double(right) / Double(asked)
    }
    #expect(try accuracy("intact") > 0.95)
    #expect(try accuracy("pruned") < 0.6)
  }

  @Test("meets wrong commands with a sentence and the right exit code")
  func errors() throws {
    let folder = try TemporaryFolder()
    try Data("{\"prompt\":[1,2,3],\"needle_start\":2,\"needle_end\":9,\"max_new_tokens\":4}\n".utf8).write(
      to: URL(filePath: folder.file("cases.jsonl")))
    let manager = FileManager.default
    try manager.copyItem(atPath: Self.model, toPath: folder.file("unigram"))
    try Data("{\"version\":\"1.0\",\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0.0]]}}".utf8).write(
      to: URL(filePath: folder.file("unigram/tokenizer.json")))
    let sharded =
      CommandLineProgram.packageFolder + "/Tests/ProbeModelsTests/Fixtures/attention/llama-gqa-sharded"
    try manager.copyItem(atPath: sharded, toPath: folder.file("shardless"))
    try manager.removeItem(atPath: folder.file("shardless/model-00002-of-00003.safetensors"))
    let cases: [(arguments: [String], status: Int32, words: String)] = [
      (["capture", Self.model], 2, "give --task NAME"),
      (["capture", Self.model, "--task", "flipflop"], 2, "flipflop has vectors as inputs"),
      (["capture", Self.model, "--task", "flipflip"], 2, "there is no task 'flipflip'"),
      (["capture", Self.model, "--task", "needle:file=cases.jsonl"], 3, "cases.jsonl, line 1"),
      (["capture", Self.model, "--task", "repeated-tokens", "--ablate", "9.0"], 2, "it has no head 9.0"),
      (["capture", Self.model, "--task", "repeated-tokens", "--ablate", "x"], 2, "LAYER.HEAD"),
      (["capture", Self.model, "--task", "repeated-tokens", "--sites", "blocks.9.*"], 2, "no site matches"),
      (["capture", Self.model, "--task", "repeated-tokens", "--positions", "b"], 2, "positions"),
      (
        ["capture", Self.model, "--task", "repeated-tokens", "--stop-when-settled", "5"], 2, "needle prompts"
      ),
      (["capture", Self.model, "--inputs", "cases.jsonl"], 2, "reads tokens; give them with"),
      (["analyze", "heads", "nothing.h5"], 2, "nothing.h5"),
      (["capture", "unigram", "--task", "repeated-tokens"], 3, "a model of type Unigram"),
      (["capture", "shardless", "--task", "repeated-tokens"], 2, "model-00002-of-00003.safetensors"),
    ]
    for (arguments, status, words) in cases {
      let result = try CommandLineProgram.run(arguments, in: folder.path)
      #expect(result.status == status, "\(arguments): \(result)")
      #expect(result.error.contains(words), "\(arguments): \(result.error)")
    }
  }
}
