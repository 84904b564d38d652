public import ProbeCapture
public import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Which heads of an attention model retrieve, copy, succeed and match, how sure that is, and what breaks without them.
///
/// Every capture given contributes what it supports; a score that none supports is left out. Scores of weights, nulls
/// and pruning need the model, from the weights in a capture or from `--model`.
public enum HeadsAnalysis: Analysis {
  /// `heads`.
  public static let name = "heads"
  /// What it answers.
  public static let summary =
    "which attention heads retrieve, copy, match and succeed, and what pruning them breaks"
  /// An example.
  public static let example = "rnnprobe analyze heads repeats.h5 needles.h5 -o report"

  /// Needs an attention model with summaries of its attention.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    if capture.metadata.model == nil { return "the capture names no model" }
    if !capture.isOfAttention { return "it is not of an attention model: it has no site blocks.*" }
    return nil
  }

  /// Scores the heads.
  public static func run(
    _ captures: [NamedCapture], options: HeadsOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    for capture in captures {
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
    }
    let attention = try CapturedAttention(captures, context: context)
    let report = try HeadsReport(attention, options: options, context: context)
    let elapsed = ContinuousClock.now - begin
    return report.findings(
      context: context,
      seconds: elapsed.seconds)
  }
}
