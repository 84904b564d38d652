/// N-delayed match to sample: whether this bit is the same as the one N - 1 steps ago.
///
/// Khajehabdollahi et al., ICLR 2024, arXiv 2309.12927: the first and the last of the last N bits are compared.
public struct DelayedMatchToSample: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "delayed-match-to-sample",
    summary: "At every step, whether the bit equals the one n - 1 steps before.",
    inputs: RecentBits.inputs, targets: "two classes, one-hot: different, same", labels: RecentBits.labels,
    source: RecentBits.source,
    parameters: [TaskParameter("n", "4", "the span of the comparison, both bits included, from 2")],
    steps: 64, score: .accuracy(threshold: 0.98))

  /// The parameters given.
  public let parameters: TaskParameters
  /// The span of the comparison, both bits included.
  public var length: Int { recent.count }
  private let recent: RecentBits

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    recent = try RecentBits(parameters, least: 2)
  }

  /// Trials, steps and seed.
  public var plan: TrialPlan { recent.plan }
  /// One bit.
  public var input: TaskInput { .values(features: 1) }
  /// Different, same.
  public var outputSize: Int { 2 }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    recent.trial(index) { bits in bits.first == bits.last ? 1 : 0 }
  }

  /// The accuracy.
  public func scorer() -> any TaskScorer { AccuracyScorer(Self.descriptor.score) }
}
