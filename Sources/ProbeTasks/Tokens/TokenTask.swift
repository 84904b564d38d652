internal import ProbeLinearAlgebra

/// A task on token ids, for a model with a vocabulary of any size.
///
/// Where ``SequenceTask`` has one-hot targets, `[time, output]`, a token task has one id a step. As there, a trial
/// is a function of (seed, index) alone. A new task is one file that conforms to this, and one line in
/// ``TokenTaskRegistry``.
public protocol TokenTask: Sendable {
  /// What the task is called, what it asks, and what can be set.
  static var descriptor: TaskDescriptor { get }

  /// Builds the task for a vocabulary from its parameters.
  ///
  /// - Throws: ``TaskError`` when a value is not one the task can take, a file does not hold what it should, or
  ///   the trials do not fit the vocabulary or the model's positions.
  init(_ parameters: TaskParameters, vocabulary: TokenVocabulary) throws(TaskError)

  /// The parameters that the task was built from, defaults included.
  var parameters: TaskParameters { get }
  /// How many trials there are.
  var trials: Int { get }
  /// The most needles that a trial has.
  var mostNeedles: Int { get }
  /// The extent of the time axis: no trial is longer, generated tokens included.
  var steps: Int { get }

  /// The trial of the given index.
  ///
  /// - Precondition: `trials` is above `index`, and `index` is not negative.
  /// - Complexity: O(steps) time and memory, besides the tokenizer's.
  func trial(_ index: Int) -> TokenTrial
}

extension TokenTask {
  /// As many as the first trial's, where all have as many.
  public var mostNeedles: Int { trial(0).needles.count }
}

/// Whether a beginning-of-sequence token is put before every prompt.
enum BeginningChoice: String, CaseIterable {
  case auto, `true`, `false`

  static let parameter = TaskParameter(
    "bos", "auto",
    "put the beginning-of-sequence token before the prompt: true, false, auto (where there is one)")
}

/// How many trials, from which seed, and what stands before every prompt: the part that all token tasks share.
struct TokenPlan {
  let trials: Int
  let seed: UInt64

  /// Reads `trials` and `seed`.
  ///
  /// `trials=auto` gives `natural`; `limit` is the most trials there are, and why, for a task made from a file.
  init(
    _ parameters: TaskParameters, natural: Int, limit: (count: Int, reason: String)? = nil
  ) throws(TaskError) {
    trials =
      try parameters.integer(
        "trials", in: 1...(limit?.count ?? 1_000_000_000), because: limit?.reason, auto: ())
      ?? natural
    seed = try parameters.seed("seed")
  }

  /// The random numbers of one trial.
  func generator(of trial: Int) -> RandomGenerator {
    precondition(trial >= 0, "a trial's index is not negative")
    return RandomGenerator(seed: seed, stream: UInt64(trial))
  }

  /// Reads `steps`, which must hold the longest trial and be within the model's positions.
  static func steps(
    _ parameters: TaskParameters, longest: Int, vocabulary: TokenVocabulary
  ) throws(TaskError) -> Int {
    if let limit = vocabulary.maximumLength, longest > limit {
      throw .vocabulary(
        task: parameters.task,
        fault:
          "its longest trial has \(longest) tokens, generated ones included, and the model \(limit) positions",
        expected: "shorter trials")
    }
    let reason = "the longest trial has \(longest)"
    return try parameters.integer("steps", in: longest...100_000_000, because: reason, auto: ()) ?? longest
  }

  /// Reads `bos`: the tokens to put before every prompt, one or none.
  static func beginning(
    _ parameters: TaskParameters, vocabulary: TokenVocabulary
  ) throws(TaskError) -> [Int] {
    switch try parameters.choice("bos", as: BeginningChoice.self) {
    case .auto: return vocabulary.beginning.map { [$0] } ?? []
    case .false: return []
    case .true:
      guard let id = vocabulary.beginning else {
        throw parameters.fault("bos", "false or auto, as the vocabulary has no beginning-of-sequence token")
      }
      return [id]
    }
  }
}
