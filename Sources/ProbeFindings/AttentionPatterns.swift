/// Attention patterns of chosen heads on a few prompts, for a reader to look into.
public struct AttentionPatterns: Sendable, Equatable {
  /// A text that the model has read, as its tokens.
  public struct Prompt: Sendable, Equatable {
    /// What the prompt is, in a few words: "repeated random tokens".
    public var name: String
    /// What to see in it; may be empty.
    public var note: String
    /// The tokens' texts in order, as they are: with leading spaces, line breaks and all.
    ///
    /// ``TokenText/decoded(_:)`` makes them from bytes that need not be UTF-8.
    public var tokens: [String]
    /// The query to look at first; the last token where there is none.
    public var focus: Int?

    /// A prompt.
    ///
    /// - Precondition: `focus` is a position in `tokens`.
    public init(name: String, note: String = "", tokens: [String], focus: Int? = nil) {
      if let focus {
        precondition(tokens.indices.contains(focus), "prompt \(name): no token \(focus) of \(tokens.count)")
      }
      self.name = name
      self.note = note
      self.tokens = tokens
      self.focus = focus
    }
  }

  /// What one head attends to on one prompt.
  public struct Pattern: Sendable, Equatable {
    /// The layer, from 0.
    public var layer: Int
    /// The head in its layer, from 0.
    public var head: Int
    /// The index of the prompt.
    public var prompt: Int
    /// The weights, `[query, key]`, row-major, 0 to 1; NaN in the rows of queries that were not recorded.
    public var weights: [Float]

    /// A head's pattern on a prompt.
    public init(layer: Int, head: Int, prompt: Int, weights: [Float]) {
      self.layer = layer
      self.head = head
      self.prompt = prompt
      self.weights = weights
    }
  }

  /// The prompts.
  public let prompts: [Prompt]
  /// The patterns; for each head and prompt one at most, the last one counts.
  public let patterns: [Pattern]
  /// How to get the pattern of a head that is not among them: one sentence, or empty.
  public let remedy: String

  /// Patterns of chosen heads on a few prompts.
  ///
  /// A page shows each weight with eight bits: a prompt of n tokens costs about 0.7 n² bytes a head, up to 96 tokens; of longer
  /// prompts it keeps each query's heaviest keys, at most 16.
  ///
  /// - Precondition: every pattern names one of `prompts` and has a weight for each pair of its tokens.
  public init(prompts: [Prompt] = [], patterns: [Pattern] = [], remedy: String = "") {
    for pattern in patterns {
      precondition(
        prompts.indices.contains(pattern.prompt), "a pattern of prompt \(pattern.prompt) of \(prompts.count)")
      let count = prompts[pattern.prompt].tokens.count
      precondition(
        pattern.weights.count == count * count,
        "head \(pattern.layer).\(pattern.head): \(pattern.weights.count) weights for \(count) tokens")
    }
    self.prompts = prompts
    self.patterns = patterns
    self.remedy = remedy
  }
}
