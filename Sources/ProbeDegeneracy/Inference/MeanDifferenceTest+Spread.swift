internal import ProbeLinearAlgebra

extension MeanDifferenceTest {
  /// Whether one group of networks is more spread out, and so more degenerate, than another.
  ///
  /// Each group's mean distance is compared through its networks' pseudo-values, as if those were independent observations:
  /// `difference` is the first group's mean distance less the second's, `effectSize` in standard deviations of a network's share
  /// in its group's mean. Distances between groups are not needed, so groups may be trained on different tasks.
  ///
  /// - Parameters:
  ///   - first: distances within the first group.
  ///   - second: distances within the second group.
  ///   - permutations: how many labellings are drawn.
  ///   - seed: of the labellings.
  /// - Returns: the test.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` if a group has fewer than three networks.
  /// - Complexity: O(n²) and O(n) a permutation.
  public static func ofSpread(
    _ first: PairMatrix, _ second: PairMatrix, permutations: Int = 9999, seed: UInt64 = 0
  ) throws(DegeneracyError) -> MeanDifferenceTest {
    let (a, b) = (try MeanDistance(first), try MeanDistance(second))
    return MeanDifferenceTest(
      a.pseudoValues, b.pseudoValues, means: (a.mean, b.mean), permutations: permutations, seed: seed)
  }
}
