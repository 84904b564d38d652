public import ProbeLinearAlgebra

/// What is needed of a head to score how it composes with others.
///
/// A Frobenius norm does not change when an isometry stands outermost, so each tall factor is replaced by the
/// square one of its QR factorisation: ‖A M Bᵀ‖ = ‖R_A M R_Bᵀ‖. No `width x width` matrix is formed.
public struct CompositionFactors: Sendable {
  let circuit: HeadCircuit
  /// R of W_Q, W_K, W_V and W_Oᵀ.
  let query: Matrix<Double>
  let key: Matrix<Double>
  let value: Matrix<Double>
  let output: Matrix<Double>
  /// ‖W_V W_O‖.
  public let outputValueNorm: Double
  /// ‖W_Q W_Kᵀ‖.
  public let queryKeyNorm: Double

  /// Factorises a head.
  ///
  /// - Throws: ``LinearAlgebraError`` if LAPACK fails.
  /// - Complexity: O(width dimension²).
  public init(_ circuit: HeadCircuit) throws(LinearAlgebraError) {
    self.circuit = circuit
    query = try Self.triangle(circuit.query)
    key = try Self.triangle(circuit.key)
    value = try Self.triangle(circuit.value)
    output = try Self.triangle(circuit.output.transposed)
    outputValueNorm = (value * output.transposed).frobeniusNorm
    queryKeyNorm = (query * key.transposed).frobeniusNorm
  }

  /// R of a tall matrix, or the matrix itself where it is not tall.
  private static func triangle(_ matrix: Matrix<Double>) throws(LinearAlgebraError) -> Matrix<Double> {
    guard matrix.rows > matrix.columns else { return matrix }
    var orthonormal = matrix
    _ = try orthonormal.orthonormalize()
    return orthonormal.transposed * matrix
  }
}
