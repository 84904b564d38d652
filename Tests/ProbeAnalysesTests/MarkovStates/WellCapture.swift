import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

@testable import ProbeAnalyses

/// Captures of a network that shows what it is given, h' = relu(x): paths of a known chain between three wells.
enum WellCapture {
  /// `[from, to]`: on the circle of three wells, forwards more often than backwards.
  ///
  /// A circulant: its eigenvalues are 0.95 + 0.04 w + 0.01 w², w a cube root of 1: 1 and 0.925 ± 0.03 sqrt(3)/2 i.
  static let transition = Matrix<Double>(
    rows: 3, columns: 3, elements: [0.95, 0.04, 0.01, 0.01, 0.95, 0.04, 0.04, 0.01, 0.95])
  static let centres: [[Double]] = [[1, 5], [5, 1], [5, 5]]

  static let tensors: [String: Tensor<Double>] = [
    "weight_ih_l0": Tensor(shape: [2, 2], elements: [1, 0, 0, 1]),
    "weight_hh_l0": Tensor(shape: [2, 2], elements: [0, 0, 0, 0]),
  ]

  /// `[trial]`: the wells of each trial, step by step.
  static func paths(trials: Int, steps: Int) -> [[Int]] {
    var random = RandomGenerator(seed: 17)
    return (0..<trials).map { _ in
      var well = random.integer(below: 3)
      return (0..<steps).map { _ in
        defer {
          let value = random.uniform()
          let row = transition.row(well)
          var (next, sum) = (0, row[row.startIndex])
          while next < 2, value >= sum {
            next += 1
            sum += row[row.startIndex + next]
          }
          well = next
        }
        return well
      }
    }
  }

  /// Writes a capture of the wells with noise of standard deviation 0.3 around their centres, and opens it.
  static func capture(
    in folder: TemporaryFolder, trials: Int = 60, steps: Int = 200, lengths: [Int]? = nil,
    edit: (inout [Double]) -> Void = { _ in }
  ) throws -> CaptureReader {
    var random = RandomGenerator(seed: 18)
    var inputs = paths(trials: trials, steps: steps).flatMap { path in
      path.flatMap { well in centres[well].map { max(0.01, $0 + 0.3 * random.normal()) } }
    }
    edit(&inputs)
    let batch = TrialBatch(
      inputs: .values(Tensor(shape: [trials, steps, 2], elements: inputs)), lengths: lengths)
    let model = try RecurrentModel(
      checkpoint: Checkpoint(label: "wells", tensors: tensors),
      configuration: RecurrentConfiguration(cell: "elman-relu"), name: "wells",
      sha256: String(repeating: "3e", count: 32))
    return try capture(of: model, batch, tensors: tensors, in: folder, name: "wells.h5")
  }

  /// Runs a model on trials into a file, and opens it.
  static func capture(
    of model: any SequenceModel, _ batch: TrialBatch, tensors: [String: Tensor<Double>],
    in folder: TemporaryFolder,
    name: String
  ) throws -> CaptureReader {
    let runner = CaptureRunner(
      model: model, source: MemoryTrials(TrialBlock(batch: batch)),
      description: CaptureDescription(
        model: model.identity, task: nil, weights: WeightTable(tensors), command: "made by a test",
        programVersion: "0"),
      options: CaptureOptions(sites: SiteGlob.defaults(among: model.sites), threads: 1))
    let path = folder.path + "/" + name
    _ = try runner.run(to: path)
    return try CaptureReader(path)
  }
}
