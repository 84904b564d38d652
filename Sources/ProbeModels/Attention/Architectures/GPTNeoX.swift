/// GPT-NeoX and Pythia: rotary positions on a share of each head's dimensions, attention and perceptron side by side.
///
/// Black et al., arXiv 2204.06745, section 2; Biderman et al., arXiv 2304.01373.
enum GPTNeoX: Architecture {
  static let modelTypes = ["gpt_neox"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let width = try configuration.integer("hidden_size")
    let heads = try configuration.integer("num_attention_heads")
    let size = try configuration.headSize(width: width, heads: heads)
    let layers = try configuration.layers("num_hidden_layers")
    let hidden = try configuration.integer("intermediate_size")
    let vocabulary = try configuration.integer("vocab_size")
    let epsilon = try configuration.number("layer_norm_eps", default: 1e-5)
    let activation = try configuration.activation("hidden_act", default: "gelu")
    let isParallel = try configuration.flag("use_parallel_residual", default: true)
    let hasBias = try configuration.flag("attention_bias", default: true)
    let (rotary, positions) = try RotaryEmbedding.configured(
      configuration, headSize: size,
      positions: configuration.integer("max_position_embeddings", default: 2048),
      base: configuration.number("rotary_emb_base", default: 10_000),
      share: configuration.number("rotary_pct", default: 0.25))
    let prefix = tensors.prefix(["gpt_neox.", ""], probing: "embed_in.weight")

    /// The queries (part 0), keys or values, which lie head by head: queries, keys and values of head 0, then of head 1.
    func part(_ part: Int, of name: String) throws(ModelError) -> LinearLayer {
      let weight = try tensors.rows(
        name + ".weight", of: 3 * width, first: part * size, block: size, distance: 3 * size, outputs: width,
        inputs: width)
      guard hasBias else { return LinearLayer(weight: weight) }
      let bias = try tensors.vector(name + ".bias", count: 3 * width)
      return LinearLayer(
        weight: weight,
        bias: (0..<heads).flatMap { bias[($0 * 3 + part) * size..<($0 * 3 + part + 1) * size] })
    }

    var blocks: [AttentionBlock] = []
    for layer in 0..<layers {
      let name = "\(prefix)layers.\(layer)."
      let qkv = name + "attention.query_key_value"
      let attention = AttentionLayer(
        heads: heads, headSize: size, query: try part(0, of: qkv), key: try part(1, of: qkv),
        value: try part(2, of: qkv),
        output: try tensors.linear(name + "attention.dense", outputs: width, inputs: width, bias: hasBias),
        rotary: rotary)
      let mlp = MLPLayer(
        up: try tensors.linear(name + "mlp.dense_h_to_4h", outputs: hidden, inputs: width, bias: true),
        down: try tensors.linear(name + "mlp.dense_4h_to_h", outputs: width, inputs: hidden, bias: true),
        activation: activation)
      blocks.append(
        AttentionBlock(
          attentionNorm: try tensors.layerNorm(name + "input_layernorm", count: width, epsilon: epsilon),
          attention: attention,
          mlpNorm: try tensors.layerNorm(name + "post_attention_layernorm", count: width, epsilon: epsilon),
          mlp: mlp, isParallel: isParallel))
    }
    let embedding = try tensors.matrix(prefix + "embed_in.weight", outputs: vocabulary, inputs: width)
    var head: WeightMatrix?
    let headName = tensors.has("lm_head.weight") ? "lm_head.weight" : "embed_out.weight"
    if try configuration.flag("tie_word_embeddings", default: false) {
      head = embedding
    } else if !prefix.isEmpty || tensors.has(headName) {
      head = try tensors.matrix(headName, outputs: vocabulary, inputs: width)
    }
    return AttentionModel.Parts(
      embedding: TokenEmbedding(tokens: embedding), blocks: blocks,
      finalNorm: try tensors.layerNorm(prefix + "final_layer_norm", count: width, epsilon: epsilon),
      head: head.map { OutputHead(unembedding: LinearLayer(weight: $0)) }, maximumPositions: positions)
  }
}
