public import ProbeCapture
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// The chain of recorded states: what a network stays in, for how long, and where it goes next.
public enum MarkovStatesAnalysis: Analysis {
  /// `markov-states`.
  public static let name = "markov-states"
  /// What it answers.
  public static let summary =
    "the sets of states that a network stays in, how long, and how it moves between them: a tested Markov chain"
  /// An example.
  public static let example = "rnnprobe analyze markov-states flipflop.h5 -o report"

  /// Needs recorded states that follow one another in time; equations are not needed.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    if capture.isOfAttention {
      return
        "an attention model has no state that it carries from step to step, and a Markov chain is one of states"
    }
    if capture.metadata.stateSites.isEmpty {
      return "the capture holds no state site (layers.*.hidden)"
    }
    if capture.metadata.sites.contains(where: { $0.name.contains(".reverse.") }) {
      return
        "a bidirectional model's state at a step depends on the steps after it, so that it is no chain in time"
    }
    if !zip(capture.metadata.lengths, capture.metadata.done).contains(where: { $0 > 1 && $1 }) {
      return "no trial has two steps, and transitions lead from one step to a later one"
    }
    return nil
  }

  /// Builds and tests a Markov state model of every capture.
  ///
  /// - Throws: ``AnalysisError`` and the errors of what it reads and computes.
  public static func run(
    _ captures: [NamedCapture], options: MarkovStatesOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    let parts = try captures.map { capture in
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
      return try CaptureMarkovStates(capture, options: options, context: context)
    }
    let elapsed = ContinuousClock.now - begin
    return MarkovStatesReport(parts: parts, options: options, context: context).findings(
      seconds: elapsed.seconds)
  }
}
