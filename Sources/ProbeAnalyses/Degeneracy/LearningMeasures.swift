import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// What is measured of one network's way from its initial weights.
enum LearningMeasure: String, CaseIterable, Sendable {
  case weightMovement = "weight_movement"
  case relativeWeightMovement = "relative_weight_movement"
  case kernelAlignment = "kernel_alignment"

  /// What exactly is computed.
  var convention: String {
    switch self {
    case .weightMovement:
      "Frobenius norm of W_T - W_0 over the cell's recurrent and input weights and biases and the readout's weights (not its "
        + "bias, nor an embedding), units as they are numbered"
    case .relativeWeightMovement: "weight_movement over the norm of W_0"
    case .kernelAlignment:
      "tr(K_T K_0) / (|K_T| |K_0|) of the neural tangent kernels K = J J', not centred; J: derivatives of the readouts by all "
        + "weights and biases, a cell's leak held fixed, at --kernel-examples steps that the seed draws among all captured "
        + "steps with a target (fewer steps give slightly higher values); 1: the kernel has not turned (lazy), lower: richer "
        + "learning (Huang et al. 2025, arXiv 2410.03972)"
    }
  }
}

/// The measures of one network; nil where one is not known.
struct LearningMeasures: Sendable, Equatable {
  private var values: [LearningMeasure: Double] = [:]

  subscript(measure: LearningMeasure) -> Double? {
    get { values[measure] }
    set { values[measure] = newValue }
  }

  /// Whether nothing was measured.
  var isEmpty: Bool { values.isEmpty }

  /// No measures.
  init() {}

  /// Compares a captured network with itself before training.
  ///
  /// - Parameters:
  ///   - capture: the network, its inputs and targets.
  ///   - initial: where its initial weights are.
  ///   - examples: steps at which kernels are compared.
  ///   - context: the seed, and the model where the capture carries none.
  ///   - faults: gets why a measure is missing.
  /// - Throws: the errors of reading the capture.
  init(
    _ capture: NamedCapture, initial: InitialWeights, examples: Int, context: AnalysisContext,
    faults: inout [Incomparable]
  ) throws {
    let final = try capture.reader.recurrentModel(context, analysis: DegeneracyAnalysis.name)
    do {
      let before = try initial.model(of: capture)
      guard Self.outline(before) == Self.outline(final) else {
        throw Incomparable(
          "their initial weights are those of \(Self.outline(before)), the trained ones of \(Self.outline(final))"
        )
      }
      do {
        let movement = try Self.movement(from: before, to: final)
        self[.weightMovement] = movement.distance
        if movement.relative.isFinite { self[.relativeWeightMovement] = movement.relative }
      } catch {
        faults.append(Incomparable("weight movement: \(error)"))
      }
      do {
        self[.kernelAlignment] = try Self.alignment(
          from: before, to: final,
          KernelExamples(capture.reader, count: examples, seed: context.seed))
      } catch {
        faults.append(Incomparable("kernel alignment: \(error)"))
      }
    } catch let fault as Incomparable {
      faults.append(fault)
    }
  }

  /// The sizes that must be the same before and after training.
  private static func outline(_ model: RecurrentModel) -> String {
    let layers = model.layers.map { layer in
      "\(layer.forward.family) of \(layer.forward.hiddenSize) units on \(layer.forward.inputSize) inputs"
    }
    return layers.joined(separator: ", ")
      + (model.readout.map { " with \($0.weight.rows) outputs" } ?? " without readout")
  }

  private static func movement(
    from before: RecurrentModel, to after: RecurrentModel
  ) throws -> (distance: Double, relative: Double) {
    let weights = try [before, after].map { try ComparableWeights($0, name: "the network") }
    guard case .blocks(let first, _) = weights[0], case .blocks(let second, _) = weights[1] else {
      if case .none(let reason) = weights[1] { throw Incomparable(reason) }
      throw Incomparable("the initial weights are of another cell")
    }
    return try LearningRegime.weightMovement(from: first, to: second)
  }

  private static func alignment(
    from before: RecurrentModel, to after: RecurrentModel, _ examples: KernelExamples
  ) throws -> Double {
    let jacobians = try [before, after].map {
      try ParameterJacobian($0, batch: examples.batch, steps: examples.steps).matrix
    }
    guard jacobians[0].rows > 1 else {
      throw Incomparable("one answer alone has a kernel of one number, which cannot turn")
    }
    return try LearningRegime.kernelAlignment(initial: jacobians[0], final: jacobians[1])
  }
}

/// The learning measures of an ensemble.
struct EnsembleLearning: Sendable {
  /// One for each capture, empty for those that are not compared.
  let measures: [LearningMeasures]
  /// Which networks lack measures, and why.
  let warnings: [String]

  /// The names that a warning lists.
  private static let namesLimit = 5
  /// The reasons that are listed.
  private static let reasonsLimit = 6

  /// Measures networks; none without folders.
  ///
  /// - Parameters:
  ///   - captures: all captures.
  ///   - compared: the places of those that are measured.
  ///   - initial: where initial weights are; nil where they are not given.
  ///   - examples: steps at which kernels are compared.
  ///   - context: threads and seed.
  /// - Throws: the errors of reading the captures.
  init(
    _ captures: [NamedCapture], compared: [Int], initial: InitialWeights?, examples: Int,
    context: AnalysisContext
  ) throws {
    var measures = [LearningMeasures](repeating: LearningMeasures(), count: captures.count)
    guard let initial else {
      (self.measures, warnings) = (measures, [])
      return
    }
    context.progress("measuring learning", nil)
    let found = try concurrentMap(count: compared.count, threads: context.threads) { index in
      var faults: [Incomparable] = []
      let own = try LearningMeasures(
        captures[compared[index]], initial: initial, examples: examples, context: context, faults: &faults)
      return (own, faults)
    }
    var reasons: [(reason: Incomparable, names: [String])] = []
    for (place, (own, faults)) in zip(compared, found) {
      measures[place] = own
      for fault in faults {
        if let known = reasons.firstIndex(where: { $0.reason == fault }) {
          reasons[known].names.append(captures[place].name)
        } else {
          reasons.append((fault, [captures[place].name]))
        }
      }
    }
    self.measures = measures
    warnings =
      reasons.prefix(Self.reasonsLimit).map { reason, names in
        let more = names.count - Self.namesLimit
        return "learning: \(names.count) of \(compared.count) networks lack measures ("
          + names.prefix(Self.namesLimit).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
          + "): \(reason.description)"
      }
      + (reasons.count > Self.reasonsLimit
        ? ["\(reasons.count - Self.reasonsLimit) further reasons why learning measures lack are not listed"]
        : [])
  }
}
