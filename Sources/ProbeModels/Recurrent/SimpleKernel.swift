import ProbeLinearAlgebra

/// h' = (1 - leak) h + leak phi(projected + U h): Elman cells (no leak) and leaky cells in the rate form.
struct SimpleKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let recurrence: AffineLayer<Scalar>
  let nonlinearity: Nonlinearity
  /// `[units]`, or nil for 1.
  let leak: [Scalar]?

  var projectionSize: Int { projection.outputs }
  var scratchSize: Int { recurrence.outputs }

  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>
  ) {
    projection.apply(inputs, stride: stride, rows: rows, into: projected)
  }

  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let n = recurrence.outputs
    recurrence.apply(state, stride: stateStride, rows: rows, into: scratch)
    for row in 0..<rows {
      let sum = scratch + row * n
      let input = projected + row * projectedStride
      for unit in 0..<n { sum[unit] += input[unit] }
      Scalar.apply(nonlinearity, sum, count: n)
      let hidden = state + row * stateStride
      if let leak {
        for unit in 0..<n { hidden[unit] += leak[unit] * (sum[unit] - hidden[unit]) }
      } else {
        hidden.update(from: sum, count: n)
      }
    }
  }
}
