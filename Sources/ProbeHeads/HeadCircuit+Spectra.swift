public import ComplexModule
public import ProbeLinearAlgebra
public import RealModule

/// Eigenvalues of a head's circuits, all from `dimension x dimension` matrices.
///
/// AB and BA have the same eigenvalues but for zeros, so W_V W_O, of width x width, has those of W_O W_V;
/// likewise through the embedding and the unembedding (Elhage et al. 2021, "A mathematical framework for
/// transformer circuits"). The zeros that are certain are left out: at most `min(width, dimension)` values
/// come back, by decreasing modulus.
extension HeadCircuit {
  /// The eigenvalues of the OV circuit W_V W_O.
  ///
  /// - Returns: the values that are not certainly zero.
  /// - Throws: ``LinearAlgebraError`` if the iteration fails.
  /// - Complexity: O(width dimension² + dimension³).
  public func outputValueEigenvalues() throws(LinearAlgebraError) -> [Complex<Double>] {
    try eigenvalues(output * value)
  }

  /// The eigenvalues of the QK circuit W_Q W_Kᵀ.
  ///
  /// - Returns: the values that are not certainly zero.
  /// - Throws: ``LinearAlgebraError`` if the iteration fails.
  /// - Complexity: O(width dimension² + dimension³).
  public func queryKeyEigenvalues() throws(LinearAlgebraError) -> [Complex<Double>] {
    try eigenvalues(key.transposed * query)
  }

  /// The eigenvalues of the full OV circuit W_E W_V W_O W_U, vocabulary to vocabulary.
  ///
  /// - Parameter product: W_U W_E `[width, width]`, taken once a model; see ``VocabularyProduct``.
  /// - Returns: the values that are not certainly zero.
  /// - Throws: ``LinearAlgebraError`` if the iteration fails.
  /// - Complexity: O(width² dimension + dimension³).
  public func fullOutputValueEigenvalues(
    _ product: VocabularyProduct
  ) throws(LinearAlgebraError) -> [Complex<Double>] {
    try eigenvalues(output * (product.matrix * value))
  }

  /// The eigenvalues of the full QK circuit W_E W_Q W_Kᵀ W_Eᵀ, vocabulary to vocabulary.
  ///
  /// - Parameter product: W_Eᵀ W_E `[width, width]`: the embedding with itself.
  /// - Returns: the values that are not certainly zero.
  /// - Throws: ``LinearAlgebraError`` if the iteration fails.
  /// - Complexity: O(width² dimension + dimension³).
  public func fullQueryKeyEigenvalues(
    _ product: VocabularyProduct
  ) throws(LinearAlgebraError) -> [Complex<Double>] {
    try eigenvalues(key.transposed * (product.matrix * query))
  }

  private func eigenvalues(_ matrix: Matrix<Double>) throws(LinearAlgebraError) -> [Complex<Double>] {
    Array(try EigenDecomposition(matrix, vectors: false).values.prefix(min(width, matrix.rows)))
  }
}

/// How far a circuit copies: the sum of its eigenvalues over the sum of their moduli.
///
/// 1 where all are positive (copying), -1 where all are negative, about 0 for a permutation (Elhage et al.
/// 2021).
///
/// - Returns: nil where all are zero.
public func copyingScore(_ eigenvalues: [Complex<Double>]) -> Double? {
  let moduli = eigenvalues.reduce(0) { $0 + $1.length }
  return moduli > 0 ? eigenvalues.reduce(0) { $0 + $1.real } / moduli : nil
}
