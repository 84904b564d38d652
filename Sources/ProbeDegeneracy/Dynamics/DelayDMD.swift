public import ComplexModule
public import ProbeLinearAlgebra
public import RealModule

/// A linear model of how delay vectors move: dynamic mode decomposition on a delay embedding.
///
/// H = V S W' stacks the delay vectors of all trials (no centring). In the coordinates v(t), the rows of V (unit singular values),
/// v(t + steps) = A v(t), where A = ((X'X + ridge I)^-1 X'Y)' over the pairs (X, Y) within trials. This is HAVOK/Hankel DMD
/// (Brunton et al. 2017, doi:10.1038/s41467-017-00030-8) as Dynamical Similarity Analysis uses it (Ostrow et al. 2023, arXiv
/// 2306.10168). A is unchanged, up to a change of orthonormal basis, when the data are rotated, reflected or scaled.
public struct DelayDMD: Sendable {
  /// What was fitted.
  public let options: Options
  /// A, `[rank, rank]`.
  public let matrix: Matrix<Double>
  /// The kept singular values of the delay vectors, largest first.
  public let singularValues: [Double]
  /// W', `[rank, delays * units]`: orthonormal rows.
  public let directions: Matrix<Double>
  /// The eigenvalues of A, by decreasing modulus.
  public let eigenvalues: [Complex<Double>]
  /// ‖A'A - AA'‖ (Frobenius); 0 of a normal operator.
  public let nonNormality: Double
  /// What a reader should know before trusting the model.
  public let warnings: [String]

  /// The number of singular vectors kept.
  public var rank: Int { matrix.rows }

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - trials: each `[steps, units]`; steps may differ, units may not.
  ///   - options: what to fit.
  /// - Throws: ``DegeneracyError`` where shapes differ, a number is not finite, trials are too short or all zero.
  /// - Complexity: O(rows units² delays + (units delays)³), rows being the delay vectors of all trials.
  public init(_ trials: [Matrix<Double>], options: Options = Options()) throws(DegeneracyError) {
    try Self.check(trials, options: options)
    let subspace = try DelaySubspace(trials: trials, embedding: options.embedding, rank: options.rank)
    let rank = subspace.singularValues.count
    guard rank > 0 else { throw .zeroNorm(object: "the data of all trials") }
    let scaled = subspace.scaledDirections
    let coordinates = trials.map { options.embedding.project($0, onto: scaled) }
    var (squares, products) = Self.moments(coordinates, steps: options.steps, rank: rank)
    let solution = try solveRegression(
      squares: &squares, products: products, ridge: options.ridge,
      object: "the regression on \(rank) coordinates")
    var transition = solution
    if let reduced = options.reducedRank, reduced < rank {
      transition = try Self.reduce(solution, products: products, rank: reduced)
    }
    let matrix = transition.transposed
    let eigen = try factorize("the operator of the delay vectors") { () throws(LinearAlgebraError) in
      try EigenDecomposition(matrix, vectors: false)
    }
    self.options = options
    self.matrix = matrix
    singularValues = subspace.singularValues
    directions = subspace.directions
    eigenvalues = eigen.values
    nonNormality = (matrix.transposed * matrix - matrix * matrix.transposed).frobeniusNorm
    var warnings = Self.nearConstantChannels(trials, threshold: options.nearConstant)
    if subspace.missing > 0 {
      warnings.append(
        "the delay vectors have numerical rank \(rank), \(subspace.missing) fewer than the options name")
    }
    self.warnings = warnings
  }

  /// X'X and X'Y over all pairs of coordinates `steps` apart.
  private static func moments(
    _ coordinates: [Matrix<Double>], steps: Int, rank: Int
  ) -> (Matrix<Double>, Matrix<Double>) {
    var squares = Matrix<Double>(rows: rank, columns: rank)
    var products = squares
    for trial in coordinates where trial.rows > steps {
      trial.elements.withUnsafeBufferPointer { data in
        guard let base = data.baseAddress else { return }
        Double.multiply(
          rows: rank, columns: rank, inner: trial.rows - steps, alpha: 1, base, stride: rank,
          transposed: true, base, stride: rank, transposed: false, beta: 1, into: &squares.elements,
          stride: rank)
        Double.multiply(
          rows: rank, columns: rank, inner: trial.rows - steps, alpha: 1, base, stride: rank,
          transposed: true, base + steps * rank, stride: rank, transposed: false, beta: 1,
          into: &products.elements, stride: rank)
      }
    }
    return (squares, products)
  }

  /// The best solution of lower rank: the fitted values are projected onto their leading principal directions.
  ///
  /// Izenman 1975, doi:10.1016/0047-259X(75)90042-1, with identity weights: the eigenvectors of Y'X (X'X + ridge I)^-1 X'Y.
  private static func reduce(
    _ solution: Matrix<Double>, products: Matrix<Double>, rank: Int
  ) throws(DegeneracyError) -> Matrix<Double> {
    let fitted = products.transposed * solution
    let eigen = try factorize("the fitted values") { () throws(LinearAlgebraError) in
      try SymmetricEigen(fitted, leading: rank)
    }
    let kept = Matrix(
      rows: rank, columns: fitted.rows, elements: Array(eigen.vectors.elements.prefix(rank * fitted.rows)))
    return solution * (kept.transposed * kept)
  }

  /// The operator on delay vectors themselves, W S A S^-1 W', `[delays * units, delays * units]`.
  public var delayOperator: Matrix<Double> {
    var weighted = matrix
    for row in 0..<rank {
      for column in 0..<rank { weighted[row, column] *= singularValues[row] / singularValues[column] }
    }
    return directions.transposed * (weighted * directions)
  }
}
