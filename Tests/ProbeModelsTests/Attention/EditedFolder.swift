import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// A fixture's folder with other words in its configuration, or other weights.
final class EditedFolder {
  let path: String

  init(
    _ name: String, _ edit: (inout [String: Any]) -> Void = { _ in },
    weights: (inout [String: Tensor<Double>]) -> Void = { _ in }
  ) throws {
    let source = AttentionFixture.root.appending(path: name)
    let target = FileManager.default.temporaryDirectory.appending(
      path: "rnnprobe-\(UUID().uuidString)-\(name)")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    path = target.path(percentEncoded: false)
    let text = try Data(contentsOf: source.appending(path: "config.json"))
    var values = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    edit(&values)
    try JSONSerialization.data(withJSONObject: values).write(to: target.appending(path: "config.json"))
    let checkpoint = try Checkpoint.open(path: source.path(percentEncoded: false))
    var tensors: [String: Tensor<Double>] = [:]
    for name in checkpoint.names { tensors[name] = try checkpoint.tensor(name, as: Double.self) }
    weights(&tensors)
    try writeSafetensors(tensors, to: path + "/model.safetensors", as: .float32)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The model that it holds.
  func model() throws -> AttentionModel { try AttentionModel.load(folder: path) }

  /// The largest error of the logits, or of the last residual, against the fixture's.
  func error(against name: String) throws -> Double {
    let fixture = try AttentionFixture(name)
    let (_, batch) = try fixture.trials()
    let model = try model().sized(forSteps: batch.steps)
    let values = try run(model, batch, ["logits"])
    let wanted = try fixture.expected.tensor("logits", as: Double.self)
    return relativeError(try #require(values["logits"]).elements, wanted.elements)
  }
}

/// The text of the error that `body` throws, or an empty one.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch { return "\(error)" }
}
