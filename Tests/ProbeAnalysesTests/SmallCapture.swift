import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

@testable import ProbeAnalyses

/// A folder that is deleted with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/rnnprobe-analyses-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// h' = tanh(2 h + x), two units that do not see each other, and its capture.
enum SmallCapture {
  /// a with a = tanh(2 a), a > 0, by iteration: the slope at a is 2 (1 - a^2) = 0.166, so 40 steps leave 1e-31.
  static let a = (0..<40).reduce(0.9) { value, _ in tanh(2 * value) }

  static let tensors: [String: Tensor<Double>] = [
    "weight_ih_l0": Tensor(shape: [2, 2], elements: [1, 0, 0, 1]),
    "weight_hh_l0": Tensor(shape: [2, 2], elements: [2, 0, 0, 2]),
  ]

  static func model(_ tensors: [String: Tensor<Double>] = tensors) throws -> RecurrentModel {
    try RecurrentModel(
      checkpoint: Checkpoint(label: "separable", tensors: tensors),
      configuration: RecurrentConfiguration(cell: "elman"),
      name: "separable", sha256: String(repeating: "5e", count: 32))
  }

  /// Writes a capture of 12 trials of 10 steps and opens it.
  static func capture(in folder: TemporaryFolder, name: String = "s.h5", weights: Bool = true) throws
    -> CaptureReader
  {
    let model = try model()
    var random = RandomGenerator(seed: 3)
    let inputs = (0..<12 * 10 * 2).map { index in (index / 2) % 10 < 4 ? 2 * random.normal() : 0 }
    let description = CaptureDescription(
      model: model.identity, task: nil, weights: weights ? WeightTable(tensors) : nil,
      command: "made by a test",
      programVersion: "0")
    let runner = CaptureRunner(
      model: model,
      source: MemoryTrials(
        TrialBlock(batch: TrialBatch(inputs: .values(Tensor(shape: [12, 10, 2], elements: inputs))))),
      description: description,
      options: CaptureOptions(sites: SiteGlob.defaults(among: model.sites), threads: 1))
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
      withIntermediateDirectories: true)
    _ = try runner.run(to: path)
    return try CaptureReader(path)
  }

  static let context = AnalysisContext(threads: 2, seed: 1, command: "a test", programVersion: "0")
}
