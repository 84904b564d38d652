import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks
import Testing

@testable import ProbeAnalyses

/// The attention model that comes with the project against what transformers says of it
/// (`notebooks-data/training/evaluate_heads_demo.py`).
@Suite struct ShippedHeadsTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct Reference: Decodable {
    struct Pruning: Decodable {
      let k: Int
      let top: [String: Double]
    }
    let accuracy: [String: Double]
    let scores: [String: [[Double?]]]
    let pruning: [String: [Pruning]]

    /// Heads, best first; the first of equal ones leads, as in the script.
    func ranking(_ score: String) -> [Int] {
      let values = (scores[score] ?? []).flatMap { $0 }.map { $0 ?? -1 }
      return values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
    }
  }

  struct NeedleCase: Decodable {
    let prompt: [Int]
    let needle_start: Int
    let needle_end: Int
    let max_new_tokens: Int
  }

  struct TokenCase: Decodable {
    let tokens: [Int]
    let targets: [Int]
  }

  static func lines<Case: Decodable>(_ name: String, as type: Case.Type) throws -> [Case] {
    let text = try String(
      contentsOf: root.appending(path: "notebooks-data/inputs/heads-demo/\(name).jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }

  static func prompts(_ task: String) throws -> [TaskPrompts.Prompt] {
    if task == "needles" {
      return try lines(task, as: NeedleCase.self).enumerated().map { index, value in
        TaskPrompts.Prompt(
          trial: index, tokens: value.prompt, targets: value.prompt.map { _ in -1 },
          needles: [value.needle_start..<value.needle_end], newTokens: value.max_new_tokens)
      }
    }
    return try lines(task, as: TokenCase.self).enumerated().map { index, value in
      TaskPrompts.Prompt(
        trial: index, tokens: value.tokens, targets: value.targets, needles: [], newTokens: 0)
    }
  }

  static func reference() throws -> Reference {
    try JSONDecoder().decode(
      Reference.self,
      from: Data(contentsOf: root.appending(path: "scripts/fixtures/heads_demo_reference.json")))
  }

  static func accuracy() throws -> TaskAccuracy {
    let path = root.appending(path: "notebooks-data/models/heads-demo").path(percentEncoded: false)
    return try #require(
      TaskAccuracy(
        try AttentionModel.load(folder: path), longest: 128, precision: .f32, fromGeneration: false))
  }

  /// The share of all asked steps, or of all needles, as the script counts.
  static func share(_ accuracy: TaskAccuracy, _ prompts: [TaskPrompts.Prompt], without heads: [Int]) throws
    -> Double
  {
    let width = accuracy.model.heads
    let removed = heads.map { HeadIndex(layer: $0 / width, head: $0 % width) }
    let weights = prompts.map { $0.needles.isEmpty ? Double($0.asked.count) : 1 }
    let scores = try concurrentMap(count: prompts.count, threads: 2) {
      try accuracy.score(prompts[$0], without: removed, replacement: .zero)
    }
    return zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }

  @Test(
    "with the best heads of a score zeroed, each task is answered as transformers answers it",
    arguments: ["retrieval", "induction", "successor"])
  func pruned(score: String) throws {
    let reference = try Self.reference()
    let accuracy = try Self.accuracy()
    let ranking = reference.ranking(score)
    for task in ["needles", "repeats", "lists"] {
      let prompts = try Self.prompts(task)
      // The reference has six decimals.
      #expect(
        abs(try Self.share(accuracy, prompts, without: []) - (reference.accuracy[task] ?? .nan)) <= 1e-6)
      for row in reference.pruning[score] ?? [] where row.k == 1 || row.k == 5 {
        let own = try Self.share(accuracy, prompts, without: Array(ranking.prefix(row.k)))
        #expect(abs(own - (row.top[task] ?? .nan)) <= 1e-6, "\(score), \(task), \(row.k): \(own)")
      }
    }
  }

  @Test(
    "pruning five heads of a kind breaks the task that they serve; five matched random ones do not",
    arguments: [("retrieval", "needles"), ("induction", "repeats"), ("successor", "lists")])
  func breaks(score: String, task: String) throws {
    let prompts = Array(try Self.prompts(task).prefix(16))
    let pruner = try Pruner(try Self.accuracy(), prompts: prompts, threads: 2)
    let points = try pruner.points(
      try Self.reference().ranking(score), sizes: [5], ablation: .zero, draws: 10,
      bootstrap: PromptBootstrap(resamples: 500, seed: 1), progress: { _ in })
    let point = try #require(points.first).comparison
    #expect(point.intact.mean > 0.9)
    // What is left is less than half of what there was; of random heads more than nine tenths.
    #expect(point.pruned.mean < 0.5 * point.intact.mean, "\(point)")
    #expect(point.random.mean > 0.9 * point.intact.mean, "\(point)")
    #expect(try #require(point.difference.low) > 0.3, "\(point)")
    #expect(point.probability == 1.0 / 11)
  }
}
