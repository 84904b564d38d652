public import ProbeCapture
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
public import ProbeOutside
import ProbeTasks

/// The finite automaton that a network implements, with what may be claimed of it or the shortest word that refutes it.
public enum AutomatonAnalysis: Analysis {
  /// `automaton`.
  public static let name = "automaton"
  /// What it answers.
  public static let summary =
    "the finite automaton inside a network: learnt from its answers, checked, set beside its states"
  /// An example.
  public static let example = "rnnprobe analyze automaton tomita3.h5 -o report"

  /// Needs a model that can be run on words: a recurrent one with inputs from a small set, or a causal attention model.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    guard let model = capture.metadata.model else {
      return "the capture names no model, and words are asked of a model"
    }
    if modelPath == nil, let weights = try? capture.weights(), weights.tensors.isEmpty {
      return "the capture carries no weights; name the model with --model PATH"
    }
    if capture.isOfAttention { return nil }
    guard let configuration = try? RecurrentConfiguration(json: model.configuration, source: capture.path)
    else { return "\(model.family) is not a recurrent model of this program" }
    if configuration.readout == nil { return "the model has no readout that would decide on a word" }
    if configuration.embedding == nil, capture.task()?.automaton?.inputVectors == nil,
      FixedInput.distinct(in: capture) == nil
    {
      return "its inputs are more than 32 distinct vectors: a continuum, not symbols"
    }
    if capture.metadata.sites.contains(where: { $0.name.contains(".reverse.") }) {
      return "a bidirectional model reads the sequence from both ends; a prefix alone has no state in it"
    }
    return nil
  }

  /// Learns a machine from every capture.
  public static func run(
    _ captures: [NamedCapture], options: AutomatonOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    let parts = try captures.map { capture in
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
      return try NetworkAutomaton(capture, options: options, context: context)
    }
    let elapsed = ContinuousClock.now - begin
    return try AutomatonReport(parts: parts, options: options, context: context).findings(
      seconds: elapsed.seconds)
  }

  /// Needs labels of words.
  public static func obstacle(_ program: OutsideProgram) -> String? {
    program.offer.words == nil
      ? "the program '\(program.command)' offers a map and no labels of words" : nil
  }

  /// Learns a machine from an outside program's labels of words.
  ///
  /// - Throws: ``AnalysisError``, `OutsideError` and `AutomataError` where the program gives a word two labels.
  public static func run(
    _ program: OutsideProgram, options: AutomatonOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    let language = try CapturedLanguage(program, options: options)
    let part = try NetworkAutomaton(
      AutomatonExtraction(
        program.offer.name, capture: nil, language: language, options: options, context: context),
      options: options, context: context)
    let elapsed = ContinuousClock.now - begin
    return try AutomatonReport(parts: [part], options: options, context: context, program: program).findings(
      seconds: elapsed.seconds)
  }
}
