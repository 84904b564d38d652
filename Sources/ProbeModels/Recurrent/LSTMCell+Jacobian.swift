import Glibc
import ProbeLinearAlgebra

extension LSTMCell {
  /// dF/d(h, c) and dF/dx by the chain rule.
  ///
  ///     dc' = c f(1-f) df + g i(1-i) di + i (1-g²) dg + f dc       (df ... the pre-activations' differentials)
  ///     dh' = tanh(c') o(1-o) do + o (1 - tanh²(c')) dc'           (multiplied by P where there is one)
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = cellSize
    let size = stateSize
    let projected = preactivations(inputWeight, bias: bias, inputs, stride: inputStride, count: count)
    var sums = preactivations(recurrentWeight, bias: nil, states, stride: stateStride, count: count)
    for index in sums.indices { sums[index] += projected[index] }
    jacobians.update(repeating: 0, count: count * size * size)
    inputJacobians?.update(repeating: 0, count: count * size * inputSize)
    for row in 0..<count {
      let cell = states + row * stateStride + hiddenSize
      // Slopes of c' along each pre-activation (4n, the output gate's being 0), of h' along c' and along o's.
      var slopes = [Double](repeating: 0, count: 4 * n)
      var forget = [Double](repeating: 0, count: n)
      var exposedByCell = forget
      var exposedByOutput = forget
      for unit in 0..<n {
        let base = row * 4 * n + unit
        let i = logistic(sums[base])
        let f = logistic(sums[base + n])
        let g = tanh(sums[base + 2 * n])
        let o = logistic(sums[base + 3 * n])
        let squashed = tanh(f * cell[unit] + i * g)
        slopes[unit] = g * i * (1 - i)
        slopes[n + unit] = cell[unit] * f * (1 - f)
        slopes[2 * n + unit] = i * (1 - g * g)
        forget[unit] = f
        exposedByCell[unit] = o * (1 - squashed * squashed)
        exposedByOutput[unit] = squashed * o * (1 - o)
      }
      assemble(
        weight: recurrentWeight, columns: size, diagonal: forget, slopes: slopes,
        exposedByCell: exposedByCell,
        exposedByOutput: exposedByOutput, into: jacobians + row * size * size)
      if let inputJacobians {
        assemble(
          weight: inputWeight, columns: inputSize, diagonal: nil, slopes: slopes,
          exposedByCell: exposedByCell,
          exposedByOutput: exposedByOutput, into: inputJacobians + row * size * inputSize)
      }
    }
  }

  /// Writes the rows of h' and c' for derivatives that enter through `weight`'s columns.
  ///
  /// `columns` is the width of the target, in which the weight's columns stand first; `diagonal` is dc'/dc, written
  /// behind the hidden columns, or nil for input Jacobians.
  private func assemble(
    weight: Matrix<Double>, columns: Int, diagonal: [Double]?, slopes: [Double], exposedByCell: [Double],
    exposedByOutput: [Double], into target: UnsafeMutablePointer<Double>
  ) {
    let n = cellSize
    let cellRows = target + hiddenSize * columns
    for gate in 0..<3 {
      slopes.withUnsafeBufferPointer { slopes in
        guard let base = slopes.baseAddress else { return }
        addScaledRows(
          weight, rowOffset: gate * n, factors: base + gate * n, count: n, to: cellRows, stride: columns)
      }
    }
    if let diagonal {
      for unit in 0..<n { cellRows[unit * columns + hiddenSize + unit] += diagonal[unit] }
    }
    var exposed = Matrix<Double>(rows: n, columns: columns)
    addScaledRows(
      weight, rowOffset: 3 * n, factors: exposedByOutput, count: n, to: &exposed.elements, stride: columns)
    for unit in 0..<n {
      for column in 0..<columns {
        exposed[unit, column] += exposedByCell[unit] * cellRows[unit * columns + column]
      }
    }
    let hidden = projection.map { $0 * exposed } ?? exposed
    target.update(from: hidden.elements, count: hiddenSize * columns)
  }
}

/// The logistic function in f64.
func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
