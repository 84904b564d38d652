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
  /// What the page shows of it; nil where there are too many networks for that.
  let details: NetworkDetails?

  var group: String { listing.group }

  /// Reads one capture.
  ///
  /// - Parameters:
  ///   - capture: the capture.
  ///   - group: the group it belongs to.
  ///   - options: settings.
  ///   - isShown: whether the page shows it beside another one.
  ///   - context: the seed, and the model where the capture carries none.
  /// - Throws: ``AnalysisError`` and the errors of reading.
  init(
    _ capture: NamedCapture, group: String, options: DegeneracyOptions, isShown: Bool = true,
    context: AnalysisContext
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
    let fixedPoints: Result<[ZeroInputPoint], Incomparable> =
      options.fixedPoints && listing.exclusion == nil
      ? try ZeroInputPoints.search(
        of: model, states: states.states, trialLength: reader.metadata.steps,
        weightRounding: try reader.weightRounding(), seed: context.seed)
      : .failure(Incomparable("fixed points were not searched (--no-fixed-points)"))
    var weights: ComparableWeights
    do throws(DegeneracyError) {
      weights = try ComparableWeights(model, name: capture.name)
    } catch {
      weights = .none("\(error)")
      listing.exclusion = listing.exclusion ?? "\(error)"
    }
    let models = trajectories.models(name: capture.name, options: options)
    prepared = PreparedNetwork(
      listing, states: states, inputs: shared.inputs, models: models,
      fixedPoints: fixedPoints.map { $0.map(\.type) }, weights: weights)
    details =
      isShown && listing.exclusion == nil
      ? NetworkDetails(
        states: states.states, trajectories: trajectories.states, dynamics: models.free,
        fixedPoints: fixedPoints) : nil
  }
}

extension CaptureReader {
  /// The mean squared error of the readout where the targets count; nil without targets or a fitting readout.
  func meanSquaredError() throws -> Double? {
    guard let readout = metadata.site("readout") else { return nil }
    guard case .values(let wanted)? = try targets(), wanted.shape[2] == readout.elementCount else {
      return nil
    }
    var (sum, count) = (0.0, 0)
    var paths = TrialPaths(readout.name, width: readout.elementCount, of: self)
    let size = metadata.steps * readout.elementCount
    for trial in 0..<metadata.trials where metadata.done[trial] {
      let answers = try paths.path(trial)
      for (answer, target) in zip(answers.elements, wanted.elements[(trial * size)...]) where !target.isNaN {
        sum += (answer - target) * (answer - target)
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }
}
