internal import ProbeLinearAlgebra

/// The leading right singular vectors of the matrix of delay vectors, and its singular values.
///
/// They are eigenvectors of the Gram matrix, which is small. Squaring loses singular values below about 1e-8 of the largest;
/// where the smallest one kept is below 1e-5 of it, they are found again from H = Q R.
struct DelaySubspace {
  /// The kept singular values, largest first.
  var singularValues: [Double]
  /// `[rank, delays * units]`, orthonormal rows.
  var directions: Matrix<Double>
  /// The directions over the singular values: what delay vectors are projected onto to have coordinates of unit singular values.
  var scaledDirections: Matrix<Double> { directions.rowsDivided(by: singularValues) }
  /// How many were asked for, where the data have fewer that differ from rounding.
  var missing: Int

  init(
    trials: [Matrix<Double>], embedding: DelayEmbedding, rank: DelayDMD.Rank
  ) throws(DegeneracyError) {
    let gram = embedding.gram(of: trials)
    let rows = trials.reduce(0) { $0 + embedding.count(steps: $1.rows) }
    let possible = min(gram.rows, rows)
    let eigen: SymmetricEigen
    if case .fixed(let count) = rank, count < gram.rows / 2 {
      eigen = try factorize("the Gram matrix of the delay vectors") { () throws(LinearAlgebraError) in
        try SymmetricEigen(gram, leading: min(count, possible))
      }
    } else {
      eigen = try factorize("the Gram matrix of the delay vectors") { () throws(LinearAlgebraError) in
        try SymmetricEigen(gram)
      }
    }
    var values = eigen.values.prefix(possible).map { max(0, $0).squareRoot() }
    var vectors = eigen.vectors
    let largest = values.first ?? 0
    let total = (0..<gram.rows).reduce(0.0) { $0 + gram[$1, $1] }
    var wanted = rank.count(of: values, total: total)
    if wanted > 0 && values[wanted - 1] < 1e-5 * largest {
      (values, vectors) = try factorize("the matrix of delay vectors") { () throws(LinearAlgebraError) in
        try Self.accurately(trials: trials, embedding: embedding)
      }
      wanted = rank.count(of: values, total: total)
    }
    let floor = Double(max(gram.rows, rows)) * Double.ulpOfOne * largest
    let kept = values.prefix(wanted).prefix { $0 > floor }.count
    singularValues = Array(values.prefix(kept))
    directions = Matrix(
      rows: kept, columns: gram.rows, elements: Array(vectors.elements.prefix(kept * gram.rows)))
    if case .fixed(let count) = rank { wanted = count }
    missing = wanted - kept
  }

  /// From H = Q R, or from H itself where it is wide: singular values to rounding of the largest one.
  private static func accurately(
    trials: [Matrix<Double>], embedding: DelayEmbedding
  ) throws(LinearAlgebraError) -> ([Double], Matrix<Double>) {
    var elements: [Double] = []
    for trial in trials { elements += embedding.vectors(of: trial).elements }
    let width = embedding.delays * (trials.first?.columns ?? 0)
    let matrix = Matrix(rows: elements.count / max(1, width), columns: width, elements: elements)
    var small = matrix
    if matrix.rows > width {
      var orthonormal = matrix
      _ = try orthonormal.orthonormalize()
      small = Matrix(rows: width, columns: width)
      Double.multiply(
        rows: width, columns: width, inner: matrix.rows, alpha: 1, orthonormal.elements, stride: width,
        transposed: true, matrix.elements, stride: width, transposed: false, beta: 0, into: &small.elements,
        stride: width)
    }
    let (_, values, v) = try small.singularValueDecomposition()
    return (values, v)
  }
}

extension Matrix where Scalar == Double {
  /// Row k divided by the k-th number.
  func rowsDivided(by divisors: [Double]) -> Self {
    var result = self
    for (row, divisor) in divisors.enumerated() {
      for column in 0..<columns { result[row, column] /= divisor }
    }
    return result
  }
}
