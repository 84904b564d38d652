import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// A network's states and answers at the steps that all networks share.
struct SharedStates: Sendable {
  /// `[sample, unit]`.
  let states: Matrix<Double>
  /// `[sample, output]`; nil without a readout.
  let outputs: Matrix<Double>?

  /// States and answers that are at hand.
  init(states: Matrix<Double>, outputs: Matrix<Double>?) { (self.states, self.outputs) = (states, outputs) }

  /// Reads them, or what stands in their place by another order.
  ///
  /// - Throws: the errors of reading.
  init(_ reader: CaptureReader, at shared: SharedSteps, in order: NullOrder? = nil) throws {
    let metadata = reader.metadata
    let readout = metadata.site("readout")
    var states = Matrix<Double>(
      rows: shared.count, columns: metadata.stateSites.reduce(0) { $0 + $1.elementCount })
    var outputs = readout.map { Matrix<Double>(rows: shared.count, columns: $0.elementCount) }
    var paths = TrialPaths(statesOf: reader)
    var answerPaths = readout.map { TrialPaths($0.name, width: $0.elementCount, of: reader) }
    var row = 0
    for trial in 0..<metadata.trials where !shared.steps[trial].isEmpty {
      let source = order?.trials[trial] ?? trial
      let length = metadata.lengths[source]
      let path = try paths.path(source)
      let answers = try answerPaths?.path(source)
      for step in shared.steps[trial] {
        let from = (step + (order?.shifts[trial] ?? 0)) % length
        states.replaceRow(row, by: path.row(from))
        if let answers { outputs?.replaceRow(row, by: answers.row(from)) }
        row += 1
      }
    }
    self.init(states: states, outputs: outputs)
  }
}

extension MemoryRecorder {
  /// Some sites' values along a trial side by side, `[time, unit]`.
  func path(_ places: [Int], row: Int, steps: Int) -> Matrix<Double> {
    var path = Matrix<Double>(rows: steps, columns: places.reduce(0) { $0 + values[$1].shape[2] })
    var column = 0
    for place in places {
      let (tensor, width) = (values[place], values[place].shape[2])
      for step in 0..<steps {
        let from = (row * tensor.shape[1] + step) * width
        for unit in 0..<width { path[step, column + unit] = tensor.elements[from + unit] }
      }
      column += width
    }
    return path
  }
}

extension Matrix where Scalar == Double {
  mutating func replaceRow(_ row: Int, by values: some Sequence<Double>) {
    for (column, value) in values.enumerated() { self[row, column] = value }
  }
}
