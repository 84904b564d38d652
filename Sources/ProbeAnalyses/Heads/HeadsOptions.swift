public import ArgumentParser
import ProbeHeads

/// The options of `analyze heads`.
public struct HeadsOptions: ParsableArguments, Sendable {
  @Option(help: "How many times prompts are redrawn for an interval.")
  var resamples = 2000
  @Option(help: "The coverage of the intervals.")
  var level = 0.95
  @Option(help: "What the set score of retrieval counts: positions of the needle, or its distinct tokens.")
  var retrievalSet: RetrievalScores.SetElement = .positions
  @Option(help: "A retrieval head scores at least this.")
  var retrievalThreshold = 0.1
  @Option(help: "A strong retrieval head scores at least this.")
  var strongThreshold = 0.5
  @Option(help: "Heads in a top set, for reliability and pruning pictures.")
  var top = 20
  @Option(
    help: "Prompts whose patterns are scored with their tokens in random order, for a null; 0 for none.")
  var nullPrompts = 32
  @OptionGroup(title: "Weights and forward passes")
  var weights: HeadWeightOptions

  @OptionGroup(title: "Causal checks")
  var causal: CausalOptions

  /// The defaults.
  public init() {}

  /// Checks ranges.
  public func validate() throws {
    if resamples < 1 { throw ValidationError("--resamples must be at least 1") }
    if !(level > 0 && level < 1) { throw ValidationError("--level must lie between 0 and 1") }
    if top < 1 { throw ValidationError("--top must be at least 1") }
    if nullPrompts < 0 { throw ValidationError("--null-prompts must be at least 0") }
  }
}

extension RetrievalScores.SetElement: ExpressibleByArgument {}
