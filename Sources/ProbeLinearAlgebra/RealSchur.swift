internal import CLAPACKE
public import ComplexModule
public import RealModule

/// A = Q T Q': the real Schur form of a real square matrix, by LAPACK's `dgees` and `dtrsen`.
///
/// T is upper triangular but for 2 x 2 blocks of conjugate pairs. The first m columns of Q span an invariant subspace wherever
/// m does not part a pair, and are orthonormal however far A is from normal, which eigenvectors are not.
public struct RealSchur: Sendable {
  /// The eigenvalues, in the order of T's diagonal; a pair has its positive imaginary part first.
  public let values: [Complex<Double>]
  /// T, `[n, n]`.
  public let form: Matrix<Double>
  /// Q, `[n, n]`; its columns are the Schur vectors.
  public let vectors: Matrix<Double>

  /// Decomposes a matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, not finite, or the QR iteration fails.
  /// - Complexity: O(n³).
  public init(_ matrix: Matrix<Double>) throws(LinearAlgebraError) {
    try matrix.requireSquareAndFinite("dgees")
    let n = matrix.rows
    var form = matrix
    var vectors = Matrix<Double>.identity(n)
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    if n > 0 {
      var selected: Int32 = 0
      try checkLAPACK(
        "dgees",
        LAPACKE_dgees(
          LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "N")), nil, Int32(n), &form.elements,
          Int32(n), &selected, &real, &imaginary, &vectors.elements, Int32(n)))
    }
    self.form = form
    self.vectors = vectors
    values = zip(real, imaginary).map { Complex($0, $1) }
  }

  private init(values: [Complex<Double>], form: Matrix<Double>, vectors: Matrix<Double>) {
    self.values = values
    self.form = form
    self.vectors = vectors
  }

  /// The decomposition with some eigenvalues moved to the front, all else in the order it had.
  ///
  /// - Parameter chosen: one element an eigenvalue; a pair is moved when either of it is chosen.
  /// - Returns: the reordered decomposition.
  /// - Throws: ``LinearAlgebraError/notConverged(routine:remaining:)`` where eigenvalues are too close to be exchanged.
  /// - Complexity: O(n³).
  public func moving(toFront chosen: [Bool]) throws(LinearAlgebraError) -> RealSchur {
    let n = form.rows
    precondition(chosen.count == n, "\(chosen.count) choices of \(n) eigenvalues")
    guard n > 0 else { return self }
    var form = form
    var vectors = vectors
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    var dimension: Int32 = 0
    var (condition, separation) = (0.0, 0.0)
    // Asked for no condition numbers ("N"), LAPACKE 3.11 hands dtrsen no integer workspace, into which it writes all the same.
    try checkLAPACK(
      "dtrsen",
      LAPACKE_dtrsen(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "V")), chosen.map { $0 ? 1 : 0 },
        Int32(n), &form.elements, Int32(n), &vectors.elements, Int32(n), &real, &imaginary, &dimension,
        &condition, &separation))
    return RealSchur(
      values: zip(real, imaginary).map { Complex($0, $1) }, form: form, vectors: vectors)
  }
}
