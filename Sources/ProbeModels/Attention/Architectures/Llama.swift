/// Llama: rotary positions, root-mean-square norms, gated perceptrons, grouped keys and values.
///
/// Touvron et al., arXiv 2302.13971, section 2.2; grouped-query attention: Ainslie et al., arXiv 2305.13245.
enum Llama: Architecture {
  static let modelTypes = ["llama"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let width = try configuration.integer("hidden_size")
    let heads = try configuration.integer("num_attention_heads")
    let groups = try configuration.integer("num_key_value_heads", default: heads)
    let layers = try configuration.integer("num_hidden_layers")
    let size = try configuration.integer("head_dim", default: width / heads)
    let hidden = try configuration.integer("intermediate_size")
    let vocabulary = try configuration.integer("vocab_size")
    let positions = try configuration.integer("max_position_embeddings", default: 2048)
    let epsilon = try configuration.number("rms_norm_eps", default: 1e-6)
    let activation = try configuration.activation("hidden_act", default: "silu")
    let attentionBias = try configuration.flag("attention_bias", default: false)
    let mlpBias = try configuration.flag("mlp_bias", default: false)
    let rotary = try RotaryEmbedding.configured(configuration, headSize: size, positions: positions)
    let prefix = tensors.prefix(["model.", ""], probing: "embed_tokens.weight")

    var blocks: [AttentionBlock] = []
    for layer in 0..<layers {
      let name = "\(prefix)layers.\(layer)."
      func linear(_ part: String, _ outputs: Int, _ inputs: Int, _ bias: Bool) throws(ModelError)
        -> LinearLayer
      {
        try tensors.linear(name + part, outputs: outputs, inputs: inputs, bias: bias)
      }
      let attention = AttentionLayer(
        heads: heads, keyValueHeads: groups, headSize: size,
        query: try linear("self_attn.q_proj", heads * size, width, attentionBias),
        key: try linear("self_attn.k_proj", groups * size, width, attentionBias),
        value: try linear("self_attn.v_proj", groups * size, width, attentionBias),
        output: try linear("self_attn.o_proj", width, heads * size, attentionBias), rotary: rotary)
      let mlp = MLPLayer(
        up: try linear("mlp.up_proj", hidden, width, mlpBias),
        gate: try linear("mlp.gate_proj", hidden, width, mlpBias),
        down: try linear("mlp.down_proj", width, hidden, mlpBias), activation: activation)
      blocks.append(
        AttentionBlock(
          attentionNorm: try tensors.rmsNorm(name + "input_layernorm", count: width, epsilon: epsilon),
          attention: attention,
          mlpNorm: try tensors.rmsNorm(name + "post_attention_layernorm", count: width, epsilon: epsilon),
          mlp: mlp))
    }
    let embedding = try tensors.matrix(prefix + "embed_tokens.weight", outputs: vocabulary, inputs: width)
    let isTied = try configuration.flag("tie_word_embeddings", default: false)
    let hasHead = tensors.has("lm_head.weight") && !isTied
    // A bare model has no head of its own; where it is not tied it has no logits.
    let head =
      hasHead
      ? try tensors.matrix("lm_head.weight", outputs: vocabulary, inputs: width)
      : (isTied ? embedding : nil)
    return AttentionModel.Parts(
      embedding: TokenEmbedding(tokens: embedding), blocks: blocks,
      finalNorm: try tensors.rmsNorm(prefix + "norm", count: width, epsilon: epsilon),
      head: head.map { OutputHead(unembedding: LinearLayer(weight: $0)) },
      // Dynamic scaling is for contexts beyond the trained ones.
      maximumPositions: rotary.dependence == .none ? positions : nil)
  }
}
