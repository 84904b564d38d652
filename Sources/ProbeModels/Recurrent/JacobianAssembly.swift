import ProbeLinearAlgebra

/// Adds `factors[i] * weight[rowOffset + i, :]` to row `i` of a Jacobian block.
///
/// `target` is the block's first element, its rows are `stride` apart; there is one factor a row.
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
  let (rows, columns) = (weight.rows, weight.columns)
  var result = [Double](repeating: 0, count: count * rows)
  guard count > 0 else { return result }
  // The same input for every row: multiply once, copy.
  let distinct = stride == 0 ? 1 : count
  if let bias {
    for row in 0..<distinct { result.replaceSubrange(row * rows..<(row + 1) * rows, with: bias) }
  }
  if columns > 0 {
    Double.multiply(
      rows: distinct, columns: rows, inner: columns, alpha: 1, x, stride: max(stride, columns),
      transposed: false,
      weight.elements, stride: columns, transposed: true, beta: bias == nil ? 0 : 1, into: &result,
      stride: rows)
  }
  for row in distinct..<count {
    for column in 0..<rows { result[row * rows + column] = result[column] }
  }
  return result
}
