public import ProbeLinearAlgebra
public import ProbeModels

/// The task that made the trials.
public struct TaskDescription: Sendable, Equatable {
  /// The generator's name, such as `flip-flop`.
  public var generator: String
  /// Its parameters as JSON text with sorted keys.
  public var parameters: String
  /// Its seed.
  public var seed: Int?
  /// The symbols of a formal language, by token id; empty for other tasks.
  public var alphabet: [String]

  /// Gathers the parts.
  public init(generator: String, parameters: String = "{}", seed: Int? = nil, alphabet: [String] = []) {
    self.generator = generator
    self.parameters = parameters
    self.seed = seed
    self.alphabet = alphabet
  }
}

/// The tensors of a model.
public struct WeightTable: Sendable, Equatable {
  /// By name, as the checkpoint calls them.
  public var tensors: [String: Tensor<Double>]
  /// The names of tensors whose values are binary64 in the checkpoint; all others are stored as binary32.
  public var doubles: Set<String>

  /// Gathers tensors.
  public init(_ tensors: [String: Tensor<Double>], doubles: Set<String> = []) {
    self.tensors = tensors
    self.doubles = doubles
  }

  /// Bytes as stored.
  public var byteCount: Int {
    tensors.reduce(0) { $0 + $1.value.count * (doubles.contains($1.key) ? 8 : 4) }
  }
}

/// Where a capture comes from: what is written beside the values.
public struct CaptureDescription: Sendable {
  /// Who the model is.
  public var model: ModelIdentity
  /// The task, where one made the trials.
  public var task: TaskDescription?
  /// The weights, where they should travel with the capture.
  public var weights: WeightTable?
  /// Token ids with their texts.
  public var vocabulary: [(id: Int, text: String)]
  /// The text of a token, for the ids that occur; used where `vocabulary` is empty.
  public var tokenText: (@Sendable (Int) -> String?)?
  /// The command line, for people; not compared on resuming.
  public var command: String
  /// This program's version.
  public var programVersion: String
  /// When the capture was made, ISO 8601 UTC; see ``CaptureClock``.
  public var created: String

  /// Gathers the parts.
  public init(
    model: ModelIdentity, task: TaskDescription? = nil, weights: WeightTable? = nil,
    vocabulary: [(id: Int, text: String)] = [], tokenText: (@Sendable (Int) -> String?)? = nil,
    command: String, programVersion: String,
    created: String = CaptureClock.now()
  ) {
    self.model = model
    self.task = task
    self.weights = weights
    self.vocabulary = vocabulary
    self.tokenText = tokenText
    self.command = command
    self.programVersion = programVersion
    self.created = created
  }
}
