/// How many patterns a head averages over, seen as a modern Hopfield network.
///
/// Ramsauer et al. 2021 (arXiv 2008.02217, appendix A.5.1): by the median k of the number of keys that hold
/// 0.9 of the attention, out of N. Queries of a causal head see different numbers of keys, so the median is
/// of k / N, N = i + 1 at query i.
public enum HopfieldClass: String, Sendable, CaseIterable {
  /// k > N/2: averages over very many patterns.
  case averaging = "I"
  /// N/8 < k <= N/2: a large metastable state.
  case largeMetastable = "II"
  /// N/32 < k <= N/8: a medium metastable state.
  case mediumMetastable = "III"
  /// k <= N/32: a small metastable state or a single pattern.
  case singlePattern = "IV"

  /// The class of a share k / N.
  ///
  /// - Returns: nil for NaN.
  public init?(share: Double) {
    guard !share.isNaN else { return nil }
    self =
      share > 1 / 2
      ? .averaging : share > 1 / 8 ? .largeMetastable : share > 1 / 32 ? .mediumMetastable : .singlePattern
  }
}
