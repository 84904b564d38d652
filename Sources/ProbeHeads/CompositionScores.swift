import ProbeLinearAlgebra

/// How much of what one head writes another head, in a later layer, reads.
///
/// ‖W_V¹ W_O¹ M‖ / (‖W_V¹ W_O¹‖ ‖M‖) in Frobenius norms with M = W_Q² W_K²ᵀ for queries, its transpose for
/// keys and W_V² W_O² for values (Elhage et al. 2021, "A mathematical framework for transformer circuits",
/// section on virtual heads). Random matrices give about 1/√width, see ``CompositionBaseline``.
public struct CompositionScores: Sendable, Equatable {
  /// Q-composition; nil where a circuit is zero.
  public let query: Double?
  /// K-composition; nil where a circuit is zero.
  public let key: Double?
  /// V-composition; nil where a circuit is zero.
  public let value: Double?

  /// Scores a pair.
  ///
  /// - Parameters:
  ///   - writer: the earlier head.
  ///   - reader: the later head, on the same residual stream.
  /// - Complexity: O(width dimension²).
  public init(from writer: CompositionFactors, to reader: CompositionFactors) {
    func score(_ read: Matrix<Double>, _ outer: Matrix<Double>, _ norm: Double) -> Double? {
      guard writer.outputValueNorm > 0 && norm > 0 else { return nil }
      let product = writer.value * (writer.circuit.output * read) * outer.transposed
      return product.frobeniusNorm / writer.outputValueNorm / norm
    }
    query = score(reader.circuit.query, reader.key, reader.queryKeyNorm)
    key = score(reader.circuit.key, reader.query, reader.queryKeyNorm)
    value = score(reader.circuit.value, reader.output, reader.outputValueNorm)
  }
}

/// What composition scores come out at for heads of independent normal weights: the level to subtract.
public struct CompositionBaseline: Sendable, Equatable {
  /// The mean score over draws.
  public let mean: Double
  /// The standard deviation of one score, with n - 1; NaN for one draw.
  public let deviation: Double
  /// Number of pairs drawn.
  public let draws: Int

  /// Draws pairs of random heads.
  ///
  /// Q-, K- and V-composition have the same distribution, so one baseline serves all pairs of the same
  /// shapes.
  ///
  /// - Parameters:
  ///   - width: of the residual stream.
  ///   - dimension: of the heads.
  ///   - draws: pairs.
  ///   - seed: what they follow from.
  /// - Throws: ``LinearAlgebraError`` if LAPACK fails.
  public init(width: Int, dimension: Int, draws: Int = 20, seed: UInt64) throws {
    precondition(draws > 0 && width > 0 && dimension > 0, "a baseline needs draws of heads that have weights")
    let scores = try (0..<draws).map { draw in
      var random = RandomGenerator(seed: seed, stream: UInt64(draw))
      let pair = try (0..<2).map { _ in
        func normal(_ rows: Int, _ columns: Int) -> Matrix<Double> {
          Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
        }
        return try CompositionFactors(
          HeadCircuit(
            query: normal(width, dimension), key: normal(width, dimension), value: normal(width, dimension),
            output: normal(dimension, width)))
      }
      return CompositionScores(from: pair[0], to: pair[1]).value ?? 0
    }
    let mean = scores.reduce(0, +) / Double(draws)
    self.mean = mean
    self.draws = draws
    let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = draws > 1 ? (squares / Double(draws - 1)).squareRoot() : .nan
  }
}
