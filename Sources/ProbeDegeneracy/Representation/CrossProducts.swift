internal import ProbeLinearAlgebra

/// A'B of matrices that stand side by side, `[sum of widths of left, sum of widths of right]`.
///
/// Blocks of samples are multiplied in the matrices' own precision and summed in double: the error grows with a
/// block's length, not with the number of samples. Several narrow matrices side by side keep the multiplication
/// at the processor's speed.
///
/// - Parameters:
///   - left: matrices of equally many rows.
///   - right: matrices of as many rows.
///   - rows: the rows that are multiplied; all if nil.
/// - Returns: the product in double precision.
func blockedProduct<Scalar: BLASScalar>(
  _ left: [Matrix<Scalar>], _ right: [Matrix<Scalar>], rows: Range<Int>? = nil
) -> Matrix<Double> {
  // Two blocks of 512 columns lie in a core's second-level cache together with their product.
  let block = 1024
  let (height, width) = (left.reduce(0) { $0 + $1.columns }, right.reduce(0) { $0 + $1.columns })
  var total = Matrix<Double>(rows: height, columns: width)
  guard height > 0 && width > 0, let range = rows ?? left.first.map({ 0..<$0.rows }) else { return total }
  var product = [Scalar](repeating: 0, count: height * width)
  var leftBlock = [Scalar](repeating: 0, count: left.count > 1 ? block * height : 0)
  var rightBlock = [Scalar](repeating: 0, count: right.count > 1 ? block * width : 0)
  for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
    let count = min(block, range.upperBound - start)
    withSideBySide(left, rows: start..<start + count, scratch: &leftBlock) { a in
      withSideBySide(right, rows: start..<start + count, scratch: &rightBlock) { b in
        Scalar.multiply(
          rows: height, columns: width, inner: count, alpha: 1, a, stride: height, transposed: true,
          b, stride: width, transposed: false, beta: 0, into: &product, stride: width)
      }
    }
    product.withUnsafeBufferPointer { part in
      total.elements.withUnsafeMutableBufferPointer { sum in
        for index in 0..<part.count { sum[index] += Double(part[index]) }
      }
    }
  }
  return total
}

/// Lends some rows of matrices side by side: one matrix where it lies, several copied into `scratch`.
private func withSideBySide<Scalar: BLASScalar>(
  _ matrices: [Matrix<Scalar>], rows: Range<Int>, scratch: inout [Scalar],
  _ body: (UnsafePointer<Scalar>) -> Void
) {
  if matrices.count == 1, let matrix = matrices.first {
    matrix.elements.withUnsafeBufferPointer { elements in
      if let base = elements.baseAddress { body(base + rows.lowerBound * matrix.columns) }
    }
    return
  }
  let width = matrices.reduce(0) { $0 + $1.columns }
  scratch.withUnsafeMutableBufferPointer { target in
    guard let base = target.baseAddress else { return }
    var offset = 0
    for matrix in matrices {
      matrix.elements.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress else { return }
        for row in rows {
          (base + (row - rows.lowerBound) * width + offset)
            .update(from: from + row * matrix.columns, count: matrix.columns)
        }
      }
      offset += matrix.columns
    }
    body(base)
  }
}

/// X'Y of every network of `left` with every network of `right`, all over the same samples.
///
/// - Returns: `result[i][j]` is `[left[i].width, right[j].width]`.
func crossProducts(
  _ left: [RepresentationFactors], _ right: [RepresentationFactors], rows: Range<Int>? = nil
) -> [[Matrix<Double>]] {
  let singles = (singlePrecision(left), singlePrecision(right))
  let whole: Matrix<Double>
  if let a = singles.0, let b = singles.1 {
    whole = blockedProduct(a, b, rows: rows)
  } else {
    whole = blockedProduct(left.map(\.centred.widened), right.map(\.centred.widened), rows: rows)
  }
  var result: [[Matrix<Double>]] = []
  var top = 0
  for a in left {
    var parts: [Matrix<Double>] = []
    var side = 0
    for b in right {
      var part = Matrix<Double>(rows: a.width, columns: b.width)
      for row in 0..<a.width {
        for column in 0..<b.width { part[row, column] = whole[top + row, side + column] }
      }
      parts.append(part)
      side += b.width
    }
    result.append(parts)
    top += a.width
  }
  return result
}

/// The states of networks if all of them are in single precision.
private func singlePrecision(_ networks: [RepresentationFactors]) -> [Matrix<Float>]? {
  var matrices: [Matrix<Float>] = []
  for network in networks {
    guard case .single(let matrix) = network.centred else { return nil }
    matrices.append(matrix)
  }
  return matrices
}
