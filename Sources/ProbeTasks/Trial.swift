public import ProbeLinearAlgebra

/// One trial: what the model reads and what it should answer.
public struct Trial: Sendable, Equatable {
  /// What the model reads.
  public enum Inputs: Sendable, Equatable {
    /// `[time, feature]`.
    case values(Tensor<Double>)
    /// `[time]` token ids, indices into the task's alphabet.
    case tokens([Int])
  }

  /// What the model reads.
  public var inputs: Inputs
  /// `[time, output]`; classes are one-hot.
  public var targets: Tensor<Double>
  /// `[time]`: the steps that count for the score.
  public var mask: [Bool]
  /// `[time]`: the task's label of each step, -1 where it has none yet; nil for a task without labels.
  ///
  /// What a label means stands in the descriptor's `labels`.
  public var labels: [Int]?

  /// Gathers the parts.
  public init(inputs: Inputs, targets: Tensor<Double>, mask: [Bool], labels: [Int]?) {
    self.inputs = inputs
    self.targets = targets
    self.mask = mask
    self.labels = labels
  }

  /// The number of steps.
  public var steps: Int { mask.count }
}

/// How many trials there are, how long, and the seed they come from.
public struct TrialPlan: Sendable, Equatable {
  /// The number of trials.
  public var trials: Int
  /// The steps of every trial.
  public var steps: Int
  /// The seed of all trials; trial i draws from stream i under it.
  public var seed: UInt64

  /// Reads `trials`, `steps` and `seed`; `minimumSteps` are the fewest that hold a whole trial, and why.
  init(_ parameters: TaskParameters, minimumSteps: Int = 1, because reason: String? = nil) throws(TaskError) {
    trials = try parameters.integer("trials", in: 1...1_000_000_000)
    steps = try parameters.integer("steps", in: minimumSteps...100_000_000, because: reason)
    seed = try parameters.seed("seed")
  }

  /// The random numbers of one trial.
  func generator(of trial: Int) -> RandomGenerator {
    precondition(trial >= 0, "a trial's index is not negative")
    return RandomGenerator(seed: seed, stream: UInt64(trial))
  }
}
