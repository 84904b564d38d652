internal import RealModule

/// The mean distance among networks, with an interval that counts networks and not pairs.
///
/// The mean over pairs is a U-statistic of order two: pairs that share a network are not independent, and
/// resampling pairs makes intervals far too short. Leaving out one network at a time gives the pseudo-values n
/// U - (n - 1) U_-i, whose variance over n is the jackknife's (Arvesen 1969, doi:10.1214/aoms/1177697287); the
/// interval takes Student's t with n - 1 degrees of freedom.
public struct MeanDistance: Sendable, Equatable {
  /// The mean over pairs.
  public let mean: Double
  /// The jackknife's standard error.
  public let standardError: Double
  /// The interval's lower end; not cut off at 0.
  public let low: Double
  /// The interval's upper end.
  public let high: Double
  /// One number a network; their mean is `mean`, and they are nearly independent.
  public let pseudoValues: [Double]

  /// The mean and its interval.
  ///
  /// - Parameters:
  ///   - distances: among the networks of one group.
  ///   - level: the nominal coverage.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below three networks: leaving one of two out leaves no pair.
  /// - Complexity: O(n²).
  public init(_ distances: PairMatrix, level: Double = 0.95) throws(DegeneracyError) {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    try distances.require(networks: 3)
    let n = Double(distances.count)
    let mean = distances.mean
    // U_-i = (n U - 2 m_i) / (n - 2) with network i's mean distance m_i, so the pseudo-value is U + 2 (n-1)/(n-2) (m_i - U).
    let pseudoValues = distances.meanOfEach.map { mean + 2 * (n - 1) / (n - 2) * ($0 - mean) }
    let variance = pseudoValues.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let error = (variance / n).squareRoot()
    let reach = StudentDistribution.quantile((1 + level) / 2, freedom: n - 1) * error
    (self.mean, standardError, low, high) = (mean, error, mean - reach, mean + reach)
    self.pseudoValues = pseudoValues
  }
}
