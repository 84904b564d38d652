internal import CLAPACKE

/// A = P L U, by LAPACK's `dgetrf`.
public struct LUFactorization: Sendable {
  private let size: Int
  private let factors: [Double]
  private let pivots: [Int32]
  /// The sign of the determinant: -1, 0 (a pivot is exactly zero) or 1.
  public let determinantSign: Int

  /// Factorises a square matrix.
  ///
  /// A singular one is no error: its `determinantSign` is 0.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square or not finite.
  /// - Complexity: O(n³).
  public init(_ matrix: Matrix<Double>) throws(LinearAlgebraError) {
    try matrix.requireSquareAndFinite("dgetrf")
    let n = matrix.rows
    size = n
    var a = matrix.elements
    var exchanges = [Int32](repeating: 0, count: n)
    let info = n == 0 ? 0 : LAPACKE_dgetrf(LAPACK_ROW_MAJOR, Int32(n), Int32(n), &a, Int32(n), &exchanges)
    if info < 0 { throw .invalidArgument(routine: "dgetrf", argument: Int(-info)) }
    factors = a
    pivots = exchanges
    var sign = 1
    for k in 0..<n {
      if exchanges[k] != Int32(k + 1) { sign = -sign }
      if a[k * n + k] < 0 { sign = -sign }
      if a[k * n + k] == 0 { sign = 0 }
    }
    determinantSign = sign
  }

  /// Solves A X = B for all columns of B.
  ///
  /// - Parameter right: `[n, columns]`.
  /// - Returns: nil if A is singular.
  public func solve(_ right: Matrix<Double>) -> Matrix<Double>? {
    precondition(right.rows == size, "the right-hand side has \(right.rows) rows, the matrix \(size)")
    guard determinantSign != 0 else { return nil }
    var solution = right
    guard right.columns > 0 && size > 0 else { return solution }
    let info = LAPACKE_dgetrs(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), Int32(size), Int32(right.columns), factors, Int32(size),
      pivots,
      &solution.elements, Int32(right.columns))
    return info == 0 ? solution : nil
  }

  /// Solves A x = b; nil if A is singular.
  public func solve(_ right: [Double]) -> [Double]? {
    solve(Matrix(rows: size, columns: 1, elements: right))?.elements
  }

  /// The inverse; nil if A is singular.
  public var inverse: Matrix<Double>? { solve(.identity(size)) }
}
