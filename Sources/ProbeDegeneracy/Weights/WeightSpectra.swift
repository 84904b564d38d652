public import ComplexModule
internal import ProbeLinearAlgebra
public import RealModule

/// The spectra of a network's blocks, which no exchange of units changes: what alignment cannot bring together.
public struct WeightSpectra: Sendable {
  /// The singular values of every block, largest first.
  public let singularValues: [[Double]]
  /// The eigenvalues of every recurrent block, by decreasing modulus.
  public let eigenvalues: [[Complex<Double>]]
  /// Of every recurrent block the eigenvalues of the symmetric part, then the singular values of the skew part.
  let parts: [(symmetric: [Double], skew: [Double])]
  let roles: [RecurrentWeights.Block.Role]

  /// What ``singularValueDistance(to:)`` computes.
  public static var singularValueConvention: MetricConvention {
    MetricConvention(
      name: "weights_singular_values", level: .weights,
      text:
        "Euclidean distance of the sorted singular values of the recurrent weights, shorter lists padded with zeros, not "
        + "squared; 0 for some different networks",
      properties: spectralProperties)
  }

  /// What ``eigenvalueDistance(to:)`` computes.
  public static var eigenvalueConvention: MetricConvention {
    MetricConvention(
      name: "weights_eigenvalues", level: .weights,
      text:
        "root of the summed squared distances of the recurrent weights' eigenvalues after the best pairing, the shorter "
        + "list padded with zeros; 0 for some different networks; the triangle inequality holds among networks of one width",
      properties: spectralProperties)
  }

  private static var spectralProperties: Set<MetricConvention.Property> {
    [.symmetric, .zeroOnItself, .triangleInequality, .permutationInvariance, .signInvariance]
  }

  /// Decomposes a network's blocks.
  ///
  /// - Throws: ``DegeneracyError/decomposition(object:reason:)``.
  /// - Complexity: O(n³) a block.
  public init(_ weights: RecurrentWeights) throws(DegeneracyError) {
    var (singular, eigen): ([[Double]], [[Complex<Double>]]) = ([], [])
    var parts: [(symmetric: [Double], skew: [Double])] = []
    for (index, block) in weights.blocks.enumerated() {
      let object = "\(block.role.rawValue) block \(index) of \(weights.name)"
      singular.append(
        try decomposing(object) { () throws(LinearAlgebraError) in try block.matrix.singularValues() })
      guard block.role == .recurrent else { continue }
      eigen.append(
        try decomposing(object) { () throws(LinearAlgebraError) in
          try EigenDecomposition(block.matrix, vectors: false).values
        })
      var (symmetric, skew) = (block.matrix, block.matrix)
      symmetric.add(block.matrix.transposed)
      skew.add(block.matrix.transposed, times: -1)
      parts.append(
        try decomposing(object) { () throws(LinearAlgebraError) in
          (
            try SymmetricEigen(symmetric).values.map { $0 / 2 }, try skew.singularValues().map { $0 / 2 }
          )
        })
    }
    (singularValues, eigenvalues, self.parts, roles) = (singular, eigen, parts, weights.blocks.map(\.role))
  }

  /// The Euclidean distance between the sorted singular values of all recurrent blocks; shorter lists are
  /// padded with zeros.
  ///
  /// - Returns: at most the distance of the recurrent blocks after any alignment, if the widths are equal.
  public func singularValueDistance(to other: WeightSpectra) -> Double {
    let mine = zip(singularValues, roles).filter { $0.1 == .recurrent }.map(\.0)
    let theirs = zip(other.singularValues, other.roles).filter { $0.1 == .recurrent }.map(\.0)
    return zip(mine, theirs).reduce(0) { $0 + squaredDistance($1.0, $1.1) }.squareRoot()
  }

  /// The distance between the eigenvalues of all recurrent blocks after the best pairing of each block's.
  ///
  /// sqrt(min over pairings of sum |l - m|²); the shorter list is padded with zeros.
  ///
  /// - Complexity: O(n³) a block.
  public func eigenvalueDistance(to other: WeightSpectra) -> Double {
    zip(eigenvalues, other.eigenvalues).reduce(0) { sum, pair in
      let count = max(pair.0.count, pair.1.count)
      var costs = Matrix<Double>(rows: count, columns: count)
      for i in 0..<count {
        for j in 0..<count {
          let a = i < pair.0.count ? pair.0[i] : .zero
          let b = j < pair.1.count ? pair.1[j] : .zero
          costs[i, j] = (a - b).lengthSquared
        }
      }
      return sum + LinearAssignment(costs: costs).cost
    }.squareRoot()
  }

  /// What the square of the aligned distance is at least: no orthogonal matrix, and so no exchange, does better.
  ///
  /// Singular values (von Neumann's trace inequality) bound every block; where rows and columns turn together,
  /// the eigenvalues of the symmetric part (Hoffman & Wielandt 1953) and the singular values of the skew part
  /// bound it too.
  ///
  /// - Parameters:
  ///   - other: another network's spectra, of the same width.
  ///   - turnsTogether: of every recurrent block, whether its rows take the sign as its columns do.
  /// - Returns: the bound, over all blocks together.
  func squaredBound(to other: WeightSpectra, turnsTogether: [Bool]) -> Double {
    var sum = 0.0
    var recurrent = 0
    for (index, role) in roles.enumerated() {
      var bound = squaredDistance(singularValues[index], other.singularValues[index])
      if role == .recurrent {
        if turnsTogether[recurrent] {
          let (a, b) = (parts[recurrent], other.parts[recurrent])
          bound = max(bound, squaredDistance(a.symmetric, b.symmetric) + squaredDistance(a.skew, b.skew))
        }
        recurrent += 1
      }
      sum += bound
    }
    return sum
  }
}

/// The squared distance of two lists, the shorter padded with zeros.
private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  (0..<max(a.count, b.count)).reduce(0) { sum, index in
    let difference = (index < a.count ? a[index] : 0) - (index < b.count ? b[index] : 0)
    return sum + difference * difference
  }
}
