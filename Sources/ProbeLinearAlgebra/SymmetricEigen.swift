internal import CLAPACKE

/// The eigenvalues and orthonormal eigenvectors of a real symmetric matrix, by LAPACK's `dsyevd`.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, largest first.
  public let values: [Double]
  /// `[n, n]`: row k is the eigenvector of `values[k]`.
  public let vectors: Matrix<Double>

  /// Decomposes a symmetric matrix; only its upper triangle is read.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, not finite, or the iteration fails.
  /// - Complexity: O(n³).
  public init(_ matrix: Matrix<Double>) throws(LinearAlgebraError) {
    try matrix.requireSquareAndFinite("dsyevd")
    let n = matrix.rows
    var a = matrix.elements
    var ascending = [Double](repeating: 0, count: n)
    if n > 0 {
      try checkLAPACK(
        "dsyevd",
        LAPACKE_dsyevd(
          LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(n), &a, Int32(n),
          &ascending))
    }
    values = ascending.reversed()
    var rows = Matrix<Double>(rows: n, columns: n)
    for k in 0..<n {
      for i in 0..<n { rows[k, i] = a[i * n + (n - 1 - k)] }
    }
    vectors = rows
  }
}
