/// What turns tokens into the first residual.
public struct TokenEmbedding: Sendable {
  /// `[vocabulary, width]`.
  public var tokens: WeightMatrix
  /// Multiplied onto the tokens' rows (Gemma: the root of the width).
  public var scale: Float?
  /// `[positions, width]`, added, or nil.
  public var positions: WeightMatrix?
  /// Added to every row, or nil: BERT's type 0.
  public var typeRow: [Float]?
  /// Applied to the sum, or nil.
  public var norm: Normalization?

  /// An embedding.
  public init(
    tokens: WeightMatrix, scale: Float? = nil, positions: WeightMatrix? = nil, typeRow: [Float]? = nil,
    norm: Normalization? = nil
  ) {
    self.tokens = tokens
    self.scale = scale
    self.positions = positions
    self.typeRow = typeRow
    self.norm = norm
  }

  /// Writes the rows of a run of tokens, `[tokens.count, width]`.
  func write<Scalar: AttentionScalar>(
    _ ids: ArraySlice<Int>, firstPosition: Int, into target: UnsafeMutablePointer<Scalar>
  ) {
    let width = tokens.inputs
    var row = [Scalar](repeating: 0, count: width)
    let type = typeRow.map { $0.map { Scalar($0) } }
    for (index, token) in ids.enumerated() {
      let place = target + index * width
      tokens.copyRow(token, into: place)
      if let scale { Scalar.scale(Scalar(scale), place, count: width) }
      if let type { Scalar.add(type, into: place, count: width) }
      if let positions {
        row.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          positions.copyRow(firstPosition + index, into: base)
          Scalar.add(base, into: place, count: width)
        }
      }
    }
    norm?.apply(target, pieces: ids.count, into: target)
  }
}

/// What turns the last residual into logits.
public struct OutputHead: Sendable {
  /// BERT's dense layer, activation and norm before the decoder.
  public struct Transform: Sendable {
    /// The dense layer.
    public let dense: LinearLayer
    /// Its activation.
    public let activation: Activation
    /// The norm after it.
    public let norm: Normalization

    /// A transform.
    public init(dense: LinearLayer, activation: Activation, norm: Normalization) {
      self.dense = dense
      self.activation = activation
      self.norm = norm
    }
  }

  /// Before the logits, or nil.
  public var transform: Transform?
  /// `[vocabulary, width]`.
  public var unembedding: LinearLayer
  /// Logits are `cap tanh(logit / cap)`, or nil.
  public var softCap: Double?

  /// A head.
  public init(unembedding: LinearLayer, transform: Transform? = nil, softCap: Double? = nil) {
    self.unembedding = unembedding
    self.transform = transform
    self.softCap = softCap
  }
}
