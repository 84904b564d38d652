internal import ProbeLinearAlgebra

/// Projection-weighted canonical correlation, PWCCA (Morcos, Raghu & Bengio 2018, arXiv:1806.05759, section 3).
///
/// Canonical correlation i counts with the weight sum over units j of |<h_i, x_j>|, h_i being the i-th
/// canonical variate and x_j the activity of unit j, both of the first network: the value depends on which
/// network is the first. From factors alone, <h_i, x_j> = (U' L^1/2 V')_ij where X'X = V L V'. The original
/// code weights by the network with fewer units whichever way it is called, which hides the asymmetry.
public struct ProjectionWeightedCorrelation: RepresentationMetric {
  /// The similarity.
  public init() {}

  /// What is computed.
  public var convention: MetricConvention {
    MetricConvention(
      name: "pwcca", level: .representation,
      text:
        "canonical correlations weighted by the absolute projections of the first network's units onto its variates, "
        + "columns centred, no regularisation, not symmetric (Morcos et al. 2018)",
      properties: [.scaleInvariance, .translationInvariance, .permutationInvariance, .signInvariance],
      isSimilarity: true)
  }

  /// The weighted means, 0...1, each network taken as the first in turn.
  ///
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` where so few samples force correlations of 1.
  public func compare(
    _ pair: RepresentationPair, _ first: Void, _ second: Void
  ) throws(DegeneracyError) -> DirectedValue {
    let (u, values, v) = try canonicalCorrelations(pair, pair.a.rank, pair.b.rank)
    return DirectedValue(
      forward: weightedMean(values, rotation: u.transposed, of: pair.a),
      backward: weightedMean(values, rotation: v, of: pair.b))
  }
}

/// The mean of correlations weighted by the units' projections onto the variates; `rotation` is `[k, rank]`.
private func weightedMean(
  _ values: [Double], rotation: Matrix<Double>, of network: RepresentationFactors
) -> Double {
  var axes = network.axes
  for k in 0..<axes.rows {
    let root = network.spectrum[k].squareRoot()
    for column in 0..<axes.columns { axes[k, column] *= root }
  }
  var projections = rotation * axes
  if let directions = network.directions { projections = projections * directions }
  let weights = values.indices.map { k in projections.row(k).reduce(0) { $0 + abs($1) } }
  let total = weights.reduce(0, +)
  return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
}
