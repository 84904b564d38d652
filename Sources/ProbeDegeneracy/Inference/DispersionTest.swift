internal import ProbeLinearAlgebra
internal import RealModule

/// Whether one group of networks is more spread out, and so more degenerate, than another.
///
/// Each group's mean distance is compared through its networks' pseudo-values, as if those were independent
/// observations, by Welch's statistic. Group labels of networks are permuted after each group's mean has been
/// subtracted; studentised, the permutation test holds its level where groups differ in variance too (Janssen
/// 1997, doi:10.1016/S0167-7152(97)00043-6). Distances between groups are not needed, so groups may be trained
/// on different tasks.
public struct DispersionTest: Sendable, Equatable {
  /// The first group's mean distance less the second's.
  public let difference: Double
  /// Its standard error.
  public let standardError: Double
  /// The interval at 95 % of Welch's t.
  public let low: Double
  /// Its upper end.
  public let high: Double
  /// Two-sided, (1 + as extreme permutations) / (1 + permutations).
  public let pValue: Double
  /// Hedges' g of the pseudo-values: the difference in standard deviations of a network's share in its group's mean.
  public let effectSize: Double
  /// The smallest true difference that a two-sided test at 5 % finds with probability 80 % with these numbers
  /// of networks and these variances: (t_0.975 + t_0.8) standard errors (Bloom 1995,
  /// doi:10.1177/0193841X9501900504).
  public let detectableDifference: Double

  /// Compares two groups.
  ///
  /// - Parameters:
  ///   - first: distances within the first group.
  ///   - second: distances within the second group.
  ///   - permutations: how many labellings are drawn.
  ///   - seed: of the labellings.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` if a group has fewer than three networks.
  /// - Complexity: O(n²) and O(n) a permutation.
  public init(
    _ first: PairMatrix, _ second: PairMatrix, permutations: Int = 9999, seed: UInt64 = 0
  ) throws(DegeneracyError) {
    precondition(permutations >= 1, "a test needs a permutation")
    let (a, b) = (try MeanDistance(first), try MeanDistance(second))
    let observed = welch(a.pseudoValues[...], b.pseudoValues[...])
    difference = a.mean - b.mean
    standardError = observed.error
    let reach = StudentDistribution.quantile(0.975, freedom: observed.freedom) * observed.error
    (low, high) = (difference - reach, difference + reach)
    let count = Double(a.pseudoValues.count + b.pseudoValues.count)
    let pooled =
      (variance(a.pseudoValues[...]) * Double(a.pseudoValues.count - 1)
        + variance(b.pseudoValues[...]) * Double(b.pseudoValues.count - 1)) / (count - 2)
    effectSize = pooled > 0 ? difference / pooled.squareRoot() * (1 - 3 / (4 * count - 9)) : 0
    detectableDifference =
      (StudentDistribution.quantile(0.975, freedom: observed.freedom)
        + StudentDistribution.quantile(0.8, freedom: observed.freedom)) * observed.error
    var residuals = a.pseudoValues.map { $0 - a.mean } + b.pseudoValues.map { $0 - b.mean }
    var generator = RandomGenerator(seed: seed)
    var extreme = 0
    // Sums in another order differ by rounding; a tie is a tie.
    let threshold = abs(observed.statistic) * (1 - 1e-12)
    for _ in 0..<permutations {
      shuffle(&residuals, &generator)
      let split = a.pseudoValues.count
      if abs(welch(residuals[..<split], residuals[split...]).statistic) >= threshold { extreme += 1 }
    }
    pValue = Double(1 + extreme) / Double(1 + permutations)
  }
}

/// Welch's statistic, its standard error and degrees of freedom.
private func welch(
  _ a: ArraySlice<Double>, _ b: ArraySlice<Double>
) -> (statistic: Double, error: Double, freedom: Double) {
  let (x, y) = (variance(a) / Double(a.count), variance(b) / Double(b.count))
  let error = (x + y).squareRoot()
  let difference = a.reduce(0, +) / Double(a.count) - b.reduce(0, +) / Double(b.count)
  let denominator = x * x / Double(a.count - 1) + y * y / Double(b.count - 1)
  let freedom = denominator > 0 ? (x + y) * (x + y) / denominator : Double(a.count + b.count - 2)
  let statistic = error > 0 ? difference / error : (difference == 0 ? 0 : .infinity)
  return (statistic, error, freedom)
}

private func variance(_ values: ArraySlice<Double>) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}

/// A Fisher-Yates shuffle by the package's own generator.
func shuffle<Element>(_ items: inout [Element], _ generator: inout RandomGenerator) {
  for index in stride(from: items.count - 1, to: 0, by: -1) {
    items.swapAt(index, generator.integer(below: index + 1))
  }
}
