/// Retrieval over many runs, each head with its intervals.
public struct RetrievalSummary: Sendable {
  /// Runs made.
  public let runsMade: Int
  /// Runs kept, those that generated more than half of the needle; everything below is over them.
  public let runsKept: Int
  /// Per head, the published code's score; nil without runs.
  public let copyRate: [Estimate?]
  /// Per head, the paper's score.
  public let set: [Estimate?]
  /// Per head, copying with no bigram to match; over the runs that gave a chance of it.
  public let entry: [Estimate?]
  /// Per head, copying along the needle; over the runs that gave a chance of it.
  public let continuation: [Estimate?]
  /// Per head, the copy rate of sham spans.
  public let shamCopyRate: [Estimate?]
  /// Per head, the set score of sham spans.
  public let shamSet: [Estimate?]
  /// Per head, the share of runs in which it copied at least one token; nil without runs.
  public let activationFrequency: [Estimate?]
  /// The mean of the largest copy rate a head could have; nil without runs.
  public let attainableCopyRate: Double?
  /// The mean of the largest set score a head could have; nil without runs.
  public let attainableSet: Double?

  /// Summarises runs; those not kept count among the runs made only.
  ///
  /// - Parameters:
  ///   - runs: all of the same model, so of the same number of heads.
  ///   - bootstrap: how intervals over runs are drawn.
  public init(_ runs: [RetrievalScores], bootstrap: PromptBootstrap = PromptBootstrap()) {
    let kept = runs.filter(\.isKept)
    runsMade = runs.count
    runsKept = kept.count
    func estimates(_ values: (RetrievalScores) -> [Double]?) -> [Estimate?] {
      bootstrap.estimates(
        kept.map { run in
          values(run)?.map { $0 } ?? [Double?](repeating: nil, count: run.copyRate.count)
        })
    }
    copyRate = estimates(\.copyRate)
    set = estimates(\.set)
    entry = estimates(\.entry)
    continuation = estimates(\.continuation)
    shamCopyRate = estimates(\.shamCopyRate)
    shamSet = estimates(\.shamSet)
    activationFrequency = estimates { run in run.copyRate.map { $0 > 0 ? 1 : 0 } }
    attainableCopyRate = meanOfDefined(kept.map(\.attainableCopyRate))
    attainableSet = meanOfDefined(kept.map(\.attainableSet))
  }

  /// How many heads reach a mean score: retrieval heads at 0.1, strong ones at 0.5 in the paper.
  public static func count(_ scores: [Estimate?], reaching threshold: Double) -> Int {
    scores.count { ($0?.mean ?? -.infinity) >= threshold }
  }
}
