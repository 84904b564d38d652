internal import ProbeLinearAlgebra

/// Whether the means of two groups of independent values differ.
///
/// Welch's statistic, whose labels are permuted after each group's mean has been subtracted; studentised, the permutation test
/// holds its level where groups differ in variance too (Janssen 1997, doi:10.1016/S0167-7152(97)00043-6).
public struct MeanDifferenceTest: Sendable, Equatable {
  /// The first group's mean less the second's.
  public let difference: Double
  /// Its standard error.
  public let standardError: Double
  /// The interval at 95 % of Welch's t.
  public let low: Double
  /// Its upper end.
  public let high: Double
  /// Two-sided, (1 + as extreme permutations) / (1 + permutations).
  public let pValue: Double
  /// Hedges' g: the difference in pooled standard deviations, less its bias in small groups; 0 where nothing varies.
  public let effectSize: Double
  /// The smallest true difference that a two-sided test at 5 % finds with probability 80 % with these numbers
  /// of values and these variances: (t_0.975 + t_0.8) standard errors (Bloom 1995,
  /// doi:10.1177/0193841X9501900504).
  public let detectableDifference: Double

  /// Compares two groups.
  ///
  /// - Parameters:
  ///   - first: the first group's values, one a network.
  ///   - second: the second group's.
  ///   - permutations: how many labellings are drawn.
  ///   - seed: of the labellings.
  /// - Throws: ``DegeneracyError`` if a group has fewer than two values, or one that is not finite.
  /// - Complexity: O(n) a permutation.
  public init(
    _ first: [Double], _ second: [Double], permutations: Int = 9999, seed: UInt64 = 0
  ) throws(DegeneracyError) {
    try requireSample(first, "values of the first group")
    try requireSample(second, "values of the second group")
    self.init(
      first, second,
      means: (first.reduce(0, +) / Double(first.count), second.reduce(0, +) / Double(second.count)),
      permutations: permutations, seed: seed)
  }

  /// Compares two groups whose means are known by a shorter way than a sum over their values.
  init(
    _ first: [Double], _ second: [Double], means: (Double, Double), permutations: Int, seed: UInt64
  ) {
    precondition(permutations >= 1, "a test needs a permutation")
    let observed = welch(first[...], second[...])
    difference = means.0 - means.1
    standardError = observed.error
    let reach = StudentDistribution.quantile(0.975, freedom: observed.freedom) * observed.error
    (low, high) = (difference - reach, difference + reach)
    let count = Double(first.count + second.count)
    let pooled =
      (sampleVariance(first[...]) * Double(first.count - 1)
        + sampleVariance(second[...]) * Double(second.count - 1)) / (count - 2)
    effectSize = pooled > 0 ? difference / pooled.squareRoot() * (1 - 3 / (4 * count - 9)) : 0
    detectableDifference =
      (StudentDistribution.quantile(0.975, freedom: observed.freedom)
        + StudentDistribution.quantile(0.8, freedom: observed.freedom)) * observed.error
    var residuals = first.map { $0 - means.0 } + second.map { $0 - means.1 }
    var generator = RandomGenerator(seed: seed)
    var extreme = 0
    // Sums in another order differ by rounding; a tie is a tie.
    let threshold = abs(observed.statistic) * (1 - 1e-12)
    for _ in 0..<permutations {
      shuffle(&residuals, &generator)
      if abs(welch(residuals[..<first.count], residuals[first.count...]).statistic) >= threshold {
        extreme += 1
      }
    }
    pValue = Double(1 + extreme) / Double(1 + permutations)
  }
}

/// Welch's statistic, its standard error and degrees of freedom.
private func welch(
  _ a: ArraySlice<Double>, _ b: ArraySlice<Double>
) -> (statistic: Double, error: Double, freedom: Double) {
  let (x, y) = (sampleVariance(a) / Double(a.count), sampleVariance(b) / Double(b.count))
  let error = (x + y).squareRoot()
  let difference = a.reduce(0, +) / Double(a.count) - b.reduce(0, +) / Double(b.count)
  let denominator = x * x / Double(a.count - 1) + y * y / Double(b.count - 1)
  let freedom = denominator > 0 ? (x + y) * (x + y) / denominator : Double(a.count + b.count - 2)
  let statistic = error > 0 ? difference / error : (difference == 0 ? 0 : .infinity)
  return (statistic, error, freedom)
}
