public import ProbeLinearAlgebra

/// How well a model does a task.
public struct Score: Sendable, Equatable {
  /// How answers are scored.
  public var descriptor: ScoreDescriptor
  /// The value over all trials given; NaN where none was, or where an output was not a number.
  public var value: Double

  /// Whether the value is on the right side of the threshold, or on it; never for NaN.
  public var passed: Bool {
    switch descriptor.direction {
    case .lowerIsBetter: value <= descriptor.threshold
    case .higherIsBetter: value >= descriptor.threshold
    }
  }
}

/// How a task's answers are scored.
public struct ScoreDescriptor: Sendable, Equatable {
  /// Which way is good.
  public enum Direction: String, Sendable {
    /// An error or a distance.
    case lowerIsBetter = "lower is better"
    /// A share of right answers.
    case higherIsBetter = "higher is better"
  }

  /// A short name: `mse`, `accuracy`, ...
  public var name: String
  /// How it is computed.
  public var meaning: String
  /// Which way is good.
  public var direction: Direction
  /// The value from which on the task counts as learnt.
  public var threshold: Double

  /// The mean squared error over the steps that count and all outputs.
  static func meanSquaredError(threshold: Double) -> ScoreDescriptor {
    ScoreDescriptor(
      name: "mse", meaning: "mean squared error over the steps that count and all outputs",
      direction: .lowerIsBetter, threshold: threshold)
  }

  /// The share of the steps that count whose largest output is the right class.
  static func accuracy(threshold: Double) -> ScoreDescriptor {
    ScoreDescriptor(
      name: "accuracy", meaning: "share of the steps that count whose largest output is the right class",
      direction: .higherIsBetter, threshold: threshold)
  }

  /// The mean divergence of the model's distributions from the true ones.
  static func divergence(threshold: Double) -> ScoreDescriptor {
    ScoreDescriptor(
      name: "divergence",
      meaning:
        "mean Kullback-Leibler divergence, in nats, of the outputs' softmax from the true probabilities",
      direction: .lowerIsBetter, threshold: threshold)
  }

  /// The mean over the classes that occur of the share of their steps that are answered right.
  static func balancedAccuracy(threshold: Double) -> ScoreDescriptor {
    ScoreDescriptor(
      name: "balanced_accuracy",
      meaning:
        "mean over the classes that occur of the share of their steps whose largest output is the class",
      direction: .higherIsBetter, threshold: threshold)
  }
}

/// Accumulates a task's score, a trial at a time.
public protocol TaskScorer: Sendable {
  /// Takes one trial and what the model answered, `[time, output]`, shaped as the trial's targets.
  mutating func add(_ trial: Trial, outputs: Tensor<Double>)

  /// The score of all trials taken so far.
  var score: Score { get }
}

/// Pools squared errors.
struct MeanSquaredErrorScorer: TaskScorer {
  let descriptor: ScoreDescriptor
  private var sum = 0.0
  private var count = 0

  init(_ descriptor: ScoreDescriptor) { self.descriptor = descriptor }

  mutating func add(_ trial: Trial, outputs: Tensor<Double>) {
    precondition(outputs.shape == trial.targets.shape, "outputs must have the shape of the targets")
    let width = outputs.shape[1]
    for step in 0..<trial.steps where trial.mask[step] {
      for index in step * width..<(step + 1) * width {
        let error = outputs.elements[index] - trial.targets.elements[index]
        sum += error * error
      }
      count += width
    }
  }

  var score: Score { Score(descriptor: descriptor, value: sum / Double(count)) }
}

/// Counts right answers; an answer with an output that is not a number is wrong, ties go to the lower class.
struct AccuracyScorer: TaskScorer {
  let descriptor: ScoreDescriptor
  private var right = 0
  private var count = 0

  init(_ descriptor: ScoreDescriptor) { self.descriptor = descriptor }

  mutating func add(_ trial: Trial, outputs: Tensor<Double>) {
    precondition(outputs.shape == trial.targets.shape, "outputs must have the shape of the targets")
    let width = outputs.shape[1]
    for step in 0..<trial.steps where trial.mask[step] {
      let answer = outputs.elements[step * width..<(step + 1) * width]
      let target = trial.targets.elements[step * width..<(step + 1) * width]
      let hasNumbers = !answer.contains { $0.isNaN }
      if hasNumbers && firstLargest(answer) == firstLargest(target) { right += 1 }
      count += 1
    }
  }

  var score: Score { Score(descriptor: descriptor, value: Double(right) / Double(count)) }
}

/// The offset of the first of the largest values.
func firstLargest(_ values: ArraySlice<Double>) -> Int? {
  values.indices.max { values[$0] < values[$1] || (values[$0] == values[$1] && $0 > $1) }
    .map { $0 - values.startIndex }
}
