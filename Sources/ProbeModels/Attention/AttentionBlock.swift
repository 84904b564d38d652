/// One block of a transformer, assembled from parts.
///
/// With every optional part absent but the two leading norms it is the pre-norm block x + attention(norm x), then
/// x + mlp(norm x). Post-norm blocks (BERT) have the norms after the sums; Gemma 2 has further ones on the outputs of
/// attention and perceptron; GPT-NeoX reads both from the same x; DINOv2 scales both outputs.
public struct AttentionBlock: Sendable {
  /// Before attention, or nil.
  public var attentionNorm: Normalization?
  /// Attention.
  public var attention: AttentionLayer
  /// On the output of attention, or nil.
  public var attentionOutputNorm: Normalization?
  /// The factor of each element of the output of attention, or nil.
  public var attentionScale: [Float]?
  /// After the output of attention is added, or nil.
  public var middleNorm: Normalization?
  /// Before the perceptron, or nil.
  public var mlpNorm: Normalization?
  /// The perceptron.
  public var mlp: MLPLayer
  /// On the output of the perceptron, or nil.
  public var mlpOutputNorm: Normalization?
  /// The factor of each element of the output of the perceptron, or nil.
  public var mlpScale: [Float]?
  /// After the output of the perceptron is added, or nil.
  public var finalNorm: Normalization?
  /// Whether attention and perceptron read the same residual.
  public var isParallel: Bool

  /// A pre-norm block.
  public init(
    attentionNorm: Normalization?, attention: AttentionLayer, mlpNorm: Normalization?, mlp: MLPLayer,
    isParallel: Bool = false
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.mlpNorm = mlpNorm
    self.mlp = mlp
    self.isParallel = isParallel
  }
}
