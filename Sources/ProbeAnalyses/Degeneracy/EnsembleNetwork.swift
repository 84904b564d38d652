import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// One network of an ensemble, with all that comparisons need of it.
struct EnsembleNetwork: Sendable {
  let name: String
  let group: String
  let family: String
  let units: Int
  /// The mean squared error on the captured trials; NaN where they have no targets.
  let loss: Double
  /// The mean squared error on the task's harder variant; NaN where there is none.
  let harderLoss: Double
  /// What it read and where it is compared.
  let shared: SharedSteps
  /// `[sample, output]`: what it answers at the shared steps; nil without a readout.
  let outputs: Matrix<Double>?
  /// `[sample, unit]`: its states at the shared steps.
  let states: Matrix<Double>
  /// The same, each trial turned in time by its own number of steps.
  let shiftedStates: Matrix<Double>
  let shiftedOutputs: Matrix<Double>?
  /// `[trial][time, unit]`: its states along the first trials.
  let trajectories: [Matrix<Double>]
  /// Its fixed points at input zero, where they are asked for.
  let fixedPoints: Result<[ZeroInputPoint], Incomparable>
  /// Its weights as blocks.
  let weights: ComparableWeights
  /// Why it is left out, or nil.
  var exclusion: String?

  /// Reads one capture.
  ///
  /// - Parameters:
  ///   - capture: the capture.
  ///   - group: the group it belongs to.
  ///   - place: its place in the ensemble, which seeds its null.
  ///   - options: settings.
  ///   - context: the seed, and the model where the capture carries none.
  /// - Throws: ``AnalysisError`` and the errors of reading.
  init(
    _ capture: NamedCapture, group: String, place: Int, options: DegeneracyOptions, context: AnalysisContext
  ) throws {
    let reader = capture.reader
    let metadata = reader.metadata
    let model = try reader.recurrentModel(context, analysis: DegeneracyAnalysis.name)
    (name, self.group, family) = (capture.name, group, model.identity.family)
    shared = try SharedSteps(reader, count: options.samples, seed: context.seed)
    // Stream numbers are a network's own; the shared steps are drawn by the seed itself.
    var generator = RandomGenerator(seed: context.seed, stream: UInt64(place) + 1)
    let shifts = metadata.lengths.map { length in length > 1 ? 1 + generator.integer(below: length - 1) : 0 }

    let sites = metadata.stateSites
    units = sites.reduce(0) { $0 + $1.elementCount }
    let readout = metadata.site("readout")
    let samples = shared.count
    var states = Matrix<Double>(rows: samples, columns: units)
    var shiftedStates = states
    var outputs = readout.map { Matrix<Double>(rows: samples, columns: $0.elementCount) }
    var shiftedOutputs = outputs
    var trajectories: [Matrix<Double>] = []
    var (sum, asked) = (0.0, 0)
    var row = 0
    for trial in 0..<metadata.trials where metadata.done[trial] {
      let length = metadata.lengths[trial]
      let chosen = shared.steps[trial]
      let turned = chosen.map { ($0 + shifts[trial]) % max(1, length) }
      if !chosen.isEmpty || trajectories.count < options.trials {
        var path = Matrix<Double>(rows: length, columns: units)
        var column = 0
        for site in sites {
          let width = site.elementCount
          let values: Tensor<Double> = try reader.values(
            of: site.name, trials: trial..<trial + 1, steps: 0..<length)
          for step in 0..<length {
            for unit in 0..<width { path[step, column + unit] = values.elements[step * width + unit] }
          }
          column += width
        }
        for (index, step) in chosen.enumerated() {
          states.replaceRow(row + index, by: path.row(step))
          shiftedStates.replaceRow(row + index, by: path.row(turned[index]))
        }
        if trajectories.count < options.trials { trajectories.append(path) }
      }
      if let readout {
        let width = readout.elementCount
        let values: Tensor<Double> = try reader.values(
          of: "readout", trials: trial..<trial + 1, steps: 0..<length)
        for (index, step) in chosen.enumerated() {
          outputs?.replaceRow(row + index, by: values.elements[step * width..<(step + 1) * width])
          let from = turned[index] * width
          shiftedOutputs?.replaceRow(row + index, by: values.elements[from..<from + width])
        }
        if case .values(let wanted)? = try reader.targets(trials: trial..<trial + 1), wanted.shape[2] == width
        {
          for (answer, target) in zip(values.elements, wanted.elements) where !target.isNaN {
            sum += (answer - target) * (answer - target)
            asked += 1
          }
        }
      }
      row += chosen.count
    }
    loss = sum / Double(asked)
    harderLoss = try HarderVariant(reader.task(), options: options)?.loss(of: model) ?? .nan
    if states.elements.contains(where: { !$0.isFinite })
      || trajectories.contains(where: { $0.elements.contains { !$0.isFinite } })
    {
      exclusion = "its states are not finite"
    } else if asked > 0 && !loss.isFinite {
      exclusion = "its loss is not finite"
    } else if let limit = options.maximumLoss, loss > limit {
      exclusion = "its loss \(threeDigits(loss)) is above --maximum-loss \(threeDigits(limit))"
    }
    (self.states, self.shiftedStates) = (states, shiftedStates)
    (self.outputs, self.shiftedOutputs) = (outputs, shiftedOutputs)
    self.trajectories = trajectories
    fixedPoints =
      options.fixedPoints && exclusion == nil
      ? try ZeroInputPoints.search(
        of: model, states: states, trialLength: metadata.steps, weightRounding: try reader.weightRounding(),
        seed: context.seed)
      : .failure(Incomparable("fixed points were not searched (--no-fixed-points)"))
    do throws(DegeneracyError) {
      weights = try ComparableWeights(model, name: capture.name)
    } catch {
      weights = .none("\(error)")
      exclusion = exclusion ?? "\(error)"
    }
  }
}

extension Matrix where Scalar == Double {
  fileprivate mutating func replaceRow(_ row: Int, by values: some Sequence<Double>) {
    for (column, value) in values.enumerated() { self[row, column] = value }
  }
}
