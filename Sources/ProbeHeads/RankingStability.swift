import ProbeLinearAlgebra

/// Says when enough runs were made to know which heads are on top.
///
/// Runs are redrawn with replacement; the ranking has settled when the top set of a redrawn ranking shares at
/// least `overlap` of its heads with that of all runs, in at least `share` of the draws. To stop by the same
/// runs that give the intervals would make these too narrow, so runs are dealt out in turn: those at even
/// places decide when to stop, those at odd places give the scores and intervals. The second half knows of
/// the first only how many runs there are.
public struct RankingStability: Sendable {
  /// The size of the top set; heads that score zero are in none, so it may be smaller.
  public var topCount: Int
  /// The share of the top set that must reappear.
  public var overlap: Double
  /// The share of draws in which it must.
  public var share: Double
  /// How many times runs are redrawn.
  public var resamples: Int
  /// No verdict before this many runs, of those that decide.
  public var leastRuns: Int
  /// What draws follow from.
  public var seed: UInt64

  /// A rule for stopping.
  public init(
    topCount: Int = 20, overlap: Double = 0.9, share: Double = 0.9, resamples: Int = 200, leastRuns: Int = 10,
    seed: UInt64 = 0
  ) {
    precondition(topCount > 0 && resamples > 0, "a top set needs heads, a verdict resamples")
    self.topCount = topCount
    self.overlap = overlap
    self.share = share
    self.resamples = resamples
    self.leastRuns = leastRuns
    self.seed = seed
  }

  /// What the runs so far say.
  public struct Verdict: Sendable, Equatable {
    /// Whether to stop.
    public let isSettled: Bool
    /// Runs that decided.
    public let runs: Int
    /// The top set of all of them, best first.
    public let top: [Int]
    /// The mean share of the top set that reappears in a redrawn one; NaN without a top set.
    public let meanOverlap: Double
    /// The share of draws in which enough of it reappears; NaN without a top set.
    public let settledShare: Double
  }

  /// The runs that decide when to stop, and those that give scores and intervals.
  public static func split<Run>(_ runs: [Run]) -> (stopping: [Run], intervals: [Run]) {
    (
      runs.enumerated().filter { $0.offset % 2 == 0 }.map(\.element),
      runs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    )
  }

  /// Judges the runs that decide.
  ///
  /// - Parameter scores: one array a kept run, one score a head.
  /// - Returns: whether to stop, and why.
  /// - Complexity: O(resamples heads (runs + log heads)).
  public func verdict(_ scores: [[Double]]) -> Verdict {
    let runs = scores.count
    guard let heads = scores.first?.count, runs > 0 else {
      return Verdict(isSettled: false, runs: 0, top: [], meanOverlap: .nan, settledShare: .nan)
    }
    precondition(scores.allSatisfy { $0.count == heads }, "all runs must have the same heads")
    var random = RandomGenerator(seed: seed)
    let sums = (0..<heads).map { head in scores.reduce(0) { $0 + $1[head] } }
    let size = min(topCount, sums.count { $0 > 0 })
    let top = topHeads(sums, count: size, using: &random)
    guard size > 0 else {
      return Verdict(isSettled: false, runs: runs, top: [], meanOverlap: .nan, settledShare: .nan)
    }
    let members = Set(top)
    let counts = PromptBootstrap(resamples: resamples, seed: seed).resampleCounts(runs)
    let drawn = counts * Matrix(rows: runs, columns: heads, elements: scores.flatMap { $0 })
    let shares = (0..<resamples).map { draw in
      let again = topHeads(Array(drawn.row(draw)), count: size, using: &random)
      return Double(again.count { members.contains($0) }) / Double(size)
    }
    // A share such as 18/20 must pass for 0.9, however it rounds.
    let settled = Double(shares.count { $0 >= overlap - 1e-9 }) / Double(resamples)
    return Verdict(
      isSettled: runs >= leastRuns && settled >= share - 1e-9, runs: runs, top: top,
      meanOverlap: shares.reduce(0, +) / Double(resamples), settledShare: settled)
  }
}
