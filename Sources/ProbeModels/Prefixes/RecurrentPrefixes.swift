internal import ProbeLinearAlgebra

/// A recurrent model over a tree of prefixes, its whole state kept for each.
struct RecurrentPrefixes<Scalar: CellScalar>: PrefixRunner {
  private let step: RecurrentStep<Scalar>
  private let states: NumberedRows<Scalar>
  private let threads: Int
  /// Rows that a thread takes at once.
  private let partRows = 8 * RecurrentStep<Scalar>.rows

  init(_ model: RecurrentModel, symbols: Matrix<Double>, threads: Int) throws(ModelError) {
    step = try RecurrentStep(model, symbols: symbols)
    states = NumberedRows(width: step.stateSize)
    self.threads = threads
  }

  var outputSize: Int { step.outputSize }
  var stateSize: Int? { step.stateSize }

  mutating func run(_ prefixes: [Prefix], into outputs: UnsafeMutablePointer<Float>) {
    for prefix in prefixes { states.reserve(Int(prefix.id)) }
    let (step, part) = (step, partRows)
    nonisolated(unsafe) let (states, outputs) = (states, outputs)
    // Nothing was read before the empty prefix: its state is zero.
    let isEmpty = prefixes.first.map { $0.parent < 0 } ?? true
    concurrentFor(count: (prefixes.count + part - 1) / part, threads: threads) { index in
      let work = StepWork(step)
      let range = index * part..<min(prefixes.count, (index + 1) * part)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: work.rows) {
        let own = prefixes[first..<min(range.upperBound, first + work.rows)]
        for (row, prefix) in own.enumerated() {
          let target = work.states + row * step.stateSize
          if isEmpty {
            target.update(repeating: 0, count: step.stateSize)
          } else {
            target.update(from: states.row(Int(prefix.parent)), count: step.stateSize)
            work.symbols[row] = prefix.symbol
          }
        }
        if !isEmpty { step.advance(work) }
        for (row, prefix) in own.enumerated() {
          states.row(Int(prefix.id)).update(from: work.states + row * step.stateSize, count: step.stateSize)
        }
        step.read(work, rows: own.count, into: outputs + first * step.outputSize)
      }
    }
  }

  /// A state of doubles would lose bits on its way through the caller.
  var canExpand: Bool { Scalar.self == Float.self }

  func expand(
    _ given: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    outputs: UnsafeMutablePointer<Float>
  ) {
    let (step, part, size) = (step, partRows, step.stateSize)
    let total = count * step.symbolCount
    nonisolated(unsafe) let (given, children, outputs) = (given, children, outputs)
    concurrentFor(count: (total + part - 1) / part, threads: threads) { index in
      let work = StepWork(step)
      let range = index * part..<min(total, (index + 1) * part)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: work.rows) {
        let rows = min(work.rows, range.upperBound - first)
        for row in 0..<rows {
          let (state, symbol) = (first + row).quotientAndRemainder(dividingBy: step.symbolCount)
          let (source, target) = (given + state * size, work.states + row * size)
          for unit in 0..<size { target[unit] = Scalar(source[unit]) }
          work.symbols[row] = Int32(symbol)
        }
        step.advance(work)
        if let children {
          let target = children + first * size
          for unit in 0..<rows * size { target[unit] = Float(work.states[unit]) }
        }
        step.read(work, rows: rows, into: outputs + first * step.outputSize)
      }
    }
  }

  func copyState(of prefix: Int32, into state: UnsafeMutablePointer<Float>) {
    let row = states.row(Int(prefix))
    for index in 0..<step.stateSize { state[index] = Float(row[index]) }
  }
}
