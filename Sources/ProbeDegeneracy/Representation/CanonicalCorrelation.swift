internal import ProbeLinearAlgebra

/// The mean canonical correlation of two networks, over all directions or over those that hold most of the
/// variance (SVCCA).
///
/// Canonical correlations are the singular values of (X'X)^-1/2 X'Y (Y'Y)^-1/2; the mean is over the smaller
/// number of directions. SVCCA first keeps the leading principal components that hold `share` of each network's
/// variance (Raghu et al. 2017, arXiv:1706.05806).
public struct CanonicalCorrelation: RepresentationMetric {
  /// The share of variance that is kept; nil for all directions above rounding.
  public var share: Double?

  /// CCA proper.
  public init() { share = nil }

  /// SVCCA.
  ///
  /// - Precondition: `0 < share <= 1`.
  public init(share: Double) {
    precondition(share > 0 && share <= 1, "a share lies between 0 and 1")
    self.share = share
  }

  /// What is computed.
  public var convention: MetricConvention {
    if let share {
      return MetricConvention(
        name: "svcca", level: .representation,
        text:
          "mean canonical correlation of the leading principal components that hold \(share) of the variance, "
          + "columns centred, no regularisation; mean over the smaller number of components (Raghu et al. 2017)",
        properties: [
          .symmetric, .orthogonalInvariance, .scaleInvariance, .translationInvariance, .permutationInvariance,
          .signInvariance,
        ], isSimilarity: true)
    }
    return MetricConvention(
      name: "cca", level: .representation,
      text:
        "mean canonical correlation of all directions above rounding, columns centred, no regularisation; mean over "
        + "the smaller number of directions",
      properties: [
        .symmetric, .orthogonalInvariance, .scaleInvariance, .translationInvariance, .linearInvariance,
        .permutationInvariance, .signInvariance,
      ], isSimilarity: true)
  }

  /// The mean correlation, 0...1.
  ///
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` where so few samples force correlations of 1.
  public func compare(
    _ pair: RepresentationPair, _ first: Void, _ second: Void
  ) throws(DegeneracyError) -> DirectedValue {
    let counts = [pair.a, pair.b].map { network in
      share.map { network.directions(holding: $0) } ?? network.rank
    }
    let correlations = try canonicalCorrelations(pair, counts[0], counts[1])
    return DirectedValue(correlations.values.reduce(0, +) / Double(correlations.values.count))
  }
}

/// The canonical correlations of the leading directions of two networks, and the rotations that give the variates.
///
/// - Returns: `u` `[first, k]`, `values` at most 1, `v` `[k, second]`.
func canonicalCorrelations(
  _ pair: RepresentationPair, _ first: Int, _ second: Int
) throws(DegeneracyError) -> (u: Matrix<Double>, values: [Double], v: Matrix<Double>) {
  // Two subspaces of dimensions p and q within m - 1 share p + q - (m - 1) directions whatever they are.
  guard first + second < pair.a.samples else {
    throw .tooFew(
      object: "samples for canonical correlations of \(first) and \(second) directions",
      needed: first + second + 1, found: pair.a.samples)
  }
  let result = try decomposing("the whitened product of \(pair.a.name) and \(pair.b.name)") {
    () throws(LinearAlgebraError) in
    try pair.whitenedProduct(first, second).singularValueDecomposition()
  }
  return (result.u, result.values.map { min(1, $0) }, result.v)
}
