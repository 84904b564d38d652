/// Multi-head attention with grouped keys and values: the weights and constants of one block's attention.
public struct AttentionLayer: Sendable {
  /// The number of query heads.
  public let heads: Int
  /// The number of key and value heads; head h reads the keys of h / (heads / keyValueHeads).
  public let keyValueHeads: Int
  /// Dimensions of a head.
  public let headSize: Int
  /// `[heads * headSize, width]`.
  public let query: LinearLayer
  /// `[keyValueHeads * headSize, width]`.
  public let key: LinearLayer
  /// `[keyValueHeads * headSize, width]`.
  public let value: LinearLayer
  /// `[width, heads * headSize]`.
  public let output: LinearLayer
  /// Normalises each head's query before it turns, or nil.
  public let queryNorm: Normalization?
  /// Normalises each head's key before it turns, or nil.
  public let keyNorm: Normalization?
  /// Positions, or nil where they are added to the embedding.
  public let rotary: RotaryEmbedding?
  /// What dot products are multiplied by.
  public let scale: Double
  /// Scores are `cap tanh(score / cap)` before the mask, or nil.
  public let softCap: Double?
  /// A query sees this many keys, itself included, or all where nil.
  public let window: Int?
  /// Whether a query sees no later key.
  public let isCausal: Bool

  /// Multi-head attention.
  public init(
    heads: Int, keyValueHeads: Int? = nil, headSize: Int, query: LinearLayer, key: LinearLayer,
    value: LinearLayer, output: LinearLayer, queryNorm: Normalization? = nil, keyNorm: Normalization? = nil,
    rotary: RotaryEmbedding? = nil, scale: Double? = nil, softCap: Double? = nil, window: Int? = nil,
    isCausal: Bool = true
  ) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headSize = headSize
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.queryNorm = queryNorm
    self.keyNorm = keyNorm
    self.rotary = rotary
    self.scale = scale ?? 1 / Double(headSize).squareRoot()
    self.softCap = softCap
    self.window = window
    self.isCausal = isCausal
    precondition(self.heads % self.keyValueHeads == 0, "query heads come in equal groups")
  }

  /// The key and value head that a query head reads.
  public func keyValueHead(of head: Int) -> Int { head / (heads / keyValueHeads) }
}

extension AttentionLayer {
  /// Queries, keys and values of rows, normalised where the layer does, not yet turned.
  ///
  /// - Returns: `[rows, heads, headSize]`, and twice `[rows, keyValueHeads, headSize]`.
  func project<Scalar: AttentionScalar>(
    _ input: Buffer<Scalar>, rows: Int, threads: Int
  ) -> (queries: Buffer<Scalar>, keys: Buffer<Scalar>, values: Buffer<Scalar>) {
    let queries = Buffer<Scalar>(rows * heads * headSize)
    let keys = Buffer<Scalar>(rows * keyValueHeads * headSize)
    let values = Buffer<Scalar>(rows * keyValueHeads * headSize)
    query.apply(input.base, rows: rows, into: queries.base, threads: threads)
    key.apply(input.base, rows: rows, into: keys.base, threads: threads)
    value.apply(input.base, rows: rows, into: values.base, threads: threads)
    queryNorm?.apply(queries.base, pieces: rows * heads, into: queries.base)
    keyNorm?.apply(keys.base, pieces: rows * keyValueHeads, into: keys.base)
    return (queries, keys, values)
  }
}
