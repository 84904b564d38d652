public import ProbeLinearAlgebra

/// Edits the values of sites while a model runs: ablation and patching.
///
/// Edits come before the recording of the same site. They must be a function of the arguments alone.
public protocol Intervention: Sendable {
  /// The positions in the model's `sites` of the values it edits, each at most once.
  var sites: [Int] { get }
  /// Edits a run of consecutive steps of one trial in place.
  ///
  /// - Parameters:
  ///   - values: `[steps.count, site element count]`, contiguous; lent for the call only.
  ///   - site: the position in the model's `sites`.
  ///   - trial: the trial's position in the batch, counted from the plan's `firstTrial`.
  ///   - steps: the time steps.
  func edit<Scalar: BLASScalar>(
    _ values: UnsafeMutableBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>)
}

/// What a model appends to its prompts.
public struct Generation: Sendable, Equatable {
  /// The most tokens that each trial of the batch may append.
  public var maximumNewTokens: [Int]
  /// Tokens that end a trial; they are appended.
  public var stopTokens: Set<Int>

  /// What a model appends.
  public init(maximumNewTokens: [Int], stopTokens: Set<Int> = []) {
    self.maximumNewTokens = maximumNewTokens
    self.stopTokens = stopTokens
  }
}
