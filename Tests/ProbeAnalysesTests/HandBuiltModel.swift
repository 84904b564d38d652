import ProbeLinearAlgebra
import ProbeModels

/// A two-layer model on one-hot residuals, without norms, whose heads are set by formula.
///
/// The first perceptron is the identity on embeddings, relu(I x). Layer 0 has two heads that do nothing. In layer 1 head 0
/// writes the successor of what it reads in a cycle of all tokens, head 1 what it reads; both attend evenly.
enum HandBuiltModel {
  static func matrix(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> WeightMatrix {
    WeightMatrix(
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { value($0 / columns, $0 % columns) }))
  }

  static func linear(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> LinearLayer {
    LinearLayer(weight: matrix(rows, columns, value))
  }

  /// A model of `size` tokens; layer 1 adds `bias`.
  static func cycle(_ size: Int, bias: [Float]? = nil) -> AttentionModel {
    func block(
      attention: (_ output: Int, _ input: Int) -> Float, bias: [Float]? = nil, mlp: Float
    ) -> AttentionBlock {
      AttentionBlock(
        attentionNorm: nil,
        attention: AttentionLayer(
          heads: 2, headSize: size, query: linear(2 * size, size) { _, _ in 0 },
          key: linear(2 * size, size) { _, _ in 0 },
          value: linear(2 * size, size) { $0 % size == $1 ? 1 : 0 },
          output: LinearLayer(weight: matrix(size, 2 * size, attention), bias: bias)),
        mlpNorm: nil,
        mlp: MLPLayer(
          up: linear(size, size) { $0 == $1 ? mlp : 0 }, down: linear(size, size) { $0 == $1 ? 1 : 0 },
          activation: .relu))
    }
    let identity = matrix(size, size) { $0 == $1 ? 1 : 0 }
    return AttentionModel(
      identity: ModelIdentity(
        family: "hand-built", name: "cycle", configuration: "{}", source: "a test", sha256: ""),
      parts: AttentionModel.Parts(
        embedding: TokenEmbedding(tokens: identity),
        blocks: [
          block(attention: { _, _ in 0 }, mlp: 1),
          block(
            attention: { output, input in
              input < size
                ? (output == (input + 1) % size ? 1 : 0) : (output == input - size ? 1 : 0)
            }, bias: bias, mlp: 0),
        ], head: OutputHead(unembedding: LinearLayer(weight: identity)), maximumPositions: 64))
  }
}
