import ProbeLinearAlgebra

/// How each head copied the needle in one run.
///
/// A head copies a generated token where the key it attends to most lies in a needle and holds that token (Wu
/// et al. 2024, arXiv 2404.15574). The published text and code count differently; both are here.
public struct RetrievalScores: Sendable, Equatable {
  /// What the elements of the set score are.
  public enum SetElement: String, Sendable, CaseIterable {
    /// Needle positions: a needle that holds a token twice must be copied twice.
    case positions
    /// Distinct tokens, as the paper's g and k are sets of tokens.
    case tokens
  }

  /// Per head, copied steps over needle tokens, as the published code has it: repeats count, so it may exceed
  /// 1.
  public let copyRate: [Double]
  /// Per head, |g ∩ k| / |k|, as the paper defines it: distinct elements copied over those there are.
  public let set: [Double]
  /// Per head, the share of its chances at which it copied a token with no bigram to match.
  ///
  /// The token before the attended key is not the one before the generated token, so induction does not lead
  /// there: the entry to the needle. A step is a chance where some needle position holds the generated token
  /// after another predecessor (or none). Nil without chances.
  public let entry: [Double]?
  /// Per head, the share of its chances at which it copied a token whose predecessor matches too; nil without
  /// chances.
  public let continuation: [Double]?
  /// Per head, `copyRate` for random spans of the needles' lengths elsewhere in the prompt; nil where there
  /// is no room.
  public let shamCopyRate: [Double]?
  /// Per head, `set` for the same spans.
  public let shamSet: [Double]?
  /// The largest `copyRate` that any head could have, given what was generated.
  public let attainableCopyRate: Double
  /// The largest `set` that any head could have, given what was generated.
  public let attainableSet: Double
  /// The share of the needles' tokens that were generated.
  public let recall: Double
  /// Whether the run counts.
  public let isKept: Bool

  /// Scores a run.
  ///
  /// - Parameters:
  ///   - run: prompt, needles, generated tokens and attended keys.
  ///   - element: what the set score counts.
  ///   - shamDraws: random spans drawn for the null, each needle each time.
  ///   - seed: what they follow from; use a run's own.
  /// - Complexity: O(prompt + steps (heads + needle) shamDraws).
  public init(_ run: RetrievalRun, element: SetElement = .positions, shamDraws: Int = 10, seed: UInt64) {
    recall = run.recall
    isKept = run.isKept
    let tally = SpanTally(run, spans: run.needles, element: element)
    copyRate = tally.copyRate
    set = tally.set
    attainableCopyRate = tally.attainableCopyRate
    attainableSet = tally.attainableSet
    entry = tally.entry
    continuation = tally.continuation

    var random = RandomGenerator(seed: seed)
    let draws = (0..<shamDraws).compactMap { _ in Self.shamSpans(run, using: &random) }
    guard !draws.isEmpty else {
      (shamCopyRate, shamSet) = (nil, nil)
      return
    }
    let shams = draws.map { SpanTally(run, spans: $0, element: element) }
    func average(_ values: (SpanTally) -> [Double]) -> [Double] {
      (0..<run.heads).map { head in shams.reduce(0) { $0 + values($1)[head] } / Double(shams.count) }
    }
    shamCopyRate = average(\.copyRate)
    shamSet = average(\.set)
  }

  /// Spans of the needles' lengths that overlap neither a needle nor each other; nil where there is no room
  /// left.
  static func shamSpans(_ run: RetrievalRun, using random: inout RandomGenerator) -> [Range<Int>]? {
    var taken = run.needles
    var spans: [Range<Int>] = []
    for needle in run.needles {
      let starts = (0...(run.prompt.count - needle.count)).filter { start in
        !taken.contains { $0.overlaps(start..<start + needle.count) }
      }
      guard !starts.isEmpty else { return nil }
      let start = starts[random.integer(below: starts.count)]
      spans.append(start..<start + needle.count)
      taken.append(start..<start + needle.count)
    }
    return spans
  }
}
