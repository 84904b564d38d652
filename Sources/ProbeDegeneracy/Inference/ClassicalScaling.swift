public import ProbeLinearAlgebra

/// Networks as points whose distances are as near the given ones as classical multidimensional scaling gets them.
///
/// The eigenvectors of -J D² J / 2, J the centring, scaled by the roots of their eigenvalues (Torgerson 1952,
/// doi:10.1007/BF02288916). Distances that no Euclidean space has leave negative eigenvalues.
public struct ClassicalScaling: Sendable, Equatable {
  /// `[network, dimension]`; each column's entry of largest modulus is positive.
  public let coordinates: Matrix<Double>
  /// All eigenvalues, largest first.
  public let eigenvalues: [Double]
  /// The share of the kept eigenvalues in the sum of the positive ones.
  public let explainedShare: Double
  /// The share of the negative eigenvalues' moduli in the sum of all moduli: 0 of Euclidean distances.
  public let negativeShare: Double

  /// Places networks.
  ///
  /// - Parameters:
  ///   - distances: between the networks.
  ///   - dimensions: how many coordinates are wanted; those beyond the positive eigenvalues are 0.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below three networks.
  /// - Complexity: O(n³).
  public init(_ distances: PairMatrix, dimensions: Int = 2) throws(DegeneracyError) {
    try distances.require(networks: 3)
    let n = distances.count
    var gram = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { gram[i, j] = -distances[i, j] * distances[i, j] / 2 } }
    let means = (0..<n).map { gram.row($0).reduce(0, +) / Double(n) }
    let mean = means.reduce(0, +) / Double(n)
    for i in 0..<n { for j in 0..<n { gram[i, j] += mean - means[i] - means[j] } }
    let eigen = try decomposing("the centred distances") { () throws(LinearAlgebraError) in
      try SymmetricEigen(gram)
    }
    var coordinates = Matrix<Double>(rows: n, columns: dimensions)
    for k in 0..<min(n, dimensions) where eigen.values[k] > 0 {
      let vector = eigen.vectors.row(k)
      let leading = vector.max { abs($0) < abs($1) } ?? 0
      let scale = eigen.values[k].squareRoot() * (leading < 0 ? -1 : 1)
      for (i, value) in vector.enumerated() { coordinates[i, k] = scale * value }
    }
    self.coordinates = coordinates
    eigenvalues = eigen.values
    let positive = eigen.values.reduce(0) { $0 + max(0, $1) }
    let negative = eigen.values.reduce(0) { $0 + max(0, -$1) }
    explainedShare =
      positive > 0 ? eigen.values.prefix(dimensions).reduce(0) { $0 + max(0, $1) } / positive : 0
    negativeShare = positive + negative > 0 ? negative / (positive + negative) : 0
  }
}
