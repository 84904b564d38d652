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

  /// Finds the largest eigenvalues alone and their eigenvectors.
  ///
  /// The matrix is made tridiagonal (LAPACK's `dsytrd`), of which `dstemr` finds the wanted pairs by relatively robust
  /// representations (Dhillon and Parlett 2004, doi:10.1016/j.laa.2003.12.028); should that fail, all are found.
  ///
  /// - Parameters:
  ///   - matrix: symmetric; only its upper triangle is read.
  ///   - count: how many; all where the matrix has no more.
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, not finite, or the iteration fails.
  /// - Complexity: O(n³) for the reduction to tridiagonal form, O(n² count) for the rest.
  public init(_ matrix: Matrix<Double>, leading count: Int) throws(LinearAlgebraError) {
    let n = matrix.rows
    // Of a 2 x 2 matrix dstemr numbers the pairs by modulus (dlaev2), so that it may give the other one.
    guard count > 0 && count < n && n > 2, let pairs = try Self.leading(count, of: matrix) else {
      let all = try SymmetricEigen(matrix)
      let kept = min(n, max(0, count))
      values = Array(all.values.prefix(kept))
      vectors = Matrix(rows: kept, columns: n, elements: Array(all.vectors.elements.prefix(kept * n)))
      return
    }
    (values, vectors) = pairs
  }

  /// The leading pairs, or nil where `dstemr` does not find them.
  private static func leading(
    _ count: Int, of matrix: Matrix<Double>
  ) throws(LinearAlgebraError) -> ([Double], Matrix<Double>)? {
    try matrix.requireSquareAndFinite("dsytrd")
    let n = matrix.rows
    // In column-major order the upper triangle of the row-major matrix is the lower one; eigenvectors come out as rows.
    let lower = CChar(UInt8(ascii: "L"))
    var a = matrix.elements
    var diagonal = [Double](repeating: 0, count: n)
    var beside = diagonal
    var reflections = diagonal
    try checkLAPACK(
      "dsytrd",
      LAPACKE_dsytrd(
        LAPACK_COL_MAJOR, lower, Int32(n), &a, Int32(n), &diagonal, &beside, &reflections))
    var found: Int32 = 0
    var ascending = [Double](repeating: 0, count: n)
    var columns = [Double](repeating: 0, count: n * count)
    var support = [Int32](repeating: 0, count: 2 * count)
    var isRelativelyAccurate: Int32 = 0
    let info = LAPACKE_dstemr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), Int32(n), &diagonal, &beside, 0,
      0, Int32(n - count + 1), Int32(n), &found, &ascending, &columns, Int32(n), Int32(count), &support,
      &isRelativelyAccurate)
    guard info == 0 && Int(found) == count else { return nil }
    try checkLAPACK(
      "dormtr",
      LAPACKE_dormtr(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), lower, CChar(UInt8(ascii: "N")), Int32(n), Int32(count),
        a,
        Int32(n), reflections, &columns, Int32(n)))
    var rows = Matrix<Double>(rows: count, columns: n)
    for k in 0..<count {
      for i in 0..<n { rows[k, i] = columns[(count - 1 - k) * n + i] }
    }
    return (ascending.prefix(count).reversed(), rows)
  }
}
