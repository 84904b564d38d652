public import ProbeLinearAlgebra

/// The four weight matrices of one attention head, in f64.
///
/// Row vectors: a residual-stream row x gives the query x W_Q, the key x W_K, the value x W_V and, attended
/// to, the output x W_V W_O. Grouped heads share key and value. Biases and positions are not part of it; a
/// norm before the head is, where its weights were folded in.
public struct HeadCircuit: Sendable, Equatable {
  /// W_Q `[width, dimension]`.
  public let query: Matrix<Double>
  /// W_K `[width, dimension]`.
  public let key: Matrix<Double>
  /// W_V `[width, dimension]`.
  public let value: Matrix<Double>
  /// W_O `[dimension, width]`.
  public let output: Matrix<Double>

  /// Checks shapes and numbers and wraps a head.
  ///
  /// The head dimension of values may differ from that of queries and keys.
  ///
  /// - Throws: ``HeadsError`` where shapes do not fit or a weight is not finite.
  public init(
    query: Matrix<Double>, key: Matrix<Double>, value: Matrix<Double>, output: Matrix<Double>
  ) throws(HeadsError) {
    func require(_ name: String, _ matrix: Matrix<Double>, _ rows: Int, _ columns: Int) throws(HeadsError) {
      guard matrix.rows == rows && matrix.columns == columns else {
        throw .shapeMismatch(
          object: "a head's \(name) weight", expected: "\(rows) x \(columns)",
          found: "\(matrix.rows) x \(matrix.columns)")
      }
      if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(
          object: "a head's \(name) weight", row: index / max(1, columns), column: index % max(1, columns))
      }
    }
    try require("query", query, query.rows, query.columns)
    try require("key", key, query.rows, query.columns)
    try require("value", value, query.rows, value.columns)
    try require("output", output, value.columns, query.rows)
    self.query = query
    self.key = key
    self.value = value
    self.output = output
  }

  /// The width of the residual stream.
  public var width: Int { query.rows }

  /// The head with a norm's weights folded in: row i of W_Q, W_K and W_V times `normWeight[i]`.
  ///
  /// - Precondition: `normWeight` has `width` entries.
  public func folding(normWeight: [Double]) throws(HeadsError) -> HeadCircuit {
    precondition(normWeight.count == width, "a norm has as many weights as the residual stream is wide")
    func scaled(_ matrix: Matrix<Double>) -> Matrix<Double> {
      var result = matrix
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns { result[row, column] *= normWeight[row] }
      }
      return result
    }
    return try HeadCircuit(query: scaled(query), key: scaled(key), value: scaled(value), output: output)
  }
}
