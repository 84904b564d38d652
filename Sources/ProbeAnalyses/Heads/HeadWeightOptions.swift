public import ArgumentParser
import ProbeFindings
public import ProbeHeads

/// The options of what `analyze heads` takes from weights and forward passes.
public struct HeadWeightOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("mlp0-input"),
    help:
      "What the first MLP reads for the successor score: raw (the embedding, as in replications) or normalized."
  )
  var mlp0Input: SuccessorConvention.MLPInput = .raw
  @Option(help: "Among which tokens a successor must win: targets (of the same list) or all-tasks.")
  var successorCandidates: SuccessorConvention.Candidates = .targets
  @Flag(name: .customLong("no-fold-norms"), help: "Leave norms' weights out of circuits and unembedding.")
  var leavesNorms = false
  @Flag(help: "Add a head's output bias to its successor logits.")
  var includeBias = false
  @Flag(help: "Process weights as TransformerLens does (fold and centre) before scores of weights.")
  var processWeights = false
  @Option(help: "Pairs of heads in the table of composition; 0 leaves composition out.")
  var compositionPairs = 200
  @Option(help: "Prompts of a capture whose logits are attributed to heads; 0 for none.")
  var attributionPrompts = 16
  @Option(help: "Steps with a target that are attributed in each prompt, evenly spread.")
  var attributionSteps = 16
  @Option(help: "Prompts in the logit lens; 0 for none.")
  var lensPrompts = 2
  @Option(help: "Heads whose attention the page shows on prompts; 0 for none.")
  var patternHeads = 24

  /// The defaults.
  public init() {}

  /// Checks ranges.
  public func validate() throws {
    if processWeights && leavesNorms {
      throw ValidationError("--process-weights folds norms, which --no-fold-norms forbids; give one of them")
    }
    for (name, value) in [
      ("composition-pairs", compositionPairs), ("attribution-prompts", attributionPrompts),
      ("attribution-steps", attributionSteps), ("lens-prompts", lensPrompts), ("pattern-heads", patternHeads),
    ] where value < 0 { throw ValidationError("--\(name) must be at least 0") }
  }

  /// The convention of successor scores.
  var convention: SuccessorConvention {
    SuccessorConvention(
      mlp0Input: mlp0Input, candidates: successorCandidates, foldsNorms: !leavesNorms,
      includesBias: includeBias)
  }

  /// Every option as findings list it.
  var used: [UsedOption] {
    [
      UsedOption("mlp0-input", .string(mlp0Input.rawValue), meaning: "what the first MLP reads"),
      UsedOption(
        "successor-candidates", .string(successorCandidates.argument),
        meaning: "tokens among which a successor must win"),
      UsedOption("no-fold-norms", .boolean(leavesNorms), meaning: "norms' weights are left out"),
      UsedOption("include-bias", .boolean(includeBias), meaning: "successor logits have the head's bias"),
      UsedOption(
        "process-weights", .boolean(processWeights), meaning: "weights are processed as TransformerLens does"),
      UsedOption("composition-pairs", .integer(compositionPairs), meaning: "pairs in the composition table"),
      UsedOption(
        "attribution-prompts", .integer(attributionPrompts), meaning: "prompts whose logits are attributed"),
      UsedOption("attribution-steps", .integer(attributionSteps), meaning: "steps attributed in each"),
      UsedOption("lens-prompts", .integer(lensPrompts), meaning: "prompts in the logit lens"),
      UsedOption("pattern-heads", .integer(patternHeads), meaning: "heads whose attention is shown"),
    ]
  }
}

extension SuccessorConvention.MLPInput: ExpressibleByArgument {}

extension SuccessorConvention.Candidates: ExpressibleByArgument {
  /// The name on the command line: `targets` or `all-tasks`.
  var argument: String { self == .targets ? "targets" : "all-tasks" }

  /// Reads the name on the command line.
  public init?(argument: String) {
    guard let found = Self.allCases.first(where: { $0.argument == argument }) else { return nil }
    self = found
  }

  /// The names on the command line.
  public static var allValueStrings: [String] { allCases.map(\.argument) }
  /// The name on the command line.
  public var defaultValueDescription: String { argument }
}
