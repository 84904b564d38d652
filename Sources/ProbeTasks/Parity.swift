/// N-parity: whether the number of ones among the last N bits is odd.
///
/// Khajehabdollahi et al., ICLR 2024, arXiv 2309.12927, whose curriculum advances at 98 % accuracy.
public struct Parity: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "parity", summary: "At every step, the parity (XOR) of the last n bits.",
    inputs: RecentBits.inputs, targets: "two classes, one-hot: even, odd", labels: RecentBits.labels,
    source: RecentBits.source,
    parameters: [TaskParameter("n", "4", "how many bits the parity is of, from 1")],
    steps: 64, score: .accuracy(threshold: 0.98))

  /// The parameters given.
  public let parameters: TaskParameters
  /// How many bits the parity is of.
  public var length: Int { recent.count }
  private let recent: RecentBits

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    recent = try RecentBits(parameters, least: 1)
  }

  /// Trials, steps and seed.
  public var plan: TrialPlan { recent.plan }
  /// One bit.
  public var input: TaskInput { .values(features: 1) }
  /// Even, odd.
  public var outputSize: Int { 2 }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    recent.trial(index) { bits in bits.reduce(0, ^) }
  }

  /// The accuracy.
  public func scorer() -> any TaskScorer { AccuracyScorer(Self.descriptor.score) }
}
