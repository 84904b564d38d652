import Foundation
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// A model whose every value is a known function of trial, step, site and element, at no cost.
struct ToyModel: SequenceModel {
  let identity = ModelIdentity(
    family: "toy", name: "toy", configuration: "{\"cell\":\"toy\"}", source: "toy.safetensors",
    sha256: String(repeating: "ab", count: 32))
  let sites: [Site]
  let input = InputKind.values(features: 2)
  var stateSites: [Int] { sites.indices.filter { sites[$0].role == .state } }
  /// Called for every run of steps of every site with the trial's number; what it throws ends the run.
  var hook: (@Sendable (Int) throws -> Void)?

  struct Failure: Error, Equatable {}

  /// One that fails when the given trial comes by.
  func failing(at trial: Int) -> ToyModel {
    var model = self
    model.hook = { if $0 == trial { throw Failure() } }
    return model
  }

  static let small = ToyModel(sites: [
    Site(name: "layers.0.hidden", shape: [5], role: .state),
    Site(name: "layers.0.gates.update", shape: [5], role: .gate),
    Site(name: "readout", shape: [2], role: .readout),
  ])

  /// Smooth in the step, different for every trial, site and element, and exact in every precision that is asked.
  static func value(trial: Int, step: Int, site: Int, element: Int) -> Double {
    let angle = Double(trial) * 0.7 + Double(step) * 0.11 + Double(site) * 1.3 + Double(element) * 0.37
    return Double(Float(sin(angle)))
  }

  /// The first feature of a trial's first step is its number; see `ToyTrials`.
  func run<Observer: Recorder>(_ batch: TrialBatch, plan: RunPlan, recorder: inout Observer) throws {
    switch plan.precision {
    case .f32: try run(batch, plan: plan, recorder: &recorder, as: Float.self)
    case .f64: try run(batch, plan: plan, recorder: &recorder, as: Double.self)
    }
  }

  private func run<Scalar: BLASScalar, Observer: Recorder>(
    _ batch: TrialBatch, plan: RunPlan, recorder: inout Observer, as type: Scalar.Type
  ) throws {
    guard case .values(let inputs) = batch.inputs else { throw Failure() }
    for start in stride(from: 0, to: batch.steps, by: plan.timeBlock) {
      for (position, site) in plan.observed.enumerated() {
        let width = sites[site].elementCount
        for trial in 0..<batch.count {
          let end = min(start + plan.timeBlock, batch.lengths[trial])
          guard start < end else { continue }
          let number = Int(inputs.elements[trial * batch.steps * 2])
          try hook?(number)
          let values = (start..<end).flatMap { step in
            (0..<width).map { Scalar(Self.value(trial: number, step: step, site: site, element: $0)) }
          }
          try values.withUnsafeBufferPointer {
            try recorder.record($0, site: position, trial: trial, steps: start..<end)
          }
        }
      }
    }
  }
}

/// Trials that carry their number as their first feature.
struct ToyTrials: TrialSource {
  let trialCount: Int
  let steps: Int
  /// The lengths repeat with this period: full, one less, ...
  var shortening = 1

  func length(of trial: Int) -> Int { max(0, steps - trial % shortening) }

  func block(_ trials: Range<Int>) -> TrialBlock {
    var inputs = Tensor<Double>(shape: [trials.count, steps, 2], repeating: 0.25)
    var classes = Tensor<Int>(shape: [trials.count, steps], repeating: -1)
    for (row, trial) in trials.enumerated() {
      for step in 0..<steps {
        inputs.elements[(row * steps + step) * 2] = Double(trial)
        classes.elements[row * steps + step] = step % 3
      }
    }
    return TrialBlock(
      batch: TrialBatch(inputs: .values(inputs), lengths: trials.map { length(of: $0) }),
      targets: .classes(classes),
      labels: Tensor(shape: [trials.count], elements: trials.map { $0 * 10 }))
  }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let base = FileManager.default.temporaryDirectory.path
    path = "\(base)/rnnprobe-capture-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// A runner with the usual parts.
func toyRunner(
  _ trials: ToyTrials, model: ToyModel = .small, options: CaptureOptions, weights: WeightTable? = nil
) -> CaptureRunner {
  CaptureRunner(
    model: model, source: trials,
    description: CaptureDescription(
      model: model.identity,
      task: TaskDescription(generator: "toy", parameters: "{}", seed: 7, alphabet: ["a", "b"]),
      weights: weights, vocabulary: [(0, "a"), (1, "β")], command: "toy", programVersion: "0.0",
      created: "2026-01-01T00:00:00Z"),
    options: options)
}
