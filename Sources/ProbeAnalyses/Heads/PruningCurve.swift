import ProbeHeads

/// Accuracy against the number of heads pruned, of one score's best heads and of random ones.
struct PruningCurve {
  let capture: String
  let task: String
  let isGenerated: Bool
  let score: String
  let ablation: CausalOptions.Ablation
  let prompts: Int
  let draws: Int
  /// One a number of heads, ascending.
  let points: [Point]

  /// One number of heads.
  struct Point {
    let comparison: PruningPoint
    /// The heads pruned, best first.
    let heads: [Int]
    /// How many of them had to be matched in another layer.
    let unmatched: Int
    /// Distinct sets among the draws.
    let distinct: Int
  }
}
