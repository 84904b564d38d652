import ProbeLinearAlgebra

/// Adds `factors[i] * weight[rowOffset + i, :]` to row `i` of a Jacobian block.
///
/// - Parameters:
///   - target: the block's first element; rows are `stride` apart.
///   - factors: one a row.
@inline(__always)
func addScaledRows(
  _ weight: Matrix<Double>, rowOffset: Int, factors: UnsafePointer<Double>, count: Int,
  to target: UnsafeMutablePointer<Double>, stride: Int
) {
  let columns = weight.columns
  weight.elements.withUnsafeBufferPointer { source in
    guard let base = source.baseAddress else { return }
    for row in 0..<count {
      let factor = factors[row]
      let from = base + (rowOffset + row) * columns
      let to = target + row * stride
      for column in 0..<columns { to[column] += factor * from[column] }
    }
  }
}

/// `W x + b` for `count` rows in f64: the pre-activations that Jacobians need.
///
/// - Returns: `[count, weight.rows]`.
func preactivations(
  _ weight: Matrix<Double>, bias: [Double]?, _ x: UnsafePointer<Double>, stride: Int, count: Int
) -> [Double] {
  var result = [Double](repeating: 0, count: count * weight.rows)
  let layer = AffineLayer<Double>(weight: weight, bias: bias)
  if stride == 0 {
    // The same input for every row: multiply once, copy.
    layer.apply(x, stride: weight.columns, rows: 1, into: &result)
    for row in 1..<max(1, count) {
      for column in 0..<weight.rows { result[row * weight.rows + column] = result[column] }
    }
  } else {
    layer.apply(x, stride: stride, rows: count, into: &result)
  }
  return result
}
