public import ProbeLinearAlgebra

/// One network's states over a set of samples, centred, with all that comparisons need of it alone.
///
/// Samples are (trial, step) pairs or conditions; every network compared must have seen the same ones in the
/// same order. Scatter, eigenvectors and whitening are computed here, once a network, never once a pair.
public struct RepresentationFactors: Sendable {
  /// The network's name, for messages.
  public let name: String
  /// The number of samples, m.
  public let samples: Int
  /// The number of units, d.
  public let units: Int
  /// X - mean, `[m, width]`, in the precision it was given in; rotated onto its own span where m < d.
  let centred: CentredStates
  /// `[width, d]`: the orthonormal rows that `centred` is expressed in; nil where it is the units themselves.
  let directions: Matrix<Double>?
  /// X'X of the centred states, `[width, width]`.
  let scatter: Matrix<Double>
  /// The eigenvalues of `scatter` that are above rounding, largest first.
  let spectrum: [Double]
  /// `[rank, width]`: row k is the eigenvector of `spectrum[k]`.
  let axes: Matrix<Double>
  /// The squared length of every centred sample, `[m]`.
  let squaredLengths: [Double]

  /// The number of independent directions that the states use.
  public var rank: Int { spectrum.count }
  /// ||X||², the sum of squares of the centred states.
  var sumOfSquares: Double { (0..<scatter.rows).reduce(0) { $0 + scatter[$1, $1] } }
  /// ||X'X||.
  var scatterNorm: Double { scatter.frobeniusNorm }
  /// The number of columns that are multiplied.
  var width: Int { scatter.rows }

  /// Prepares double-precision states.
  ///
  /// Where there are fewer samples than units, the m x m Gram matrix XX' = U L U' takes the place of the
  /// covariance: X becomes U sqrt(L), which differs from it by a rotation of the units alone.
  ///
  /// - Parameters:
  ///   - name: how messages call the network.
  ///   - states: `[sample, unit]`.
  /// - Throws: ``DegeneracyError`` if there are fewer than two samples, a number is not finite, or nothing varies.
  /// - Complexity: O(m d min(m, d)).
  public init(name: String, states: Matrix<Double>) throws(DegeneracyError) {
    try self.init(name: name, states: states) { .double($0) }
  }

  /// Prepares single-precision states: means and all sums over blocks of samples are taken in double precision,
  /// the products within a block in single.
  ///
  /// - Parameters:
  ///   - name: how messages call the network.
  ///   - states: `[sample, unit]`.
  /// - Throws: ``DegeneracyError`` if there are fewer than two samples, a number is not finite, or nothing varies.
  public init(name: String, states: Matrix<Float>) throws(DegeneracyError) {
    try self.init(name: name, states: states) { .single($0) }
  }

  private init<Scalar: BLASScalar>(
    name: String, states: Matrix<Scalar>, wrap: (Matrix<Scalar>) -> CentredStates
  ) throws(DegeneracyError) {
    guard states.rows >= 2 else { throw .tooFew(object: "samples of \(name)", needed: 2, found: states.rows) }
    guard states.columns >= 1 else { throw .tooFew(object: "units of \(name)", needed: 1, found: 0) }
    if let index = states.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(object: name, row: index / states.columns, column: index % states.columns)
    }
    self.name = name
    (samples, units) = (states.rows, states.columns)
    var centred = states.withColumnsCentred()
    var directions: Matrix<Double>?
    if states.rows < states.columns {
      let gram = blockedProduct([centred.transposed], [centred.transposed])
      let eigen = try decomposing("the Gram matrix of \(name)") { () throws(LinearAlgebraError) in
        try SymmetricEigen(gram)
      }
      let kept = significantCount(eigen.values, precision: Double(Scalar.ulpOfOne), order: samples)
      guard kept > 0 else { throw .noVariation(object: name) }
      // V = X'U / sqrt(L), one direction a row.
      var rows = Matrix<Double>(
        rows: kept, columns: samples, elements: Array(eigen.vectors.elements.prefix(kept * samples)))
      var coordinates = Matrix<Scalar>(rows: samples, columns: kept)
      for k in 0..<kept {
        let root = eigen.values[k].squareRoot()
        for sample in 0..<samples {
          coordinates[sample, k] = Scalar(rows[k, sample] * root)
          rows[k, sample] /= root
        }
      }
      directions =
        rows * Matrix<Double>(rows: samples, columns: units, elements: centred.elements.map { Double($0) })
      centred = coordinates
    }
    self.directions = directions
    self.centred = wrap(centred)
    let scatter = blockedProduct([centred], [centred])
    let eigen = try decomposing("the covariance of \(name)") { () throws(LinearAlgebraError) in
      try SymmetricEigen(scatter)
    }
    let rank = significantCount(eigen.values, precision: Double(Scalar.ulpOfOne), order: scatter.rows)
    guard rank > 0 else { throw .noVariation(object: name) }
    self.scatter = scatter
    spectrum = Array(eigen.values.prefix(rank))
    axes = Matrix(
      rows: rank, columns: scatter.rows, elements: Array(eigen.vectors.elements.prefix(rank * scatter.rows)))
    squaredLengths = (0..<samples).map { sample in
      centred.row(sample).reduce(0) { $0 + Double($1) * Double($1) }
    }
  }

  /// How many leading directions hold a share of the variance.
  ///
  /// - Precondition: `0 < share <= 1`.
  public func directions(holding share: Double) -> Int {
    precondition(share > 0 && share <= 1, "a share lies between 0 and 1")
    let total = spectrum.reduce(0, +)
    var sum = 0.0
    for (index, value) in spectrum.enumerated() {
      sum += value
      // The full sum must reach a share of one in spite of rounding.
      if sum >= share * total { return index + 1 }
    }
    return spectrum.count
  }

  /// `[count, width]`: the rows v_k / sqrt(l_k), with which states become white.
  func whitening(_ count: Int) -> Matrix<Double> {
    var rows = Matrix<Double>(
      rows: count, columns: width, elements: Array(axes.elements.prefix(count * width)))
    for k in 0..<count {
      let scale = 1 / spectrum[k].squareRoot()
      for column in 0..<width { rows[k, column] *= scale }
    }
    return rows
  }
}

/// Centred states in the precision they came in.
enum CentredStates: Sendable {
  case single(Matrix<Float>)
  case double(Matrix<Double>)

  /// The same in double precision.
  var widened: Matrix<Double> {
    switch self {
    case .single(let matrix):
      Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { Double($0) })
    case .double(let matrix): matrix
    }
  }
}

/// How many of the eigenvalues, largest first, stand above rounding.
///
/// That of an eigensolver grows with the matrix's order, that of its entries with the root of a block's 1,024
/// terms, here taken four times.
private func significantCount(_ values: [Double], precision: Double, order: Int) -> Int {
  guard let largest = values.first, largest > 0 else { return 0 }
  let threshold = largest * precision * Double(order + 4 * 32)
  return values.firstIndex { $0 <= threshold } ?? values.count
}

extension Matrix {
  /// The matrix with the mean of each column, taken in double precision, subtracted.
  func withColumnsCentred() -> Matrix {
    var sums = [Double](repeating: 0, count: columns)
    var result = self
    result.elements.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for column in 0..<columns { sums[column] += Double(values[row * columns + column]) }
      }
      let means = sums.map { $0 / Double(rows) }
      for row in 0..<rows {
        for column in 0..<columns {
          let index = row * columns + column
          values[index] = Scalar(Double(values[index]) - means[column])
        }
      }
    }
    return result
  }
}
