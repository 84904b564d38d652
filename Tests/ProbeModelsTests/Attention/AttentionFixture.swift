import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

/// A small random checkpoint, and what transformers says of it.
///
/// Made by `scripts/fixtures/make_attention_fixtures.py`.
struct AttentionFixture {
  /// Models of tokens that generate.
  static let generators = [
    "gemma", "gemma2", "gpt-neox-parallel", "gpt-neox-sequential", "gpt2", "gpt2-hub", "llama-3",
    "llama-bias",
    "llama-dynamic", "llama-gqa-sharded", "llama-linear", "llama-mha", "llama-yarn", "llama-yarn-mscale",
    "mistral", "qwen2", "qwen3",
  ]
  /// Models that look ahead.
  static let encoders = ["bert", "bert-bare"]
  /// Models of images.
  static let vision = ["dinov2", "dinov2-swiglu", "vit"]

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/attention")

  let folder: String
  let expected: Checkpoint
  let model: AttentionModel

  init(_ name: String) throws {
    folder = Self.root.appending(path: name).path(percentEncoded: false)
    expected = try Checkpoint.open(path: folder + "/expected.safetensors")
    model = try AttentionModel.load(folder: folder)
  }

  /// The trials of a run, and the model for their size.
  func trials(_ prefix: String = "") throws -> (model: AttentionModel, batch: TrialBatch) {
    if expected.information(prefix + "pixels") != nil {
      return try model.reading(pixels: try expected.tensor(prefix + "pixels", as: Double.self))
    }
    let tokens = try expected.integers(prefix + "tokens")
    var batch = TrialBatch(inputs: .tokens(tokens))
    if expected.information(prefix + "token_types") != nil {
      batch.tokenTypes = try expected.integers(prefix + "token_types")
    }
    return (model.sized(forSteps: tokens.shape[1]), batch)
  }

  /// The sites of a run, and their values by transformers.
  func sites(_ prefix: String = "") throws -> [(name: String, values: Tensor<Double>)] {
    let inputs = ["tokens", "token_types", "pixels"]
    let names = expected.names.filter { name in
      name.hasPrefix(prefix)
        && !["short.", "generated.", "resized."].contains { prefix.isEmpty && name.hasPrefix($0) }
    }
    return try names.map { String($0.dropFirst(prefix.count)) }.filter { !inputs.contains($0) }
      .map { ($0, try expected.tensor(prefix + $0, as: Double.self)) }
  }
}

/// Runs a model and keeps the sites that are named, each `[trial, time, element]`.
func run(
  _ model: AttentionModel, _ batch: TrialBatch, _ names: [String], precision: Precision = .f32,
  threads: Int = 1,
  promptBlock: Int = 1024, timeBlock: Int = 256
) throws -> [String: Tensor<Double>] {
  let sites = names.compactMap { model.site(named: $0) }.sorted()
  var plan = RunPlan(observed: sites, precision: precision, timeBlock: timeBlock, threads: threads)
  plan.promptBlock = promptBlock
  var recorder = MemoryRecorder(model: model, plan: plan, trials: batch.count, steps: batch.steps)
  try model.run(batch, plan: plan, recorder: &recorder)
  return Dictionary(uniqueKeysWithValues: zip(sites.map { model.sites[$0].name }, recorder.values))
}

/// The largest difference as a share of the largest wanted value; not a number where either has one.
func relativeError(_ values: [Double], _ wanted: [Double]) -> Double {
  guard values.count == wanted.count, !values.isEmpty else { return .infinity }
  var (difference, scale) = (0.0, 0.0)
  for (value, reference) in zip(values, wanted) {
    guard (value - reference).isFinite else { return .nan }
    difference = max(difference, abs(value - reference))
    scale = max(scale, abs(reference))
  }
  return difference / scale
}
