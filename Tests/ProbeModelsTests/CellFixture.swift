import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

/// A fixture made by PyTorch: weights, inputs and what the cell must answer.
///
/// Made by `scripts/fixtures/make_cell_fixtures.py`.
struct CellFixture {
  static let names = [
    "alrnn", "elman-relu", "elman-tanh", "gru", "gru-2-layers", "gru-bidirectional", "gru-nobias",
    "gru-original",
    "leaky-potential-relu", "leaky-potential-tanh", "leaky-rate-relu", "leaky-rate-tanh", "low-rank", "lstm",
    "lstm-2-layers", "lstm-bidirectional", "lstm-projection", "plrnn", "shallow-plrnn",
    "state-regularized-gru", "state-regularized-gru-2-layers", "state-regularized-gru-soft",
  ]
  /// The fixtures of models that are maps.
  static let maps = names.filter { !$0.contains("bidirectional") }

  let checkpoint: Checkpoint
  let model: RecurrentModel

  init(_ name: String) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/\(name).safetensors")
    checkpoint = try Checkpoint.open(path: path.path())
    var request = ModelRequest()
    request.prefix = "rnn"
    model = try RecurrentModel.load(path: path.path(), request: request)
  }

  func tensor(_ name: String) throws -> Tensor<Double> { try checkpoint.tensor(name, as: Double.self) }

  /// The batch of all trials with their initial states.
  func batch() throws -> TrialBatch {
    var initial: [String: Tensor<Double>] = [:]
    for name in checkpoint.names where name.hasPrefix("initial.") {
      let site = String(name.dropFirst("initial.".count))
      initial[site.hasPrefix("layers.") ? site : "layers.0." + site] = try tensor(name)
    }
    return TrialBatch(inputs: .values(try tensor("input")), initialStates: initial)
  }

  /// Site name -> what PyTorch computed, in the given precision.
  func expected(_ suffix: String) throws -> [String: Tensor<Double>] {
    var result: [String: Tensor<Double>] = [:]
    for name in checkpoint.names where name.hasPrefix("expected.") && name.hasSuffix("_" + suffix) {
      let site = String(name.dropFirst("expected.".count).dropLast(suffix.count + 1))
      result[site.hasPrefix("layers.") ? site : "layers.0." + site] = try tensor(name)
    }
    return result
  }

  /// Runs the model and returns every recorded site.
  func run(_ precision: Precision, timeBlock: Int = 256) throws -> [String: Tensor<Double>] {
    let batch = try batch()
    let plan = RunPlan(observed: Array(model.sites.indices), precision: precision, timeBlock: timeBlock)
    var recorder = MemoryRecorder(model: model, plan: plan, trials: batch.count, steps: batch.steps)
    try model.run(batch, plan: plan, recorder: &recorder)
    return Dictionary(uniqueKeysWithValues: zip(model.sites.map(\.name), recorder.values))
  }

  /// The map at the fixture's Jacobian point.
  func map() throws -> (map: RecurrentMap, state: [Double]) {
    (
      try RecurrentMap(model, input: try tensor("jacobian.input").elements),
      try tensor("jacobian.state").elements
    )
  }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}
