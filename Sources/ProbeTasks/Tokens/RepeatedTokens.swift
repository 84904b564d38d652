internal import ProbeLinearAlgebra

/// Blocks of random tokens, repeated: what a head that continues repetitions is found with.
///
/// Olsson et al., arXiv 2209.11895: 25 distinct random tokens, the most and the least frequent excluded, repeated
/// four times after a beginning-of-sequence token. Vocabularies made by merging list tokens roughly by frequency,
/// so a share of ids at each end is left out. The block's length is drawn anew for each trial: with one length
/// for all, a head that attends at that distance and reads nothing scores as high as one that matches tokens.
public struct RepeatedTokens: TokenTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "repeated-tokens", summary: "Continue a block of random tokens that is repeated.",
    inputs: "distinct random tokens, the same block several times over",
    targets: "the next token, asked at every step of the second and later copies but the last",
    labels: "block: the block's length; length: that of the prompt",
    source: "Olsson et al., arXiv 2209.11895",
    tokenParameters: [
      TaskParameter("block", "25", "the block's length in tokens, from 2"),
      TaskParameter("repeats", "4", "how often the block stands there, from 2"),
      TaskParameter(
        "jitter", "10",
        "the block's length is drawn from block - jitter to block + jitter; 0: always the same"),
      TaskParameter("low", "auto", "the lowest id drawn; auto: the first 2 % of the vocabulary are left out"),
      TaskParameter(
        "high", "auto", "the highest id drawn; auto: the last 2 % of the vocabulary are left out"),
      BeginningChoice.parameter,
    ],
    trials: "32",
    score: ScoreDescriptor(
      name: "accuracy", meaning: "share of the steps asked whose largest logit is the target",
      direction: .higherIsBetter, threshold: 0.5))

  /// The parameters given.
  public let parameters: TaskParameters
  /// The extent of the time axis.
  public let steps: Int
  /// The block lengths that occur.
  public let blocks: ClosedRange<Int>
  /// How often the block stands there.
  public let repeats: Int
  /// The ids that are drawn, ascending.
  public let candidates: [Int]
  private let plan: TokenPlan
  private let beginning: [Int]

  /// Builds the task.
  public init(_ parameters: TaskParameters, vocabulary: TokenVocabulary) throws(TaskError) {
    self.parameters = parameters
    plan = try TokenPlan(parameters, natural: 32)
    let block = try parameters.integer("block", in: 2...1_000_000)
    let jitter = try parameters.integer(
      "jitter", in: 0...(block - 2), because: "a block of \(block) less the jitter has at least 2 tokens")
    blocks = block - jitter...block + jitter
    repeats = try parameters.integer("repeats", in: 2...100_000)
    beginning = try TokenPlan.beginning(parameters, vocabulary: vocabulary)
    candidates = try Self.candidates(parameters, vocabulary: vocabulary)
    guard candidates.count >= blocks.upperBound else {
      throw .vocabulary(
        task: parameters.task,
        fault: "a block of \(blocks.upperBound) distinct tokens is to be drawn from \(candidates.count) ids",
        expected: "a smaller block or jitter, or a wider range from low to high")
    }
    steps = try TokenPlan.steps(
      parameters, longest: beginning.count + blocks.upperBound * repeats, vocabulary: vocabulary)
  }

  /// How many trials there are.
  public var trials: Int { plan.trials }

  /// The trial of the given index.
  public func trial(_ index: Int) -> TokenTrial {
    var random = plan.generator(of: index)
    let length = blocks.lowerBound + random.integer(below: blocks.count)
    let block = random.sample(length, of: candidates.count).map { candidates[$0] }
    let tokens = beginning + (0..<repeats).flatMap { _ in block }
    // The last step of the first copy is not asked: its token has not been followed by anything yet.
    let firstAsked = beginning.count + length
    let targets = tokens.indices.map { step in
      step >= firstAsked && step + 1 < tokens.count ? tokens[step + 1] : -1
    }
    return TokenTrial(
      tokens: tokens, targets: targets, labels: ["block": length, "length": tokens.count],
      leading: beginning.count)
  }

  /// The ids from `low` to `high` that stand for text, ascending.
  static func candidates(
    _ parameters: TaskParameters, vocabulary: TokenVocabulary
  ) throws(TaskError) -> [Int] {
    let share = vocabulary.size / 50
    let last = vocabulary.size - 1
    let low = try parameters.integer("low", in: 0...last, because: "the vocabulary", auto: ()) ?? share
    let high =
      try parameters.integer("high", in: min(low, last)...last, because: "from low=\(low) on", auto: ())
      ?? max(low, last - share)
    return (low...high).filter { !vocabulary.isSpecial($0) }
  }
}
