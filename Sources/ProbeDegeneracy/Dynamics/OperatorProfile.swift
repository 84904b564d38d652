public import ComplexModule
public import ProbeLinearAlgebra
public import RealModule

/// What comparisons need of one operator, computed once a network and not once a pair.
public struct OperatorProfile: Sendable {
  /// The operator divided by its Frobenius norm, `[n, n]`.
  public let matrix: Matrix<Double>
  /// The norm it was divided by.
  public let norm: Double
  /// The eigenvalues of the operator as it was given, by decreasing modulus.
  public let eigenvalues: [Complex<Double>]

  /// Eigenvalues of the symmetric part (M + M')/2, largest first; this and all below are of the divided operator.
  let symmetricValues: [Double]
  /// Singular values of the skew part (M - M')/2, largest first.
  let skewValues: [Double]
  /// Singular values, largest first.
  let singularValues: [Double]
  /// How far the operator is from normal: (‖M‖² - Σ|λ|²)^(1/2) (Henrici 1962, doi:10.1007/BF01386294).
  let departure: Double
  /// Orthonormal bases that an orthogonal change of coordinates carries along; columns are the vectors.
  let frames: [(name: String, vectors: Matrix<Double>)]

  /// The number of rows.
  public var size: Int { matrix.rows }

  /// Profiles an operator.
  ///
  /// - Parameters:
  ///   - matrix: `[n, n]`, n at least 1.
  ///   - name: what errors call it.
  /// - Throws: ``DegeneracyError`` if it is not square, not finite, 0 or empty.
  /// - Complexity: O(n³), and O(n⁴) with a small constant for the order of the Schur form.
  public init(_ matrix: Matrix<Double>, name: String = "the operator") throws(DegeneracyError) {
    guard matrix.rows == matrix.columns else {
      throw .shapeMismatch(object: name, expected: "square", found: "[\(matrix.rows), \(matrix.columns)]")
    }
    guard matrix.rows > 0 else { throw .tooFew(object: "rows of \(name)", needed: 1, found: 0) }
    if let place = matrix.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(object: name, row: place / matrix.columns, column: place % matrix.columns)
    }
    let norm = matrix.frobeniusNorm
    guard norm > 0 else { throw .zeroNorm(object: name) }
    let n = matrix.rows
    let unit = Matrix(rows: n, columns: n, elements: matrix.elements.map { $0 / norm })
    var symmetric = unit
    var skew = unit
    for i in 0..<n {
      for j in 0..<n {
        symmetric[i, j] = (unit[i, j] + unit[j, i]) / 2
        skew[i, j] = (unit[i, j] - unit[j, i]) / 2
      }
    }
    let (symmetricEigen, skewValues, singular, schur) = try factorize(name) { () throws(LinearAlgebraError) in
      (
        try SymmetricEigen(symmetric), try skew.singularValues(), try unit.singularValueDecomposition(),
        Self.ordered(try RealSchur(unit))
      )
    }
    self.matrix = unit
    self.norm = norm
    eigenvalues = schur.values.map { Complex($0.real * norm, $0.imaginary * norm) }
    symmetricValues = symmetricEigen.values
    self.skewValues = skewValues
    singularValues = singular.values
    departure = Self.departure(schur.form)
    frames = [
      ("symmetric part", symmetricEigen.vectors.transposed), ("Schur form", schur.vectors),
      ("left singular vectors", singular.u), ("right singular vectors", singular.v.transposed),
    ]
  }

  /// The Schur form with its eigenvalues by decreasing modulus, as far as close ones can be exchanged.
  ///
  /// Moving the largest k to the front for k = n - 1, ..., 1 sorts, since all else keeps its order.
  private static func ordered(_ schur: RealSchur) -> RealSchur {
    var current = schur
    let moduli = schur.values.map(\.length).sorted(by: >)
    for k in stride(from: moduli.count - 1, through: 1, by: -1) {
      // Half-way between neighbours, so that rounding in an exchange does not change who is chosen.
      let threshold = (moduli[k - 1] + moduli[k]) / 2
      let chosen = current.values.map { $0.length > threshold }
      let sorted = chosen.firstIndex(of: false).map { !chosen[$0...].contains(true) } ?? true
      guard !sorted else { continue }
      guard let moved = try? current.moving(toFront: chosen) else { return current }
      current = moved
    }
    return current
  }

  /// Henrici's departure from normality, without the cancellation of its definition.
  ///
  /// It is the norm of what a complex Schur form has above its diagonal: T's entries above its blocks, and b + c of each block
  /// [[a, b], [c, a]], whose own is (‖block‖² - 2|λ|²)^(1/2) with |λ|² = a² - b c.
  private static func departure(_ form: Matrix<Double>) -> Double {
    var squares = 0.0
    for row in 0..<form.rows {
      for column in row + 1..<max(row + 1, form.columns) {
        let below = column == row + 1 ? form[column, row] : 0
        squares += (form[row, column] + below) * (form[row, column] + below)
      }
    }
    return squares.squareRoot()
  }
}
