import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// One network of an ensemble, with all that comparisons need of it.
struct EnsembleNetwork: Sendable {
  /// Its row in `networks.csv`.
  var listing: EnsembleResults.Network
  /// What it read and where it is compared.
  let shared: SharedSteps
  /// What comparisons take of it.
  let prepared: PreparedNetwork

  var group: String { listing.group }

  /// Reads one capture.
  ///
  /// - Parameters:
  ///   - capture: the capture.
  ///   - group: the group it belongs to.
  ///   - options: settings.
  ///   - context: the seed, and the model where the capture carries none.
  /// - Throws: ``AnalysisError`` and the errors of reading.
  init(
    _ capture: NamedCapture, group: String, options: DegeneracyOptions, context: AnalysisContext
  ) throws {
    let reader = capture.reader
    let model = try reader.recurrentModel(context, analysis: DegeneracyAnalysis.name)
    shared = try SharedSteps(reader, count: options.samples, seed: context.seed)
    let states = try SharedStates(reader, at: shared)
    let trajectories = try Trajectories(reader, count: options.trials)
    let error = try reader.meanSquaredError()
    listing = EnsembleResults.Network(
      name: capture.name, group: group, family: model.identity.family, units: states.states.columns,
      loss: error ?? .nan,
      harderLoss: try TaskVariant.harder(reader.task(), options: options)?.run(model)?.loss ?? .nan)
    if (trajectories.states + [states.states]).contains(where: { $0.elements.contains { !$0.isFinite } }) {
      listing.exclusion = "its states are not finite"
    } else if let error, !error.isFinite {
      listing.exclusion = "its loss is not finite"
    } else if let limit = options.maximumLoss, let error, error > limit {
      listing.exclusion = "its loss \(threeDigits(error)) is above --maximum-loss \(threeDigits(limit))"
    }
    let fixedPoints: Result<[FixedPointType], Incomparable> =
      options.fixedPoints && listing.exclusion == nil
      ? try ZeroInputPoints.types(
        of: model, states: states.states, trialLength: reader.metadata.steps,
        weightRounding: try reader.weightRounding(), seed: context.seed)
      : .failure(Incomparable("fixed points were not searched"))
    var weights: ComparableWeights
    do throws(DegeneracyError) {
      weights = try ComparableWeights(model, name: capture.name)
    } catch {
      weights = .none("\(error)")
      listing.exclusion = listing.exclusion ?? "\(error)"
    }
    prepared = PreparedNetwork(
      listing, states: states, inputs: shared.inputs,
      models: trajectories.models(name: capture.name, options: options), fixedPoints: fixedPoints,
      weights: weights)
  }
}

extension CaptureReader {
  /// The mean squared error of the readout where the targets count; nil without targets or a fitting readout.
  func meanSquaredError() throws -> Double? {
    guard let readout = metadata.site("readout") else { return nil }
    var (sum, count) = (0.0, 0)
    for trial in 0..<metadata.trials where metadata.done[trial] {
      guard case .values(let wanted)? = try targets(trials: trial..<trial + 1),
        wanted.shape[2] == readout.elementCount
      else { return nil }
      let answers = try path(of: readout.name, width: readout.elementCount, trial: trial)
      for (answer, target) in zip(answers.elements, wanted.elements) where !target.isNaN {
        sum += (answer - target) * (answer - target)
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }
}
