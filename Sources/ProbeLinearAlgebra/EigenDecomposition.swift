internal import CLAPACKE
public import ComplexModule
public import RealModule

/// The eigenvalues and eigenvectors of a real square matrix.
///
/// A v_k = lambda_k v_k and w_k^H A = lambda_k w_k^H, by LAPACK's `dgeev`; vectors have Euclidean norm 1.
public struct EigenDecomposition: Sendable {
  /// The eigenvalues, by decreasing modulus; a conjugate pair is adjacent, the positive imaginary part first.
  public let values: [Complex<Double>]
  /// Right eigenvectors in the order of `values`; empty if not asked for.
  public let right: [[Complex<Double>]]
  /// Left eigenvectors in the order of `values`; empty if not asked for.
  public let left: [[Complex<Double>]]

  /// The largest modulus of an eigenvalue; 0 of an empty matrix.
  public var spectralRadius: Double { values.first?.length ?? 0 }

  /// Decomposes a matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, not finite, or the QR iteration fails.
  /// - Complexity: O(n³) time, O(n²) memory.
  public init(_ matrix: Matrix<Double>, vectors: Bool = true) throws(LinearAlgebraError) {
    try matrix.requireSquareAndFinite("dgeev")
    let n = matrix.rows
    guard n > 0 else {
      (values, right, left) = ([], [], [])
      return
    }
    var a = matrix.elements
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    var leftColumns = [Double](repeating: 0, count: vectors ? n * n : 1)
    var rightColumns = leftColumns
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    try checkLAPACK(
      "dgeev",
      LAPACKE_dgeev(
        LAPACK_ROW_MAJOR, job, job, Int32(n), &a, Int32(n), &real, &imaginary, &leftColumns,
        Int32(vectors ? n : 1), &rightColumns, Int32(vectors ? n : 1)))

    let lengths = (0..<n).map { Complex(real[$0], imaginary[$0]).length }
    // Conjugates have equal moduli to the last bit, so a stable order keeps pairs together.
    let order = (0..<n).sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    values = order.map { Complex(real[$0], imaginary[$0]) }
    func column(_ k: Int, of columns: [Double]) -> [Complex<Double>] {
      // A pair (k, k+1) stores the real part of the first vector in column k and the imaginary part in k+1.
      let first = imaginary[k] < 0 ? k - 1 : k
      let sign: Double = imaginary[k] == 0 ? 0 : (imaginary[k] > 0 ? 1 : -1)
      return (0..<n).map { row in
        Complex(columns[row * n + first], sign == 0 ? 0 : sign * columns[row * n + first + 1])
      }
    }
    right = vectors ? order.map { column($0, of: rightColumns) } : []
    left = vectors ? order.map { column($0, of: leftColumns) } : []
  }
}
