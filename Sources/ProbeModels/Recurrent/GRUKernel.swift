import ProbeLinearAlgebra

/// The batched step of a GRU in PyTorch's order.
struct GRUKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let recurrence: AffineLayer<Scalar>
  let newBias: [Scalar]

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
    let width = recurrence.outputs
    recurrence.apply(state, stride: stateStride, rows: rows, into: scratch)
    for row in 0..<rows {
      Scalar.gruRow(
        projected + row * projectedStride, scratch + row * width, newBias, hidden: state + row * stateStride,
        gates: gates.map { $0 + row * width }, count: width / 3)
    }
  }
}

/// The batched step of a GRU in the original order: the reset gate multiplies h first.
struct OriginalGRUKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let gateWeight: AffineLayer<Scalar>
  let newWeight: AffineLayer<Scalar>

  var projectionSize: Int { projection.outputs }
  /// Gates (2n), then r * h (n), then U_n (r * h) (n).
  var scratchSize: Int { 4 * newWeight.outputs }

  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>
  ) {
    projection.apply(inputs, stride: stride, rows: rows, into: projected)
  }

  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let n = newWeight.outputs
    let gateValues = scratch
    let product = scratch + rows * 2 * n
    let new = product + rows * n
    gateWeight.apply(state, stride: stateStride, rows: rows, into: gateValues)
    for row in 0..<rows {
      let gate = gateValues + row * 2 * n
      let input = projected + row * projectedStride
      for index in 0..<2 * n { gate[index] += input[index] }
      Scalar.sigmoid(gate, count: 2 * n)
      for unit in 0..<n { product[row * n + unit] = gate[unit] * state[row * stateStride + unit] }
    }
    newWeight.apply(product, stride: n, rows: rows, into: new)
    for row in 0..<rows {
      let gate = gateValues + row * 2 * n
      let candidate = new + row * n
      let input = projected + row * projectedStride + 2 * n
      for unit in 0..<n { candidate[unit] += input[unit] }
      Scalar.tanh(candidate, count: n)
      let hidden = state + row * stateStride
      for unit in 0..<n { hidden[unit] = candidate[unit] + gate[n + unit] * (hidden[unit] - candidate[unit]) }
      if let gates {
        (gates + row * 3 * n).update(from: gate, count: 2 * n)
        (gates + row * 3 * n + 2 * n).update(from: candidate, count: n)
      }
    }
  }
}
