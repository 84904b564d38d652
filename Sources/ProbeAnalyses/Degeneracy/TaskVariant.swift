import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// A network's task with other settings: a harder one, on which it was never trained, or fresh trials of the same.
struct TaskVariant {
  private let task: any SequenceTask
  private let trials: Int
  /// Trials that run together; their number is fixed so that a loss does not depend on how they are shared out.
  private static let block = 64

  /// A variant; nil of tasks that are not read as numbers.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where the settings are not the task's.
  private init?(_ task: any SequenceTask, settings: [String: String], trials: Int) throws {
    guard trials > 0, case .values = task.input else { return nil }
    var values: [String: String] = [:]
    for parameter in task.parameters.resolved { values[parameter.name] = parameter.value }
    for (key, value) in settings { values[key] = value }
    values["trials"] = "\(trials)"
    let pairs = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
    do {
      self.task = try TaskRegistry.task(
        type(of: task).descriptor.name + ":" + pairs.joined(separator: ","))
    } catch {
      throw AnalysisError.option(name: "--harder", fault: "\(error)")
    }
    self.trials = trials
  }

  /// The task's harder variant, or the one of `--harder`; nil where there is none.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where the settings are not the task's.
  static func harder(
    _ task: (any SequenceTask)?, options: DegeneracyOptions, reseeded: Bool = false
  ) throws -> TaskVariant? {
    guard let task else { return nil }
    var settings = try options.harderSettings() ?? task.harder
    if reseeded { settings["seed"] = otherSeed(task) }
    return try TaskVariant(task, settings: settings, trials: options.harderTrials)
  }

  /// Trials of the same task that nobody has seen.
  ///
  /// - Throws: nothing that the task's own settings do not.
  static func fresh(_ task: (any SequenceTask)?, trials: Int) throws -> TaskVariant? {
    guard let task else { return nil }
    return try TaskVariant(task, settings: ["seed": otherSeed(task)], trials: trials)
  }

  /// A seed whose trials are not those of the capture: trials are drawn by seed and index.
  private static func otherSeed(_ task: any SequenceTask) -> String { "\(task.plan.seed &+ 0x5bd1_e995)" }

  /// What a network does on it.
  struct Run {
    /// The mean squared error over the steps that count; nil where the model has no fitting readout.
    var loss: Double?
    /// Along the first trials, as many as were asked for.
    var trajectories = Trajectories()
  }

  /// Runs a network.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - recorded: the number of trials along which states are kept.
  /// - Returns: nil where the network does not read what the task gives.
  /// - Throws: the errors of running.
  func run(_ model: RecurrentModel, recorded: Int = 0) throws -> Run? {
    guard case .values(let features) = model.input, task.input == .values(features: features) else {
      return nil
    }
    let (steps, width) = (task.plan.steps, task.outputSize)
    let readout = model.sites.firstIndex {
      $0.name == "readout" && $0.elementCount == width
    }
    let states = recorded > 0 ? model.sites.indices.filter { model.sites[$0].role == .state } : []
    let plan = RunPlan(observed: (states + [readout].compactMap { $0 }).sorted())
    guard !plan.observed.isEmpty else { return nil }
    var (sum, count) = (0.0, 0)
    var run = Run()
    run.trajectories.inputs = []
    for first in stride(from: 0, to: trials, by: Self.block) {
      let block = (first..<min(trials, first + Self.block)).map { task.trial($0) }
      var inputs: [Double] = []
      for trial in block {
        if case .values(let tensor) = trial.inputs { inputs += tensor.elements }
      }
      let batch = TrialBatch(
        inputs: .values(Tensor(shape: [block.count, steps, features], elements: inputs)))
      var recorder = MemoryRecorder(model: model, plan: plan, trials: block.count, steps: steps)
      try model.run(batch, plan: plan, recorder: &recorder)
      for (row, trial) in block.enumerated() {
        if let readout = plan.observed.firstIndex(where: { $0 == readout }) {
          let answers = recorder.path([readout], row: row, steps: trial.steps)
          for step in 0..<trial.steps where trial.mask[step] {
            for output in 0..<width {
              let error = answers[step, output] - trial.targets.elements[step * width + output]
              sum += error * error
              count += 1
            }
          }
        }
        if first + row < recorded, case .values(let tensor) = trial.inputs {
          let places = states.compactMap { plan.observed.firstIndex(of: $0) }
          run.trajectories.states.append(recorder.path(places, row: row, steps: trial.steps))
          run.trajectories.inputs?.append(
            Matrix(
              rows: trial.steps, columns: features,
              elements: Array(tensor.elements.prefix(trial.steps * features))))
        }
      }
    }
    run.loss = readout == nil ? nil : sum / Double(count)
    return run
  }
}
