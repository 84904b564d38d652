import ProbeLinearAlgebra

/// The batched step of a state-regularised GRU.
struct StateRegularizedGRUKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let recurrence: AffineLayer<Scalar>
  let newBias: [Scalar]
  /// S u, `[k, hidden]`.
  let similarity: AffineLayer<Scalar>
  /// S^T alpha, `[hidden, k]`.
  let mean: AffineLayer<Scalar>
  let temperature: Scalar

  var projectionSize: Int { projection.outputs }
  /// U h (3n), then alpha (k).
  var scratchSize: Int { recurrence.outputs + similarity.outputs }

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
    let count = similarity.outputs
    let gateWidth = width + count
    let assignment = scratch + rows * width
    recurrence.apply(state, stride: stateStride, rows: rows, into: scratch)
    for row in 0..<rows {
      Scalar.gruRow(
        projected + row * projectedStride, scratch + row * width, newBias, hidden: state + row * stateStride,
        gates: gates.map { $0 + row * gateWidth }, count: width / 3)
    }
    similarity.apply(state, stride: stateStride, rows: rows, into: assignment)
    for row in 0..<rows {
      let line = assignment + row * count
      for index in 0..<count { line[index] /= temperature }
      Scalar.softmax(line, count: count)
      if let gates { (gates + row * gateWidth + width).update(from: line, count: count) }
    }
    mean.apply(assignment, stride: count, rows: rows, into: state, outputStride: stateStride)
  }
}
