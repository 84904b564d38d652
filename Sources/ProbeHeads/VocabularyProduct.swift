public import ProbeLinearAlgebra

/// A product over the vocabulary, Σ_t (left row t)ᵀ (right row t), taken block by block.
///
/// With unembedding rows on the left and embedding rows on the right it is W_U W_E, with embedding rows on
/// both sides W_Eᵀ W_E. The vocabulary's matrices need never be whole in f64.
public struct VocabularyProduct: Sendable {
  /// `[width, width]`.
  public private(set) var matrix: Matrix<Double>

  /// The empty product.
  public init(width: Int) {
    matrix = Matrix(rows: width, columns: width)
  }

  /// Adds a block of the vocabulary.
  ///
  /// - Parameters:
  ///   - left: `[block, width]`, such as rows of `lm_head.weight`.
  ///   - right: `[block, width]`, the same tokens' rows of the embedding.
  /// - Complexity: O(block width²).
  public mutating func add(left: Matrix<Double>, right: Matrix<Double>) {
    let width = matrix.rows
    precondition(
      left.columns == width && right.columns == width && left.rows == right.rows,
      "both blocks hold the same tokens, each row as wide as the residual stream")
    guard left.rows > 0 && width > 0 else { return }
    Double.multiply(
      rows: width, columns: width, inner: left.rows, alpha: 1,
      left.elements, stride: width, transposed: true,
      right.elements, stride: width, transposed: false,
      beta: 1, into: &matrix.elements, stride: width)
  }

  /// Adds the product over other tokens.
  public mutating func add(_ other: VocabularyProduct) {
    precondition(other.matrix.rows == matrix.rows, "both products are of the same residual stream")
    for index in matrix.elements.indices { matrix.elements[index] += other.matrix.elements[index] }
  }
}
