public import ProbeLinearAlgebra

/// One trial of a token task: the prompt, what should follow it, and where to look.
public struct TokenTrial: Sendable, Equatable {
  /// The prompt.
  public var tokens: [Int]
  /// `[time]`, the prompt's steps and then one a generated token: the token that should follow step t, -1 where
  /// nothing is asked.
  public var targets: [Int]
  /// Positions in the prompt of what is to be retrieved, in the order asked for; empty for other tasks.
  public var needles: [Range<Int>]
  /// How many tokens the model may add; 0 where nothing is generated.
  public var maximumNewTokens: Int
  /// What the trial is, for tables, one number a trial each: "length", "depth" (percent), "case", "block", ...
  public var labels: [String: Int]
  /// How many tokens at the beginning frame the prompt (the beginning-of-sequence token, a chat template's
  /// opening): a permutation leaves them where they are.
  public var leading: Int

  /// Gathers the parts; targets are -1 beyond those given.
  ///
  /// - Precondition: `targets` is not longer than prompt and generated tokens together.
  public init(
    tokens: [Int], targets: [Int] = [], needles: [Range<Int>] = [], maximumNewTokens: Int = 0,
    labels: [String: Int] = [:], leading: Int = 0
  ) {
    let steps = tokens.count + maximumNewTokens
    precondition(targets.count <= steps, "a trial has no more targets than steps")
    self.tokens = tokens
    self.targets = targets + Array(repeating: -1, count: steps - targets.count)
    self.needles = needles
    self.maximumNewTokens = maximumNewTokens
    self.labels = labels
    self.leading = leading
  }

  /// The prompt's length and the tokens that may be generated.
  public var steps: Int { tokens.count + maximumNewTokens }

  /// The trial with its tokens in random order, as a null: the same tokens, none of the structure.
  ///
  /// The leading tokens stay. The steps that are asked stay asked, of the token that follows now; steps whose
  /// answer would be generated are asked no more. The needles keep their positions, where now other tokens stand.
  ///
  /// - Complexity: O(steps).
  public func permuted(using random: inout RandomGenerator) -> TokenTrial {
    var result = self
    let first = min(leading, tokens.count)
    for (position, source) in random.sample(tokens.count - first, of: tokens.count - first).enumerated() {
      result.tokens[first + position] = tokens[first + source]
    }
    for step in targets.indices where targets[step] >= 0 {
      result.targets[step] = step + 1 < tokens.count ? result.tokens[step + 1] : -1
    }
    return result
  }
}
