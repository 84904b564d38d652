internal import RealModule

/// The normalised Bures similarity of two networks' sample-by-sample covariances XX' and YY'.
///
/// tr sqrt(sqrt(XX') YY' sqrt(XX')) / sqrt(tr XX' tr YY'). The trace is ||X'Y||_*, so this is the cosine of the
/// angular shape distance, and the Bures distance of the Grams is the Euclidean one (Harvey, Larsen & Williams
/// 2023, arXiv:2311.11436): it is offered under its own name because the literature does, not because it tells
/// anything more.
public struct BuresSimilarity: RepresentationMetric {
  /// The similarity.
  public init() {}

  /// What is computed.
  public var convention: MetricConvention {
    MetricConvention(
      name: "bures_similarity", level: .representation,
      text:
        "fidelity of the sample-by-sample Gram matrices over the root of their traces' product, columns centred; "
        + "equals the cosine of procrustes_angular (Harvey et al. 2023)",
      properties: [
        .symmetric, .orthogonalInvariance, .scaleInvariance, .translationInvariance, .permutationInvariance,
        .signInvariance,
      ], isSimilarity: true)
  }

  /// The similarity, 0...1.
  public func compare(
    _ pair: RepresentationPair, _ first: Void, _ second: Void
  ) throws(DegeneracyError) -> DirectedValue {
    DirectedValue(try pair.nuclearCosine())
  }
}
