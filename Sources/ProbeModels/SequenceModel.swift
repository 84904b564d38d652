public import ProbeLinearAlgebra

/// A model that maps a sequence of inputs to a sequence of states and outputs.
///
/// Conforming types list their sites, run a batch of trials, and lend the values of the sites asked for to a
/// ``Recorder`` as they are computed. What nobody asked for is never kept.
public protocol SequenceModel: Sendable {
  /// Who the model is: written into every capture.
  var identity: ModelIdentity { get }
  /// Every place that can be observed, in a fixed order.
  var sites: [Site] { get }
  /// What the model reads.
  var input: InputKind { get }
  /// The sites of the state, in the order of the state vector; initial states are given under these names.
  var stateSites: [Int] { get }
  /// The sites recorded when none are named.
  var defaultSites: [Int] { get }
  /// Whether a run holds the values of every site for a block of steps, and not of the observed ones alone.
  var holdsEverySite: Bool { get }

  /// Runs all trials of a batch from their first step to their last.
  ///
  /// For each observed site and each trial the recorder receives the values of every step before the trial's
  /// length exactly once, in runs of at most `plan.timeBlock` consecutive steps, in order of time. The order over
  /// trials and sites within a run of steps is fixed. Results do not depend on the number of threads.
  ///
  /// - Throws: ``ModelError`` when the batch does not fit the model, and whatever the recorder throws.
  func run<Observer: Recorder>(_ batch: TrialBatch, plan: RunPlan, recorder: inout Observer) throws
}

extension SequenceModel {
  /// All states and the readout.
  public var defaultSites: [Int] {
    sites.indices.filter { sites[$0].role == .state || sites[$0].role == .readout }
  }
  /// A recurrent model does.
  public var holdsEverySite: Bool { true }
}

/// What a model reads at each step.
public enum InputKind: Sendable, Equatable {
  /// A vector of this many features.
  case values(features: Int)
  /// One of this many token ids.
  case tokens(vocabulary: Int)
}

/// The name and origin of a model, as the capture file carries them.
public struct ModelIdentity: Sendable, Equatable {
  /// The cell or architecture: `gru`, `lstm`, `elman`, ...
  public var family: String
  /// A short name for people: the file's stem.
  public var name: String
  /// The configuration as JSON text with sorted keys; with the weights it is enough to rebuild the model.
  public var configuration: String
  /// The path as the user gave it.
  public var source: String
  /// SHA-256 of the weight files, lower-case hexadecimal.
  public var sha256: String

  /// Gathers the parts.
  public init(family: String, name: String, configuration: String, source: String, sha256: String) {
    self.family = family
    self.name = name
    self.configuration = configuration
    self.source = source
    self.sha256 = sha256
  }
}

/// The arithmetic a model runs in.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit.
  case f32
  /// 64-bit.
  case f64
}

/// What a run observes, resolved before it starts.
public struct RunPlan: Sendable {
  /// The observed sites, as indices into the model's `sites`, ascending.
  public var observed: [Int]
  /// The arithmetic.
  public var precision: Precision
  /// The most steps lent to the recorder at once.
  public var timeBlock: Int
  /// How many threads the model may use; never changes what it computes.
  public var threads: Int
  /// What is edited on the way; in this order where several edit one site.
  public var interventions: [any Intervention]
  /// What interventions are told of the batch's first trial, where the batch is a part of more trials.
  public var firstTrial: Int
  /// What the model appends to its prompts, or nil.
  public var generation: Generation?
  /// Whether sites are recorded from the last step of the prompt on only: the steps that predict what is generated.
  public var recordsGenerationOnly: Bool
  /// The most positions of a prompt that an attention model runs together: enough rows for its matrix products to be
  /// at their best, and few enough for their values to stay small.
  public var promptBlock = 1024
  /// What an attention model's summaries take each trial's tokens for, or nil for the tokens themselves: with the tokens in
  /// another order they tell what a head scores that knows nothing of them.
  public var summaryTokens: [[Int]]?

  /// A plan.
  public init(
    observed: [Int], precision: Precision = .f32, timeBlock: Int = 256, threads: Int = 1,
    interventions: [any Intervention] = [], firstTrial: Int = 0, generation: Generation? = nil,
    recordsGenerationOnly: Bool = false
  ) {
    self.observed = observed
    self.precision = precision
    self.timeBlock = timeBlock
    self.threads = threads
    self.interventions = interventions
    self.firstTrial = firstTrial
    self.generation = generation
    self.recordsGenerationOnly = recordsGenerationOnly
  }
}

/// Trials that run side by side.
public struct TrialBatch: Sendable {
  /// What the trials read.
  public enum Inputs: Sendable {
    /// `[trial, time, feature]`.
    case values(Tensor<Double>)
    /// `[trial, time]`; steps past a trial's length hold -1.
    case tokens(Tensor<Int>)
  }

  /// What the trials read.
  public var inputs: Inputs
  /// The valid steps of each trial.
  public var lengths: [Int]
  /// Initial states by site name, `[trial, ...]`; zero where absent.
  public var initialStates: [String: Tensor<Double>]
  /// The types of tokens, `[trial, time]`, for models that have some (BERT's segments); 0 where nil.
  public var tokenTypes: Tensor<Int>?

  /// Gathers trials; `lengths` defaults to the whole time axis.
  public init(inputs: Inputs, lengths: [Int]? = nil, initialStates: [String: Tensor<Double>] = [:]) {
    self.inputs = inputs
    let shape =
      switch inputs {
      case .values(let tensor): tensor.shape
      case .tokens(let tensor): tensor.shape
      }
    self.lengths = lengths ?? Array(repeating: shape[1], count: shape[0])
    self.initialStates = initialStates
  }

  /// The number of trials.
  public var count: Int { lengths.count }
  /// The extent of the time axis.
  public var steps: Int {
    switch inputs {
    case .values(let tensor): tensor.shape[1]
    case .tokens(let tensor): tensor.shape[1]
    }
  }
}
