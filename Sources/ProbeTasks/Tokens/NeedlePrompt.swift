/// What all needle trials share, wherever their prompts come from.
enum NeedlePrompt {
  /// A trial whose targets are the needles' tokens, one needle after another, from the prompt's last step on.
  ///
  /// That is the answer that repeats the needles at once and says nothing else. A model may say other words
  /// first, so runs are judged by which of the needles' tokens were generated; the targets serve to see which
  /// logit the prompt's end should raise.
  static func trial(
    tokens: [Int], needles: [Range<Int>], maximumNewTokens: Int, labels: [String: Int], leading: Int
  ) -> TokenTrial {
    let answer = needles.flatMap { tokens[$0] }
    let asked = Array(repeating: -1, count: tokens.count - 1) + answer
    let lastAsked = tokens.count - 1 + max(1, maximumNewTokens)
    return TokenTrial(
      tokens: tokens, targets: Array(asked.prefix(lastAsked)), needles: needles,
      maximumNewTokens: maximumNewTokens, labels: labels, leading: leading)
  }
}
