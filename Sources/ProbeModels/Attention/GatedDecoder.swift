/// What Llama and its descendants share: rotary positions, root-mean-square norms, gated perceptrons, grouped keys and
/// values.
///
/// Touvron et al., arXiv 2302.13971, section 2.2; grouped-query attention: Ainslie et al., arXiv 2305.13245. An
/// architecture sets what it does differently, and asks for the parts.
struct GatedDecoder {
  let configuration: ConfigurationFile
  let tensors: TensorCatalogue
  let width: Int
  let layers: Int
  let heads: Int
  let keyValueHeads: Int
  let headSize: Int
  /// Biases of queries, keys and values.
  var hasInputBias = false
  /// The bias of the output projection of attention.
  var hasOutputBias = false
  /// Biases of the perceptron.
  var hasMLPBias = false
  /// Whether queries and keys are normalised head by head.
  var hasHeadNorms = false
  /// Whether the outputs of attention and perceptron are normalised before they are added.
  var hasOutputNorms = false
  /// Added to the weights of all norms.
  var normOffset: Float = 0
  /// Multiplied onto the embedding.
  var embeddingScale: Float?
  /// What dot products are multiplied by, where it is not one over the root of the size of a head.
  var scale: Double?
  /// The cap of attention scores.
  var scoreCap: Double?
  /// The cap of logits.
  var logitCap: Double?
  /// How many keys the queries of each layer see; all of them where nil.
  var windows: [Int?]
  /// Whether the output head is the embedding where the configuration does not say.
  var isTiedByDefault = false
  var activation: Activation

  /// Reads the extents; what is not in the configuration is as given.
  init(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue, keyValueHeads: Int? = nil,
    headSize: Int? = nil
  ) throws(ModelError) {
    self.configuration = configuration
    self.tensors = tensors
    width = try configuration.integer("hidden_size")
    layers = try configuration.layers("num_hidden_layers")
    heads = try configuration.integer("num_attention_heads")
    let keyValueDefault = configuration.mentions("num_key_value_heads") ? heads : keyValueHeads ?? heads
    self.keyValueHeads = try configuration.integer("num_key_value_heads", default: keyValueDefault)
    guard heads > 0, self.keyValueHeads > 0, heads % self.keyValueHeads == 0 else {
      throw .choice(
        file: configuration.source,
        fault: "\(heads) query heads cannot share \(self.keyValueHeads) key and value heads evenly")
    }
    self.headSize = try configuration.integer("head_dim", default: headSize ?? width / heads)
    windows = Array(repeating: nil, count: layers)
    activation = try configuration.activation("hidden_act", default: "silu")
  }

  /// The windows that `layer_types` says, or, where the configuration has none, those of the layers for which `slides`.
  func layerWindows(_ window: Int?, slides: (Int) -> Bool) throws(ModelError) -> [Int?] {
    guard let kinds = configuration.strings("layer_types") else {
      return (0..<layers).map { slides($0) ? window : nil }
    }
    guard kinds.count == layers else {
      throw .choice(
        file: configuration.source, fault: "layer_types names \(kinds.count) layers; the model has \(layers)")
    }
    var windows: [Int?] = []
    for kind in kinds {
      switch kind {
      case "full_attention": windows.append(nil)
      case "sliding_attention":
        guard let window else { throw configuration.wrong("sliding_window", "a whole number") }
        windows.append(window)
      default:
        throw .choice(
          file: configuration.source,
          fault: "layer_types has '\(kind)'; known are full_attention and sliding_attention")
      }
    }
    return windows
  }

  /// Puts the parts together.
  func parts() throws(ModelError) -> AttentionModel.Parts {
    guard windows.allSatisfy({ $0.map { $0 > 0 } ?? true }) else {
      throw configuration.wrong("sliding_window", "a window of at least one key")
    }
    let trained = try configuration.integer("max_position_embeddings", default: 2048)
    let (rotary, positions) = try RotaryEmbedding.configured(
      configuration, headSize: headSize, positions: trained)
    let vocabulary = try configuration.integer("vocab_size")
    let prefix = tensors.prefix(["model.", ""], probing: "embed_tokens.weight")
    let embedding = try tensors.matrix(prefix + "embed_tokens.weight", outputs: vocabulary, inputs: width)
    var blocks: [AttentionBlock] = []
    for layer in 0..<layers {
      blocks.append(try block("\(prefix)layers.\(layer).", rotary: rotary, window: windows[layer]))
    }
    var head: WeightMatrix?
    if try configuration.flag("tie_word_embeddings", default: isTiedByDefault) {
      head = embedding
    } else if !prefix.isEmpty || tensors.has("lm_head.weight") {
      // Without a prefix it is a bare model, which may have no head.
      head = try tensors.matrix("lm_head.weight", outputs: vocabulary, inputs: width)
    }
    return AttentionModel.Parts(
      embedding: TokenEmbedding(tokens: embedding, scale: embeddingScale), blocks: blocks,
      finalNorm: try norm(prefix + "norm"),
      head: head.map { OutputHead(unembedding: LinearLayer(weight: $0), softCap: logitCap) },
      maximumPositions: positions)
  }

  private func block(
    _ name: String, rotary: RotaryEmbedding, window: Int?
  ) throws(ModelError) -> AttentionBlock {
    let (query, keyValue) = (heads * headSize, keyValueHeads * headSize)
    let hidden = try configuration.integer("intermediate_size")
    let attention = AttentionLayer(
      heads: heads, keyValueHeads: keyValueHeads, headSize: headSize,
      query: try linear(name + "self_attn.q_proj", query, width, hasInputBias),
      key: try linear(name + "self_attn.k_proj", keyValue, width, hasInputBias),
      value: try linear(name + "self_attn.v_proj", keyValue, width, hasInputBias),
      output: try linear(name + "self_attn.o_proj", width, query, hasOutputBias),
      queryNorm: hasHeadNorms ? try norm(name + "self_attn.q_norm", count: headSize) : nil,
      keyNorm: hasHeadNorms ? try norm(name + "self_attn.k_norm", count: headSize) : nil,
      rotary: rotary, scale: scale, softCap: scoreCap, window: window)
    let mlp = MLPLayer(
      up: try linear(name + "mlp.up_proj", hidden, width, hasMLPBias),
      gate: try linear(name + "mlp.gate_proj", hidden, width, hasMLPBias),
      down: try linear(name + "mlp.down_proj", width, hidden, hasMLPBias), activation: activation)
    // With output norms, "post attention" names the norm of attention's output; without, the one after the sum.
    let mlpNorm = hasOutputNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm"
    var block = AttentionBlock(
      attentionNorm: try norm(name + "input_layernorm"), attention: attention,
      mlpNorm: try norm(name + mlpNorm), mlp: mlp)
    if hasOutputNorms {
      block.attentionOutputNorm = try norm(name + "post_attention_layernorm")
      block.mlpOutputNorm = try norm(name + "post_feedforward_layernorm")
    }
    return block
  }

  private func linear(
    _ name: String, _ outputs: Int, _ inputs: Int, _ bias: Bool
  ) throws(ModelError) -> LinearLayer {
    try tensors.linear(name, outputs: outputs, inputs: inputs, bias: bias)
  }

  private func norm(_ name: String, count: Int? = nil) throws(ModelError) -> Normalization {
    try tensors.rmsNorm(
      name, count: count ?? width, epsilon: configuration.number("rms_norm_eps", default: 1e-6),
      offset: normOffset)
  }
}
