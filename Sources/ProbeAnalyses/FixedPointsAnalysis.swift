public import ProbeCapture
import ProbeDynamics
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// Fixed points of a recurrent model at constant inputs: certified, with stability, basins and the graph of inputs.
public enum FixedPointsAnalysis: Analysis {
  /// `fixed-points`.
  public static let name = "fixed-points"
  /// What it answers.
  public static let summary =
    "where the network's state comes to rest: fixed points with certificates, stability and basins"
  /// An example.
  public static let example = "rnnprobe analyze fixed-points flipflop.h5 -o report"

  /// Needs a recurrent model that is a map, its states, and its weights.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    guard let model = capture.metadata.model else {
      return "the capture names no model, and fixed points need the model's equations"
    }
    guard let configuration = try? RecurrentConfiguration(json: model.configuration, source: capture.path)
    else {
      return "\(model.family) is not a recurrent model of this program"
    }
    if capture.metadata.stateSites.isEmpty { return "the capture holds no state site (layers.*.hidden)" }
    let weights = try? capture.weights()
    let isBidirectional =
      capture.metadata.sites.contains { $0.name.contains(".reverse.") }
      || weights?.tensors.keys.contains {
        $0.hasPrefix(configuration.prefix) && $0.hasSuffix("_reverse")
      } == true
    if isBidirectional {
      return "a bidirectional \(configuration.cell) reads the sequence from both ends and has no map"
    }
    if modelPath == nil, let weights, weights.tensors.isEmpty {
      return "the capture carries no weights; name the model with --model PATH"
    }
    return nil
  }

  /// Searches every capture at every input.
  public static func run(
    _ captures: [NamedCapture], options: FixedPointsOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    var report = FixedPointsReport(options: options)
    for capture in captures {
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
      let reader = capture.reader
      let model = try reader.recurrentModel(context, analysis: name)
      let sample = try reader.sampleStates(count: options.states, seed: context.seed)
      guard sample.states.shape[1] == model.stateSize else {
        throw AnalysisError.unsuitable(
          capture: reader.path, analysis: name,
          fault: "its state sites hold \(sample.states.shape[1]) values a step, the model's state has "
            + "\(model.stateSize); capture every layers.*.hidden and layers.*.cell")
      }
      let states = Matrix(sample.states)
      guard states.rows > 0, states.elements.allSatisfy(\.isFinite) else {
        throw AnalysisError.unsuitable(
          capture: reader.path, analysis: name, fault: "its states are empty or not all finite")
      }
      let components = try PrincipalComponents(of: states, count: 3)
      let trialLength = options.trialLength ?? reader.metadata.steps
      let search = options.search(trialLength: trialLength, weightRounding: try reader.weightRounding())
      let texts = options.inputs.isEmpty ? try FixedInput.defaults(model: model) : options.inputs
      for input in try FixedInput.parse(texts, model: model) {
        var set = try PointSet(
          capture: capture.name, input: input, map: try RecurrentMap(model, input: input.vector),
          states: states, origin: .recorded, spread: components.spread, search: search, options: options,
          context: context)
        set.firstID = report.nextID
        let transitions =
          report.sets.contains { $0.capture == capture.name }
          ? nil
          : try TransitionTable(set, model: model, capture: reader, options: options, context: context)
        try report.add(
          set, transitions: transitions, components: components, source: .capture(reader),
          trialLength: trialLength)
      }
      report.warnings += reader.metadata.warnings.map { "\(capture.name): \($0)" }
    }
    let elapsed = ContinuousClock.now - begin
    return report.findings(
      captures: captures, context: context,
      seconds: elapsed.seconds)
  }
}
