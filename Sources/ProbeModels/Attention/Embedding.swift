/// What turns tokens into the first residual.
public struct TokenEmbedding: Sendable {
  /// `[vocabulary, width]`.
  public var tokens: WeightMatrix
  /// Multiplied onto the tokens' rows (Gemma: the root of the width).
  public var scale: Float?
  /// `[positions, width]`, added, or nil.
  public var positions: WeightMatrix?
  /// `[types, width]`, added by the tokens' types, or nil: BERT's segments.
  public var types: [Float]?
  /// Applied to the sum, or nil.
  public var norm: Normalization?

  /// An embedding.
  public init(
    tokens: WeightMatrix, scale: Float? = nil, positions: WeightMatrix? = nil, types: [Float]? = nil,
    norm: Normalization? = nil
  ) {
    self.tokens = tokens
    self.scale = scale
    self.positions = positions
    self.types = types
    self.norm = norm
  }

  /// The number of types that tokens can have.
  public var typeCount: Int { types.map { $0.count / max(1, tokens.inputs) } ?? 1 }

  /// Writes the rows of a run of tokens, `[tokens.count, width]`; types beyond the end of `typeIDs` are 0.
  func write<Scalar: AttentionScalar>(
    _ ids: ArraySlice<Int>, typeIDs: [Int], firstPosition: Int, into target: UnsafeMutablePointer<Scalar>
  ) {
    let width = tokens.inputs
    var row = [Scalar](repeating: 0, count: width)
    let types = types.map { $0.map { Scalar($0) } }
    for (index, token) in ids.enumerated() {
      let place = target + index * width
      tokens.copyRow(token, into: place)
      if let scale { Scalar.scale(Scalar(scale), place, count: width) }
      if let types {
        let position = firstPosition + index
        let type = position < typeIDs.count ? typeIDs[position] : 0
        types.withUnsafeBufferPointer { table in
          guard let base = table.baseAddress else { return }
          Scalar.add(base + type * width, into: place, count: width)
        }
      }
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

  /// A second map, of the mean of all rows but the leading ones, whose result is added to every row's logits: DINOv2
  /// classifies by the class token and the mean of the patches.
  public struct MeanTerm: Sendable {
    /// The map.
    public let layer: LinearLayer
    /// The leading rows that are no patches.
    public let skipping: Int

    /// A term.
    public init(layer: LinearLayer, skipping: Int) {
      self.layer = layer
      self.skipping = skipping
    }
  }

  /// Before the logits, or nil.
  public var transform: Transform?
  /// Added to the logits, or nil; models that see the whole trial at once alone can have it.
  public var mean: MeanTerm?
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
