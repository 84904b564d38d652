/// GPT-2: learned positions, layer norms before attention and perceptron, weights stored `[inputs, outputs]`.
///
/// Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3.
enum GPT2: Architecture {
  static let modelTypes = ["gpt2"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let width = try configuration.integer("n_embd")
    let heads = try configuration.integer("n_head")
    let layers = try configuration.layers("n_layer")
    let size = try configuration.headSize(width: width, heads: heads)
    let positions = try configuration.integer("n_positions", default: 1024)
    let vocabulary = try configuration.integer("vocab_size")
    let hidden = try configuration.integer("n_inner", default: 4 * width)
    let epsilon = try configuration.number("layer_norm_epsilon", default: 1e-5)
    let activation = try configuration.activation("activation_function", default: "gelu_new")
    let isScaled = try configuration.flag("scale_attn_weights", default: true)
    let byLayer = try configuration.flag("scale_attn_by_inverse_layer_idx", default: false)
    let prefix = tensors.prefix(["transformer.", ""], probing: "wte.weight")
    func conv(_ name: String, outputs: Int, inputs: Int, part: Int = 0, of total: Int? = nil)
      throws(ModelError) -> LinearLayer
    {
      let all = total ?? outputs
      let bias = try tensors.vector(name + ".bias", count: all)
      return LinearLayer(
        weight: try tensors.columns(
          name + ".weight", of: all, first: part * outputs, outputs: outputs, inputs: inputs),
        bias: Array(bias[part * outputs..<(part + 1) * outputs]))
    }

    var blocks: [AttentionBlock] = []
    for layer in 0..<layers {
      let name = "\(prefix)h.\(layer)."
      var scale = isScaled ? 1 / Double(size).squareRoot() : 1
      if byLayer { scale /= Double(layer + 1) }
      let attention = AttentionLayer(
        heads: heads, headSize: size,
        query: try conv(name + "attn.c_attn", outputs: width, inputs: width, part: 0, of: 3 * width),
        key: try conv(name + "attn.c_attn", outputs: width, inputs: width, part: 1, of: 3 * width),
        value: try conv(name + "attn.c_attn", outputs: width, inputs: width, part: 2, of: 3 * width),
        output: try conv(name + "attn.c_proj", outputs: width, inputs: width), scale: scale)
      let mlp = MLPLayer(
        up: try conv(name + "mlp.c_fc", outputs: hidden, inputs: width),
        down: try conv(name + "mlp.c_proj", outputs: width, inputs: hidden), activation: activation)
      blocks.append(
        AttentionBlock(
          attentionNorm: try tensors.layerNorm(name + "ln_1", count: width, epsilon: epsilon),
          attention: attention,
          mlpNorm: try tensors.layerNorm(name + "ln_2", count: width, epsilon: epsilon), mlp: mlp))
    }
    let embedding = try tensors.matrix(prefix + "wte.weight", outputs: vocabulary, inputs: width)
    let isTied = try configuration.flag("tie_word_embeddings", default: true)
    let head =
      !isTied && tensors.has("lm_head.weight")
      ? try tensors.matrix("lm_head.weight", outputs: vocabulary, inputs: width) : embedding
    return AttentionModel.Parts(
      embedding: TokenEmbedding(
        tokens: embedding,
        positions: try tensors.matrix(prefix + "wpe.weight", outputs: positions, inputs: width)),
      blocks: blocks,
      finalNorm: try tensors.layerNorm(prefix + "ln_f", count: width, epsilon: epsilon),
      head: OutputHead(unembedding: LinearLayer(weight: head)), maximumPositions: positions)
  }
}
