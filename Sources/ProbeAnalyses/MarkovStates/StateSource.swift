import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// Reads the states of a capture: a sample of them, or all of them trial by trial in bounded memory.
struct StateSource {
  let capture: CaptureReader
  let sites: [String]
  /// Steps at the beginning of each trial that are left out.
  let discard: Int

  init(_ capture: CaptureReader, sites: [String], discard: Int) {
    self.capture = capture
    self.sites = sites
    self.discard = discard
  }

  func unsuitable(_ fault: String) -> AnalysisError {
    .unsuitable(capture: capture.path, analysis: MarkovStatesAnalysis.name, fault: fault)
  }

  /// The rectified units of an AL-RNN of one layer; nil for any other model.
  var rectifiedUnits: Range<Int>? {
    guard let model = capture.metadata.model,
      let configuration = try? RecurrentConfiguration(json: model.configuration, source: capture.path),
      let rectified = configuration.rectifiedUnits, configuration.cell == "alrnn", sites.count == 1,
      let units = capture.metadata.site(sites[0])?.elementCount, (1...units).contains(rectified)
    else { return nil }
    return units - rectified..<units
  }

  /// Draws states uniformly over trials and steps; steps without a recorded state are left out.
  ///
  /// - Throws: ``AnalysisError`` for a state that is partly not finite.
  func sample(_ count: Int, seed: UInt64) throws -> (states: Matrix<Double>, trials: [Int], steps: [Int]) {
    guard discard < capture.metadata.steps else {
      return (Matrix(rows: 0, columns: 0), [], [])
    }
    let drawn = try capture.sampleStates(
      count: count, seed: seed, sites: sites, steps: discard..<capture.metadata.steps)
    let width = drawn.states.shape[1]
    var elements: [Double] = []
    var (trials, steps): ([Int], [Int]) = ([], [])
    for row in drawn.trials.indices {
      let state = drawn.states.elements[row * width..<(row + 1) * width]
      guard try isRecorded(state, trial: drawn.trials[row], step: drawn.steps[row]) else { continue }
      elements += state
      trials.append(drawn.trials[row])
      steps.append(drawn.steps[row])
    }
    return (Matrix(rows: trials.count, columns: width, elements: elements), trials, steps)
  }

  /// Calls `body` with each trial's recorded states and, step by step, whether there is one; a trial that is not done has none.
  ///
  /// - Parameters:
  ///   - elements: about how many numbers are read at a time.
  ///   - body: what is done with a trial.
  /// - Throws: ``AnalysisError``, ``CaptureError`` and what `body` throws.
  func forEachTrial(elements: Int, _ body: (_ states: Matrix<Double>, _ isRecorded: [Bool]) throws -> Void)
    throws
  {
    let metadata = capture.metadata
    let widths = sites.map { metadata.site($0)?.elementCount ?? 0 }
    let width = widths.reduce(0, +)
    let size = max(1, elements / max(1, width * metadata.steps))
    for first in stride(from: 0, to: metadata.trials, by: size) {
      let block = first..<min(first + size, metadata.trials)
      let values = try sites.map { try capture.values(of: $0, trials: block, as: Double.self).elements }
      for trial in block {
        let length = metadata.done[trial] ? metadata.lengths[trial] : 0
        var states: [Double] = []
        var flags: [Bool] = []
        for step in min(discard, length)..<length {
          var state: [Double] = []
          state.reserveCapacity(width)
          for (site, width) in widths.enumerated() {
            let start = ((trial - first) * metadata.steps + step) * width
            state += values[site][start..<start + width]
          }
          let isThere = try isRecorded(state[...], trial: trial, step: step)
          flags.append(isThere)
          if isThere { states += state }
        }
        try body(Matrix(rows: states.count / max(1, width), columns: width, elements: states), flags)
      }
    }
  }

  /// Whether a step's state was recorded: a state of which all is NaN is one that was not kept.
  private func isRecorded(_ state: ArraySlice<Double>, trial: Int, step: Int) throws -> Bool {
    if state.allSatisfy({ $0.isFinite }) { return true }
    if state.allSatisfy({ $0.isNaN }) { return false }
    throw unsuitable(
      "the state of trial \(trial) at step \(step) is not finite: \(state.first { !$0.isFinite } ?? .nan)")
  }

  /// The signs of units as a partition into all regions that any trial visits; nil where there are more than the limit.
  func signCode(units: Range<Int>?, limit: Int) throws -> SignCode? {
    // One state of each region stands for it.
    var kept: [Double] = []
    var width = 0
    var isTooMany = false
    try forEachTrial(elements: 1 << 22) { states, _ in
      guard states.rows > 0, !isTooMany else { return }
      width = states.columns
      let all = Matrix(
        rows: kept.count / width + states.rows, columns: width, elements: kept + states.elements)
      let code = try SignCode(all, units: units)
      isTooMany = code.cellCount > limit
      var isSeen = [Bool](repeating: false, count: code.cellCount)
      kept = []
      for (row, cell) in code.cells(of: all).enumerated() where !isSeen[Int(cell)] {
        isSeen[Int(cell)] = true
        kept += all.row(row)
      }
    }
    if isTooMany { return nil }
    return try SignCode(
      Matrix(rows: kept.count / max(1, width), columns: width, elements: kept), units: units)
  }
}
