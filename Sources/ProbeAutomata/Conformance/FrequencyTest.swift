internal import Glibc

/// Whether counts could have been drawn from a distribution: the likelihood-ratio test, G = 2 Σ nᵢ ln(nᵢ / (n pᵢ)), which is
/// asymptotically chi-square (Wilks, Annals of Mathematical Statistics 9 (1938) 60).
public struct FrequencyTest: Sendable, Equatable {
  /// G; infinite where something was seen that the distribution holds to be impossible.
  public let statistic: Double
  /// The number of possible or seen outcomes less 1.
  public let degreesOfFreedom: Int
  /// The probability of a G as large, were the distribution the right one; 1 without counts.
  public let probability: Double

  /// Tests counts.
  ///
  /// - Precondition: as many counts as probabilities.
  public init(_ counts: [Int], against distribution: [Double]) {
    precondition(
      counts.count == distribution.count, "\(counts.count) counts of \(distribution.count) outcomes")
    let total = Double(counts.reduce(0, +))
    var sum = 0.0
    var outcomes = 0
    for (count, probability) in zip(counts, distribution) where count > 0 || probability > 0 {
      outcomes += 1
      if count > 0 { sum += 2 * Double(count) * log(Double(count) / (total * probability)) }
    }
    // Rounding may leave a perfect fit a little below 0.
    statistic = max(0, sum)
    degreesOfFreedom = max(0, outcomes - 1)
    probability =
      degreesOfFreedom == 0
      ? (sum == .infinity ? 0 : 1) : chiSquareSurvival(statistic, degreesOfFreedom: degreesOfFreedom)
  }
}
