/// How many prompts and draws a number of tokens suffices for.
struct PruningBudget: Equatable {
  let prompts: Int
  let draws: Int

  /// Reduces prompts to eight, then draws to four, then prompts to two; nil where even those are too many.
  ///
  /// - Parameters:
  ///   - costs: tokens of each prompt's run.
  ///   - draws: random sets wanted for each number of heads.
  ///   - sizes: how many numbers of heads are pruned.
  ///   - tokens: the most tokens of all runs together.
  init?(costs: [Int], draws: Int, sizes: Int, tokens: Int) {
    var (count, sets) = (costs.count, draws)
    // Two more runs are for the intact model and for what its heads write.
    func cost() -> Int { costs.prefix(count).reduce(0, +) * (sizes * (1 + sets) + 2) }
    while cost() > tokens && count > 8 { count -= 1 }
    while cost() > tokens && sets > 4 { sets -= 1 }
    while cost() > tokens && count > 2 { count -= 1 }
    guard count > 0, cost() <= tokens else { return nil }
    prompts = count
    self.draws = sets
  }
}
