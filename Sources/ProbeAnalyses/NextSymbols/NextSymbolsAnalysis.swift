public import ProbeCapture
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// The probabilistic automaton of a network that says what comes next, learnt in several ways, each with its fidelity.
public enum NextSymbolsAnalysis: Analysis {
  /// `next-symbols`.
  public static let name = "next-symbols"
  /// What it answers.
  public static let summary =
    "the probabilistic automaton of a next-symbol network, learnt in four ways, with how far each can be trusted"
  /// An example.
  public static let example = "rnnprobe analyze next-symbols reber.h5 -o report"

  /// Needs a recurrent model that reads symbols and has an output for each, and perhaps one for the end.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    guard let model = capture.metadata.model else {
      return "the capture names no model, and words are asked of a model"
    }
    if capture.isOfAttention {
      return "it asks recurrent models, and this is a capture of an attention model"
    }
    guard (try? RecurrentConfiguration(json: model.configuration, source: capture.path)) != nil else {
      return "\(model.family) is not a recurrent model of this program"
    }
    if let task = capture.task(), !(task is any NextSymbolTask) {
      return
        "its task \(type(of: task).descriptor.name) does not ask which symbol comes next, so that its outputs are no "
        + "probabilities of symbols"
    }
    if capture.metadata.sites.contains(where: { $0.name.contains(".reverse.") }) {
      return "a bidirectional model reads the sequence from both ends; a prefix alone has no state in it"
    }
    if modelPath == nil, let weights = try? capture.weights(), weights.tensors.isEmpty {
      return "the capture carries no weights; name the model with --model PATH"
    }
    let context = AnalysisContext(
      threads: 1, seed: 0, modelPath: modelPath, command: "", programVersion: "")
    do {
      _ = try NextSymbolCapture(capture, context: context)
      return nil
    } catch AnalysisError.unsuitable(_, _, let fault) {
      return fault
    } catch {
      return "\(error)"
    }
  }

  /// Learns from every capture.
  public static func run(
    _ captures: [NamedCapture], options: NextSymbolsOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    let parts = try captures.map { capture in
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
      return try NextSymbolExtraction(capture, options: options, context: context)
    }
    let elapsed = ContinuousClock.now - begin
    return try NextSymbolsReport(parts: parts, options: options, context: context).findings(
      seconds: elapsed.seconds)
  }
}
