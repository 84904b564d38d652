public import ProbeLinearAlgebra

/// One causal head's attention on one prompt, wholly in memory.
///
/// The plain definitions of the position scores stand on it, both as the reference for streaming code and for
/// prompts that are short enough. Row i is query i; it attends to keys 0...i.
public struct DensePattern: Sendable {
  /// `[query, key]`, zero above the diagonal.
  public let weights: Matrix<Double>
  /// The token at each position.
  public let tokens: [Int]

  /// Checks a pattern and wraps it.
  ///
  /// Rows need not sum to one exactly: patterns come in half precision, and some heads leave weight to a
  /// sink.
  ///
  /// - Throws: ``HeadsError`` where the pattern is not `[tokens, tokens]`, not finite, or not causal.
  /// - Complexity: O(positions²).
  public init(weights: Matrix<Double>, tokens: [Int]) throws(HeadsError) {
    let count = tokens.count
    guard weights.rows == count && weights.columns == count else {
      throw .shapeMismatch(
        object: "an attention pattern", expected: "\(count) x \(count), one row and column a token",
        found: "\(weights.rows) x \(weights.columns)")
    }
    for query in 0..<count {
      for key in 0..<count {
        let weight = weights[query, key]
        guard weight.isFinite else {
          throw .notFinite(object: "an attention pattern", row: query, column: key)
        }
        guard key <= query || weight == 0 else {
          throw .notCausal(query: query, key: key, weight: weight)
        }
      }
    }
    self.weights = weights
    self.tokens = tokens
  }

  /// Number of positions.
  public var count: Int { tokens.count }

  /// The same weights over the same tokens in random order: what a score would be if the head did not look at
  /// them.
  ///
  /// A control for the scores that compare tokens; how often each token occurs is kept.
  public func withPermutedTokens(seed: UInt64) -> DensePattern {
    var random = RandomGenerator(seed: seed)
    let order = random.sample(count, of: count)
    return DensePattern(checked: weights, tokens: order.map { tokens[$0] })
  }

  private init(checked weights: Matrix<Double>, tokens: [Int]) {
    self.weights = weights
    self.tokens = tokens
  }

  /// The mean over the queries at which a score is defined, or nil where it is defined at none.
  func mean(_ score: (_ query: Int) -> Double?) -> Double? {
    meanOfDefined((0..<count).map(score))
  }
}

/// The mean of the values that are there, or nil where there is none.
func meanOfDefined(_ values: [Double?]) -> Double? {
  let defined = values.compactMap { $0 }
  return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
}
