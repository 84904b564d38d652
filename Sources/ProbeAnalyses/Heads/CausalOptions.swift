import ArgumentParser
import ProbeFindings

/// The options of the causal checks of `analyze heads`: pruning and patching.
struct CausalOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "Scores whose best heads are pruned: names separated by commas, auto or none.",
      discussion:
        "auto: induction on repeated tokens, successor on lists, retrieval on needles, and whichever of them there "
        + "are on sequences of your own.", valueName: "scores"))
  var prune = "auto"
  @Option(help: "The most prompts of a capture that heads are pruned on.")
  var prunePrompts = 32
  @Option(help: "Random sets of heads that each pruned set is compared with.")
  var pruneDraws = 10
  @Option(help: "What stands in a pruned head's place: zero, mean, uniform, separated by commas.")
  var ablation = "zero,mean,uniform"
  @Option(
    help:
      "Where heads are pruned on needle prompts: all, or generation (from the prompt's last step on, as the published code does)."
  )
  var pruneScope: PruneScope = .all
  @Option(
    help: ArgumentHelp(
      "The most tokens that pruning runs through the model; patching takes at most a quarter more.",
      discussion:
        "Default: 2e13 over the number of weights, some minutes. Prompts, then draws, are reduced to it."))
  var pruneTokens: Int?
  @Option(help: "Prompts of a capture that are patched; 0 for none.")
  var patchPrompts = 4
  @Option(help: "What is patched: resid_pre, attn_out or mlp_out.")
  var patchSite: PatchSite = .residual
  @Option(
    help: ArgumentHelp(
      "Your own corrupt prompts, a .npy file of the shape of the capture's tokens.", valueName: "file"))
  var corrupt: String?

  /// Where heads are pruned on needle prompts.
  enum PruneScope: String, ExpressibleByArgument, Sendable { case all, generation }

  /// What is patched, by the name of the site within its block.
  enum PatchSite: String, ExpressibleByArgument, Sendable {
    case residual = "resid_pre"
    case attention = "attn_out"
    case perceptron = "mlp_out"
  }

  /// What stands in a head's place.
  enum Ablation: String, CaseIterable, Sendable { case zero, mean, uniform }

  /// The ablations, in the order given.
  var ablations: [Ablation] {
    var seen = Set<Ablation>()
    return Self.words(ablation).compactMap { Ablation(rawValue: $0) }.filter { seen.insert($0).inserted }
  }

  /// The names of `--prune`; nil for auto.
  var prunedScores: [String]? { prune == "auto" ? nil : (prune == "none" ? [] : Self.words(prune)) }

  func validate() throws {
    if prunePrompts < 1 { throw ValidationError("--prune-prompts must be at least 1") }
    if pruneDraws < 1 { throw ValidationError("--prune-draws must be at least 1") }
    if let pruneTokens, pruneTokens < 1 { throw ValidationError("--prune-tokens must be at least 1") }
    if patchPrompts < 0 { throw ValidationError("--patch-prompts must be at least 0") }
    let words = Self.words(ablation)
    if words.isEmpty || words.contains(where: { Ablation(rawValue: $0) == nil }) {
      throw ValidationError(
        "--ablation is '\(ablation)'; it takes zero, mean and uniform, separated by commas")
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
  }

  /// What the findings list.
  func used(tokens: Int?) -> [UsedOption] {
    var used = [
      UsedOption("prune", .string(prune), meaning: "scores whose best heads are pruned"),
      UsedOption("prune-prompts", .integer(prunePrompts), meaning: "at most, of a capture"),
      UsedOption(
        "prune-draws", .integer(pruneDraws), meaning: "random sets each pruned set is compared with"),
      UsedOption("ablation", .string(ablation), meaning: "what stands in a pruned head's place"),
      UsedOption(
        "prune-scope", .string(pruneScope.rawValue), meaning: "where heads are pruned on needle prompts"),
      UsedOption("patch-prompts", .integer(patchPrompts), meaning: "prompts of a capture that are patched"),
      UsedOption("patch-site", .string(patchSite.rawValue), meaning: "what is patched"),
    ]
    if let tokens = tokens ?? pruneTokens {
      used.append(
        UsedOption(
          "prune-tokens", .integer(tokens), meaning: "the most tokens that pruning runs through the model"))
    }
    if let corrupt {
      used.append(UsedOption("corrupt", .string(corrupt), meaning: "the corrupt prompts"))
    }
    return used
  }

  /// The most tokens that pruning runs through a model.
  func tokenBudget(weights: Int) -> Int { pruneTokens ?? max(1000, Int(2e13 / Double(max(1, weights)))) }
}
