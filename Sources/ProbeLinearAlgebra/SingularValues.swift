internal import CLAPACKE

extension Matrix where Scalar == Double {
  /// The singular values, largest first, by LAPACK's `dgesdd`.
  ///
  /// - Throws: ``LinearAlgebraError`` if an entry is not finite or the iteration fails.
  /// - Complexity: O(rows columns min(rows, columns)).
  public func singularValues() throws(LinearAlgebraError) -> [Double] {
    try requireFinite("dgesdd")
    let count = min(rows, columns)
    guard count > 0 else { return [] }
    var a = elements
    var values = [Double](repeating: 0, count: count)
    try checkLAPACK(
      "dgesdd",
      LAPACKE_dgesdd(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns), &a, Int32(columns), &values,
        nil, Int32(rows), nil, Int32(columns)))
    return values
  }

  /// The singular value decomposition `A = U diag(values) V`, economy size.
  ///
  /// - Returns: `u` `[rows, k]`, `values` `[k]` largest first, `v` `[k, columns]` with `k = min(rows, columns)`.
  /// - Throws: ``LinearAlgebraError`` if an entry is not finite or the iteration fails.
  public func singularValueDecomposition() throws(LinearAlgebraError) -> (
    u: Matrix<Double>, values: [Double], v: Matrix<Double>
  ) {
    try requireFinite("dgesdd")
    let count = min(rows, columns)
    var u = Matrix<Double>(rows: rows, columns: count)
    var v = Matrix<Double>(rows: count, columns: columns)
    var values = [Double](repeating: 0, count: count)
    guard count > 0 else { return (u, values, v) }
    var a = elements
    try checkLAPACK(
      "dgesdd",
      LAPACKE_dgesdd(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "S")), Int32(rows), Int32(columns), &a, Int32(columns), &values,
        &u.elements, Int32(count), &v.elements, Int32(columns)))
    return (u, values, v)
  }
}
