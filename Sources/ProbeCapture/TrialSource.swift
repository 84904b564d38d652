public import ProbeLinearAlgebra
public import ProbeModels

/// What a task wants of a model.
public enum TrialTargets: Sendable, Equatable {
  /// `[trial, time, target]`; NaN where nothing is asked.
  case values(Tensor<Double>)
  /// A class or a next symbol a step, `[trial, time]`; -1 where nothing is asked.
  case classes(Tensor<Int>)
}

/// Trials, with what their task wants of the model.
public struct TrialBlock: Sendable {
  /// What the model reads.
  public var batch: TrialBatch
  /// What the model should say, where the task says so.
  public var targets: TrialTargets?
  /// A number for each trial, `[trial]`, or for each of its steps, `[trial, time]`.
  public var labels: Tensor<Int>?
  /// Further whole numbers of each trial, `[trial, ...]`, by the names they get under `inputs/`: where a needle
  /// lies, how long the prompt is.
  public var tables: [String: Tensor<Int>]
  /// What the model appends to the trials, or nil; the time axis has room for it.
  public var generation: Generation?

  /// Gathers the parts.
  public init(
    batch: TrialBatch, targets: TrialTargets? = nil, labels: Tensor<Int>? = nil,
    tables: [String: Tensor<Int>] = [:], generation: Generation? = nil
  ) {
    self.batch = batch
    self.targets = targets
    self.labels = labels
    self.tables = tables
    self.generation = generation
  }
}

/// Hands out the trials of a capture block by block, so that they need not be in memory at once.
///
/// Blocks are asked for by several threads at a time, the first of them twice; the same range must give the same
/// trials. Every block must have the same kinds of inputs, targets, labels and initial states.
public protocol TrialSource: Sendable {
  /// How many trials there are.
  var trialCount: Int { get }
  /// The extent of the time axis; a trial may be shorter.
  var steps: Int { get }
  /// The given trials.
  func block(_ trials: Range<Int>) throws -> TrialBlock
}

/// Trials that are in memory already.
public struct MemoryTrials: TrialSource {
  private let all: TrialBlock

  /// Hands out the trials of one large block.
  public init(_ all: TrialBlock) { self.all = all }

  /// How many trials there are.
  public var trialCount: Int { all.batch.count }
  /// The extent of the time axis.
  public var steps: Int { all.batch.steps }

  /// The given trials.
  public func block(_ trials: Range<Int>) -> TrialBlock {
    let inputs: TrialBatch.Inputs =
      switch all.batch.inputs {
      case .values(let tensor): .values(tensor.rows(trials))
      case .tokens(let tensor): .tokens(tensor.rows(trials))
      }
    let targets: TrialTargets? = all.targets.map {
      switch $0 {
      case .values(let tensor): .values(tensor.rows(trials))
      case .classes(let tensor): .classes(tensor.rows(trials))
      }
    }
    return TrialBlock(
      batch: TrialBatch(
        inputs: inputs, lengths: Array(all.batch.lengths[trials]),
        initialStates: all.batch.initialStates.mapValues { $0.rows(trials) }),
      targets: targets, labels: all.labels?.rows(trials), tables: all.tables.mapValues { $0.rows(trials) },
      generation: all.generation.map {
        Generation(maximumNewTokens: Array($0.maximumNewTokens[trials]), stopTokens: $0.stopTokens)
      })
  }
}

extension Tensor {
  /// A range of the first axis, copied.
  func rows(_ range: Range<Int>) -> Tensor {
    let width = shape.dropFirst().reduce(1, *)
    return Tensor(
      shape: [range.count] + shape.dropFirst(),
      elements: Array(elements[(range.lowerBound * width)..<(range.upperBound * width)]))
  }
}
