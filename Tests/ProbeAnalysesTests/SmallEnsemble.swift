import ArgumentParser
import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

@testable import ProbeAnalyses

/// Captures of random Elman networks of six units that read the same trials.
struct SmallEnsemble {
  static let units = 6
  static let trials = 10
  static let steps = 12
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Random weights with torch's names; of cells with gates, as many rows of each.
  static func weights(
    seed: UInt64, scale: Double = 0.5, units: Int = units, gates: Int = 1
  ) -> [String: Tensor<Double>] {
    var random = RandomGenerator(seed: seed)
    func tensor(_ shape: [Int]) -> Tensor<Double> {
      Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map { _ in scale * random.normal() })
    }
    return [
      "weight_ih_l0": tensor([gates * units, 2]), "weight_hh_l0": tensor([gates * units, units]),
      "bias_ih_l0": tensor([gates * units]), "readout.weight": tensor([1, units]),
    ]
  }

  /// The same network with unit i in the place of unit `order[i]`, and other signs: it computes the same.
  static func exchanged(
    _ weights: [String: Tensor<Double>], order: [Int], signs: [Double]
  ) -> [String: Tensor<Double>] {
    var result = weights
    for (name, tensor) in weights {
      var elements = tensor.elements
      let columns = tensor.shape.count == 2 ? tensor.shape[1] : 1
      for row in 0..<tensor.shape[0] {
        for column in 0..<columns {
          let ownsRow = name != "readout.weight"
          let ownsColumn = name == "weight_hh_l0" || name == "readout.weight"
          let from = (ownsRow ? order[row] : row) * columns + (ownsColumn ? order[column] : column)
          elements[row * columns + column] =
            tensor.elements[from] * (ownsRow ? signs[row] : 1) * (ownsColumn ? signs[column] : 1)
        }
      }
      result[name] = Tensor(shape: tensor.shape, elements: elements)
    }
    return result
  }

  /// Runs a network in double precision; all inputs come from one seed unless told otherwise.
  ///
  /// A name may begin with folders.
  func capture(
    _ name: String, _ tensors: [String: Tensor<Double>], cell: String = "elman", inputs seed: UInt64 = 99,
    trials: Int = trials, steps: Int = steps, storesWeights: Bool = true, labels: [Int]? = nil,
    repeatsInputs: Bool = false
  ) throws -> CaptureReader {
    var configuration = RecurrentConfiguration(cell: cell)
    configuration.readout = "readout.weight"
    let model = try RecurrentModel(
      checkpoint: Checkpoint(label: name, tensors: tensors), configuration: configuration, name: name,
      sha256: String(repeating: "0", count: 64))
    var random = RandomGenerator(seed: seed)
    var inputs = (0..<trials * steps * 2).map { _ in random.normal() }
    if repeatsInputs { inputs = (0..<trials).flatMap { _ in inputs.prefix(steps * 2) } }
    let block = TrialBlock(
      batch: TrialBatch(inputs: .values(Tensor(shape: [trials, steps, 2], elements: inputs))),
      targets: .values(
        Tensor(shape: [trials, steps, 1], elements: .init(repeating: 0, count: trials * steps))),
      labels: labels.map { Tensor(shape: [trials], elements: $0) })
    let runner = CaptureRunner(
      model: model, source: MemoryTrials(block),
      description: CaptureDescription(
        model: model.identity, task: nil, weights: storesWeights ? WeightTable(tensors) : nil,
        command: "made by a test", programVersion: "0"),
      options: CaptureOptions(
        sites: SiteGlob.defaults(among: model.sites), type: .f64, precision: .f64, threads: 1))
    let path = folder.path + "/\(name).h5"
    try FileManager.default.createDirectory(
      atPath: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
      withIntermediateDirectories: true)
    _ = try runner.run(to: path)
    return try CaptureReader(path)
  }

  /// Settings that take no time.
  static var options: DegeneracyOptions {
    get throws {
      try DegeneracyOptions.parse([
        "--samples", "1000", "--trials", "10", "--delays", "2", "--rank", "4", "--starts", "1",
        "--null-draws", "2", "--permutations", "49", "--no-fixed-points",
      ])
    }
  }
}
