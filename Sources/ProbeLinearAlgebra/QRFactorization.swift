internal import CLAPACKE

extension Matrix where Scalar == Double {
  /// Replaces a tall matrix by its orthonormal factor Q and returns |diagonal of R|, with R's diagonal positive.
  ///
  /// A = Q R by Householder reflections (`dgeqrf`, `dorgqr`).
  ///
  /// - Returns: `columns` positive numbers (0 where the columns are dependent).
  /// - Throws: ``LinearAlgebraError/notFinite(routine:)``.
  /// - Precondition: `rows >= columns`.
  /// - Complexity: O(rows columns²).
  public mutating func orthonormalize() throws(LinearAlgebraError) -> [Double] {
    precondition(rows >= columns, "the matrix must be tall")
    try requireFinite("dgeqrf")
    guard columns > 0 else { return [] }
    var tau = [Double](repeating: 0, count: columns)
    try checkLAPACK(
      "dgeqrf",
      LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, Int32(rows), Int32(columns), &elements, Int32(columns), &tau))
    let diagonal = (0..<columns).map { self[$0, $0] }
    try checkLAPACK(
      "dorgqr",
      LAPACKE_dorgqr(
        LAPACK_ROW_MAJOR, Int32(rows), Int32(columns), Int32(columns), &elements, Int32(columns), tau))
    for column in 0..<columns where diagonal[column] < 0 {
      for row in 0..<rows { self[row, column] = -self[row, column] }
    }
    return diagonal.map { abs($0) }
  }
}
