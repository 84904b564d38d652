internal import ProbeLinearAlgebra
public import ProbeModels

/// Looks on while trials are captured, and says when there are enough of them.
///
/// Calls come from several threads, for different blocks of trials at once; those of `isEnough(after:of:)` in the order
/// of the blocks.
public protocol CaptureMonitor: Sendable {
  /// Whether it wants the values of a site.
  func wants(_ site: Site) -> Bool
  /// Takes a run of steps of a site that it wants.
  ///
  /// - Parameters:
  ///   - values: `[steps.count, site element count]`.
  ///   - site: the site's name.
  ///   - trial: the trial, counted over the whole capture.
  ///   - steps: the time steps.
  func take(_ values: [Double], site: String, trial: Int, steps: Range<Int>)
  /// Whether no further trial is needed, now that a block is whole.
  func isEnough(after trials: Range<Int>, of block: TrialBlock) -> Bool
}

/// Passes everything on, and lets a monitor look.
struct MonitoredRecorder<Base: Recorder>: Recorder {
  var base: Base
  let monitor: any CaptureMonitor
  /// The names of the sites that the monitor wants, by position in the plan.
  let wanted: [Int: String]
  let firstTrial: Int

  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    if let name = wanted[site] {
      monitor.take(values.map { Double($0) }, site: name, trial: firstTrial + trial, steps: steps)
    }
    try base.record(values, site: site, trial: trial, steps: steps)
  }

  mutating func end(trial: Int, generated: [Int]) throws { try base.end(trial: trial, generated: generated) }
}
