internal import CLAPACKE

/// The eigenvalues and orthonormal eigenvectors of a real symmetric matrix, by LAPACK's `dsyevd`.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, largest first.
  public let values: [Double]
  /// `[n, n]`, or as many rows as were asked for: row k is the eigenvector of `values[k]`.
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

  /// Finds the largest eigenvalues alone and their eigenvectors, by LAPACK's `dsyevr`.
  ///
  /// - Parameters:
  ///   - matrix: symmetric; only its upper triangle is read.
  ///   - count: how many; all where the matrix has no more.
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, not finite, or the iteration fails.
  /// - Complexity: O(n³) for the reduction to tridiagonal form, O(n² count) for the rest.
  public init(_ matrix: Matrix<Double>, leading count: Int) throws(LinearAlgebraError) {
    let n = matrix.rows
    guard count > 0 && count < n else {
      let all = try SymmetricEigen(matrix)
      values = Array(all.values.prefix(max(0, count)))
      vectors = count > 0 ? all.vectors : Matrix(rows: 0, columns: n)
      return
    }
    try matrix.requireSquareAndFinite("dsyevr")
    var a = matrix.elements
    var found: Int32 = 0
    var ascending = [Double](repeating: 0, count: n)
    var columns = [Double](repeating: 0, count: n * count)
    var support = [Int32](repeating: 0, count: 2 * n)
    // In column-major order the upper triangle of the row-major matrix is the lower one; eigenvectors come out as rows.
    try checkLAPACK(
      "dsyevr",
      LAPACKE_dsyevr(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), CChar(UInt8(ascii: "L")),
        Int32(n), &a, Int32(n), 0, 0, Int32(n - count + 1), Int32(n), 0, &found, &ascending, &columns,
        Int32(n), &support))
    guard Int(found) == count else { throw .notConverged(routine: "dsyevr", remaining: count - Int(found)) }
    values = ascending.prefix(count).reversed()
    var rows = Matrix<Double>(rows: count, columns: n)
    for k in 0..<count {
      for i in 0..<n { rows[k, i] = columns[(count - 1 - k) * n + i] }
    }
    vectors = rows
  }
}
