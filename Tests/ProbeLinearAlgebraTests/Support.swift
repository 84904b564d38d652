import ProbeLinearAlgebra

/// A matrix of standard normal numbers.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  var random = RandomGenerator(seed: seed)
  return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// The largest absolute difference of two matrices of one shape; infinity where the shapes differ or one is NaN.
func largestDifference(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
  guard a.rows == b.rows && a.columns == b.columns else { return .infinity }
  return zip(a.elements, b.elements).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}

/// The error that a call throws, or nil.
func fault(_ body: () throws(LinearAlgebraError) -> Void) -> LinearAlgebraError? {
  do throws(LinearAlgebraError) {
    try body()
    return nil
  } catch {
    return error
  }
}
