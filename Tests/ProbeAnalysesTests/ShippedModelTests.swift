import ComplexModule
import Foundation
import ProbeCheckpoints
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks
import Testing

/// The models that come with the project do what they were trained for.
@Suite struct ShippedModelTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "notebooks-data/models").path(percentEncoded: false)

  /// The names of the models that name a task.
  static let trained: [String] = {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.filter { name in
      name.hasSuffix(".safetensors")
        && (try? Checkpoint.open(path: folder + "/" + name).metadata["rnnprobe.task"]) != nil
    }
  }()

  @Test("every trained model but the Lorenz system's names its task")
  func names() {
    #expect(
      Self.trained.map { $0.replacing(".safetensors", with: "") }
        == [
          "delayed-discrimination-gru", "flipflop-elman", "flipflop-gru", "flipflop-lstm", "parentheses-sr",
          "path-integration-gru", "reber-gru", "sine-gru", "tomita1-gru", "tomita2-gru",
          "tomita2-slightly-wrong",
          "tomita3-gru-2x50", "tomita3-gru", "tomita3-sr", "tomita4-gru", "tomita5-gru", "tomita6-gru",
          "tomita7-gru", "tomita7-sr",
        ])
  }

  @Test(
    "a shipped model passes its task's threshold on 256 fresh trials, but for the one that is meant to err",
    arguments: trained.filter { !$0.contains("wrong") })
  func score(name: String) throws {
    let path = Self.folder + "/" + name
    let text = try #require(try Checkpoint.open(path: path).metadata["rnnprobe.task"])
    // A seed that no training used.
    let task = try TaskRegistry.task(text + (text.contains(":") ? "," : ":") + "seed=987654321,trials=256")
    let model = try RecurrentModel.load(path: path)
    let readout = try #require(model.sites.firstIndex { $0.name == "readout" })
    let plan = RunPlan(observed: [readout])
    var scorer = task.scorer()
    for first in stride(from: 0, to: task.plan.trials, by: 64) {
      let trials = (first..<first + 64).map { task.trial($0) }
      let steps = trials[0].steps
      let inputs: TrialBatch.Inputs
      switch task.input {
      case .values(let features):
        let elements = trials.flatMap { trial -> [Double] in
          if case .values(let tensor) = trial.inputs { tensor.elements } else { [] }
        }
        inputs = .values(Tensor(shape: [trials.count, steps, features], elements: elements))
      case .tokens:
        let tokens = trials.flatMap { trial -> [Int] in
          if case .tokens(let tokens) = trial.inputs { tokens } else { [] }
        }
        inputs = .tokens(Tensor(shape: [trials.count, steps], elements: tokens))
      }
      var recorder = MemoryRecorder(model: model, plan: plan, trials: trials.count, steps: steps)
      try model.run(TrialBatch(inputs: inputs), plan: plan, recorder: &recorder)
      let width = steps * task.outputSize
      for (index, trial) in trials.enumerated() {
        let outputs = Array(recorder.values[0].elements[index * width..<(index + 1) * width])
        scorer.add(trial, outputs: Tensor(shape: [steps, task.outputSize], elements: outputs))
      }
    }
    let score = scorer.score
    #expect(
      score.passed, "\(score.descriptor.name) is \(score.value), the threshold \(score.descriptor.threshold)")
  }

  @Test("the AL-RNN of the Lorenz system stays bounded when it runs free, and is as chaotic as recorded")
  func lorenz() throws {
    let model = try RecurrentModel.load(path: Self.folder + "/lorenz-alrnn.safetensors")
    let map = try RecurrentMap(
      model, input: Array(repeating: 0, count: model.layers[0].forward.inputSize))
    var state = Array(repeating: 0.1, count: map.dimension)
    for _ in 0..<2000 { state = map.apply(state) }
    var largest = 0.0
    let steps = 30_000
    let spectrum = try LyapunovSpectrum(
      dimension: map.dimension, count: 2, steps: steps + 500, discarded: 500
    ) { _ in
      let jacobian = map.jacobian(at: state)
      state = map.apply(state)
      largest = max(largest, abs(state[0]), abs(state[1]), abs(state[2]))
      return jacobian
    }
    // The first three units are the standardised x, y, z, of which none leaves four standard deviations on the
    // attractor; ten is far outside.
    #expect(largest > 1 && largest < 10)
    let (exponent, error) = (spectrum.exponents[0], spectrum.standardErrors[0])
    #expect(exponent - 2 * error > 0, "\(exponent) ± \(error)")
    // Recorded over 100,000 steps of another trajectory: its error is smaller by sqrt(30,000 / 100,000), so that
    // the difference has the standard error sqrt(1.3) times ours. Four of them are left once in some ten thousand.
    let recorded = 0.00950811370410093
    #expect(
      abs(exponent - recorded) <= 4 * 1.3.squareRoot() * error, "\(exponent) ± \(error), recorded \(recorded)"
    )
    // A flow has a neutral direction: along its own trajectory.
    #expect(abs(spectrum.exponents[1]) <= 5 * spectrum.standardErrors[1] + 1e-3)
  }
}
