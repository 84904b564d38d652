public import ProbeLinearAlgebra

/// Receives the values of the observed sites while a model runs.
public protocol Recorder {
  /// Takes a run of consecutive steps of one trial.
  ///
  /// - Parameters:
  ///   - values: `[steps.count, site element count]`, contiguous; lent for the call only.
  ///   - site: the position of the site in the plan's `observed`.
  ///   - trial: the trial's position in the batch.
  ///   - steps: the time steps.
  /// - Throws: whatever keeps the recorder from taking them, such as a full disk.
  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws
  /// Takes note that a trial to which the model appends is at its end; called for such trials only.
  ///
  /// - Parameters:
  ///   - trial: the trial's position in the batch.
  ///   - generated: the tokens that were appended.
  /// - Throws: whatever keeps the recorder from closing the trial.
  mutating func end(trial: Int, generated: [Int]) throws
}

extension Recorder {
  /// Takes no note.
  public mutating func end(trial: Int, generated: [Int]) throws {}
}

/// Keeps every observed value in memory: for tests, scores and short runs.
public struct MemoryRecorder: Recorder {
  /// By position in the plan's `observed`: `[trial, time, element]`, NaN beyond a trial's length.
  public private(set) var values: [Tensor<Double>]

  /// Room for a run.
  public init(model: some SequenceModel, plan: RunPlan, trials: Int, steps: Int) {
    values = plan.observed.map {
      Tensor(shape: [trials, steps, model.sites[$0].elementCount], repeating: .nan)
    }
  }

  /// Copies the lent values.
  public mutating func record<Scalar: BLASScalar>(
    _ source: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    let width = values[site].shape[2]
    let start = (trial * values[site].shape[1] + steps.lowerBound) * width
    for index in 0..<source.count { values[site].elements[start + index] = Double(source[index]) }
  }
}
