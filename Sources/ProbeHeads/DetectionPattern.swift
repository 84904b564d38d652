import ProbeLinearAlgebra

/// TransformerLens' scores of a head against a pattern of zeros and ones (`detect_head`).
///
/// Kept beside our own so that published figures can be compared; they differ in their denominators. The list
/// of prompts, if there is one, is averaged by the caller.
public enum DetectionPattern: String, Sendable, CaseIterable {
  /// One at (i, i - 1).
  case previousToken
  /// One at (i, j) for j < i with the same token.
  case duplicateToken
  /// `duplicateToken` moved one key on, so that (i, i) is one where a token follows itself.
  case induction

  /// How agreement is measured.
  public enum Measure: String, Sendable, CaseIterable {
    /// The share of all attention that falls on ones: sum(A P) / sum(A).
    case share = "mul"
    /// 1 - n mean|A - P|, the second term rounded to three decimals as published.
    case absoluteError = "abs"
  }

  /// Scores a head.
  ///
  /// - Parameters:
  ///   - pattern: A, of n tokens.
  ///   - measure: how agreement is measured.
  ///   - excludesFirst: whether the first key (the BOS) is left out of the sums, though not of n.
  ///   - excludesCurrent: whether the diagonal is.
  /// - Returns: nil where the measure divides zero by zero.
  /// - Complexity: O(n²).
  public func score(
    _ pattern: DensePattern, measure: Measure = .share, excludesFirst: Bool = false,
    excludesCurrent: Bool = false
  ) -> Double? {
    var (onPattern, all, error) = (0.0, 0.0, 0.0)
    for query in 0..<pattern.count {
      for key in 0...query {
        if excludesFirst && key == 0 || excludesCurrent && key == query { continue }
        let weight = pattern.weights[query, key]
        let isOne = expects(pattern.tokens, query: query, key: key)
        all += weight
        if isOne { onPattern += weight }
        error += abs(weight - (isOne ? 1 : 0))
      }
    }
    switch measure {
    case .share: return all != 0 ? onPattern / all : nil
    case .absoluteError:
      guard pattern.count > 0 else { return nil }
      return 1 - (error / Double(pattern.count) * 1000).rounded(.toNearestOrEven) / 1000
    }
  }

  private func expects(_ tokens: [Int], query: Int, key: Int) -> Bool {
    switch self {
    case .previousToken: key + 1 == query
    case .duplicateToken: key < query && tokens[key] == tokens[query]
    case .induction: key > 0 && tokens[key - 1] == tokens[query]
    }
  }
}
