internal import ProbeLinearAlgebra
internal import RealModule

/// Centred kernel alignment with linear kernels, without any m x m matrix.
///
/// After Kornblith, Norouzi, Lee and Hinton 2019, arXiv:1905.00414. HSIC(X, Y) of centred states is ||X'Y||² up
/// to a factor; CKA = HSIC(X, Y) / sqrt(HSIC(X, X) HSIC(Y, Y)). The debiased form takes Song et al.'s unbiased
/// estimator (JMLR 13 (2012), eq. 5) for each of the three: its terms come down to ||X'Y||² and the lengths of
/// samples, as the rows of centred Gram matrices sum to 0.
public struct KernelAlignment: RepresentationMetric {
  /// Which estimator of the dependence is used.
  public enum Estimator: String, Sendable, CaseIterable {
    /// ||X'Y||²: above 0 for independent networks, the more so with more units and fewer samples.
    case biased
    /// Song et al.: 0 on average for independent networks; may be negative.
    case debiased
  }

  /// Whether the score or the angle is given.
  public enum Form: String, Sendable, CaseIterable {
    /// The alignment itself, 1 for the same network.
    case score
    /// Its arccos, a distance, in radians (Williams et al. 2021).
    case angular
  }

  /// Which estimator is used.
  public var estimator: Estimator
  /// What is given of it.
  public var form: Form

  /// The alignment by an estimator; `angular` is meant for the biased one, which lies in 0...1.
  public init(_ estimator: Estimator = .debiased, form: Form = .score) {
    (self.estimator, self.form) = (estimator, form)
  }

  /// What is computed.
  public var convention: MetricConvention {
    var properties: Set<MetricConvention.Property> = [
      .symmetric, .orthogonalInvariance, .scaleInvariance, .translationInvariance, .permutationInvariance,
      .signInvariance,
    ]
    if form == .angular {
      properties.insert(.zeroOnItself)
      // The biased alignment is the cosine of two vectors, the centred Gram matrices; the debiased one leaves their diagonals
      // out after centring, which is an inner product as well, but noise takes its values below the cosine's range.
      if estimator == .biased { properties.insert(.triangleInequality) }
    }
    let name = "cka_\(estimator.rawValue)" + (form == .angular ? "_angular" : "")
    let hsic =
      estimator == .biased
      ? "biased HSIC (Gretton et al. 2005)" : "unbiased HSIC in numerator and denominator (Song et al. 2012)"
    return MetricConvention(
      name: name, level: .representation,
      text: "linear kernels, columns centred, \(hsic)"
        + (form == .angular ? "; arccos of the score, radians" : "; the score, 1 for equals"),
      properties: properties, isSimilarity: form == .score)
  }

  /// The alignment.
  ///
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below four samples for the debiased form, and
  ///   ``DegeneracyError/noVariation(object:)`` if a network's own estimate is not positive.
  public func compare(
    _ pair: RepresentationPair, _ first: Void, _ second: Void
  ) throws(DegeneracyError) -> DirectedValue {
    let norm = pair.product.frobeniusNorm
    let score: Double
    switch estimator {
    case .biased:
      score = min(1, norm / pair.a.scatterNorm * (norm / pair.b.scatterNorm))
    case .debiased:
      let m = pair.a.samples
      guard m >= 4 else { throw .tooFew(object: "samples for debiased alignment", needed: 4, found: m) }
      let own = try [pair.a, pair.b].map { (network) throws(DegeneracyError) in
        let squares = network.squaredLengths.reduce(0) { $0 + $1 * $1 }
        let value = unbiasedDependence(
          product: network.scatterNorm, lengths: squares, first: network, second: network)
        guard value > 0 else { throw .noVariation(object: network.name) }
        return value
      }
      let joint = unbiasedDependence(
        product: norm, lengths: pair.lengthProduct, first: pair.a, second: pair.b)
      score = joint / own[0].squareRoot() / own[1].squareRoot()
    }
    return DirectedValue(form == .score ? score : .acos(max(-1, min(1, score))))
  }
}

/// m (m - 3) times Song et al.'s estimator, of centred states.
///
/// With K~ the Gram matrix without its diagonal: tr(K~L~) = ||X'Y||² - sum k_i l_i, 1'K~1 = -sum k_i and
/// 1'K~L~1 = sum k_i l_i, where k_i = |x_i|².
private func unbiasedDependence(
  product: Double, lengths: Double, first: RepresentationFactors, second: RepresentationFactors
) -> Double {
  let m = Double(first.samples)
  return product * product - lengths + first.sumOfSquares * second.sumOfSquares / ((m - 1) * (m - 2))
    - 2 * lengths / (m - 2)
}
