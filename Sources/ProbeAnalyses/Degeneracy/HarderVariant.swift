import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// The harder variant of a task, on which networks are tested and never trained.
struct HarderVariant {
  private let task: any SequenceTask
  private let trials: Int
  /// Trials that run together; their number is fixed so that a loss does not depend on how they are shared out.
  private static let block = 64

  /// The task's harder variant, or the one of `--harder`; nil where there is none.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where the settings are not the task's.
  init?(_ task: (any SequenceTask)?, options: DegeneracyOptions) throws {
    guard let task, options.harderTrials > 0, case .values = task.input else { return nil }
    var values: [String: String] = [:]
    for parameter in task.parameters.resolved { values[parameter.name] = parameter.value }
    for (key, value) in try options.harderSettings() ?? task.harder { values[key] = value }
    values["trials"] = "\(options.harderTrials)"
    let pairs = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
    do {
      self.task = try TaskRegistry.task(
        type(of: task).descriptor.name + ":" + pairs.joined(separator: ","))
    } catch {
      throw AnalysisError.option(name: "--harder", fault: "\(error)")
    }
    trials = options.harderTrials
  }

  /// The mean squared error over the steps that count; nil where the model has no fitting readout.
  func loss(of model: RecurrentModel) throws -> Double? {
    guard let site = model.sites.firstIndex(where: { $0.name == "readout" }),
      model.sites[site].elementCount == task.outputSize, case .values(let features) = model.input,
      task.input == .values(features: features)
    else { return nil }
    let (steps, width) = (task.plan.steps, task.outputSize)
    var (sum, count) = (0.0, 0)
    for first in stride(from: 0, to: trials, by: Self.block) {
      let block = (first..<min(trials, first + Self.block)).map { task.trial($0) }
      var inputs: [Double] = []
      for trial in block {
        if case .values(let tensor) = trial.inputs { inputs += tensor.elements }
      }
      let batch = TrialBatch(
        inputs: .values(Tensor(shape: [block.count, steps, features], elements: inputs)))
      let plan = RunPlan(observed: [site])
      var recorder = MemoryRecorder(model: model, plan: plan, trials: block.count, steps: steps)
      try model.run(batch, plan: plan, recorder: &recorder)
      let answers = recorder.values[0].elements
      for (row, trial) in block.enumerated() {
        for step in 0..<trial.steps where trial.mask[step] {
          for output in 0..<width {
            let place = step * width + output
            let error = answers[row * steps * width + place] - trial.targets.elements[place]
            sum += error * error
            count += 1
          }
        }
      }
    }
    return sum / Double(count)
  }
}
