internal import ProbeLinearAlgebra

/// Whether one group of networks is more spread out, and so more degenerate, than another.
///
/// Each group's mean distance is compared through its networks' pseudo-values, as if those were independent
/// observations, by a ``MeanDifferenceTest``. Distances between groups are not needed, so groups may be trained on different
/// tasks.
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
  /// The smallest true difference that a test finds, as ``MeanDifferenceTest/detectableDifference`` says.
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
    let (a, b) = (try MeanDistance(first), try MeanDistance(second))
    let test = MeanDifferenceTest(
      a.pseudoValues, b.pseudoValues, means: (a.mean, b.mean), permutations: permutations, seed: seed)
    (difference, standardError) = (test.difference, test.standardError)
    (low, high) = (test.low, test.high)
    (pValue, effectSize) = (test.pValue, test.effectSize)
    detectableDifference = test.detectableDifference
  }
}

/// A Fisher-Yates shuffle by the package's own generator.
func shuffle<Element>(_ items: inout [Element], _ generator: inout RandomGenerator) {
  for index in stride(from: items.count - 1, to: 0, by: -1) {
    items.swapAt(index, generator.integer(below: index + 1))
  }
}
