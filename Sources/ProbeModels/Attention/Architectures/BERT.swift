/// BERT: every token sees every other, norms stand after the sums, and a transform precedes the output head.
///
/// Devlin et al., arXiv 1810.04805. The pooler and the heads of other tasks are not read.
enum BERT: Architecture {
  static let modelTypes = ["bert"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let width = try configuration.integer("hidden_size")
    let heads = try configuration.integer("num_attention_heads")
    let layers = try configuration.layers("num_hidden_layers")
    let size = try configuration.headSize(width: width, heads: heads)
    let hidden = try configuration.integer("intermediate_size")
    let vocabulary = try configuration.integer("vocab_size")
    let positions = try configuration.integer("max_position_embeddings", default: 512)
    let types = try configuration.integer("type_vocab_size", default: 2)
    let epsilon = try configuration.number("layer_norm_eps", default: 1e-12)
    let activation = try configuration.activation("hidden_act", default: "gelu")
    let isCausal = try configuration.flag("is_decoder", default: false)
    if let kind = configuration.string("position_embedding_type"), kind != "absolute" {
      throw .choice(
        file: configuration.source,
        fault: "position_embedding_type is '\(kind)'; of BERT's, 'absolute' is known")
    }
    let prefix = tensors.prefix(["bert.", ""], probing: "embeddings.word_embeddings.weight")
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws(ModelError) -> LinearLayer {
      try tensors.linear(name, outputs: outputs, inputs: inputs, bias: true)
    }
    func norm(_ name: String) throws(ModelError) -> Normalization {
      try tensors.layerNorm(name, count: width, epsilon: epsilon)
    }

    var blocks: [AttentionBlock] = []
    for layer in 0..<layers {
      let name = "\(prefix)encoder.layer.\(layer)."
      let attention = AttentionLayer(
        heads: heads, headSize: size,
        query: try linear(name + "attention.self.query", width, width),
        key: try linear(name + "attention.self.key", width, width),
        value: try linear(name + "attention.self.value", width, width),
        output: try linear(name + "attention.output.dense", width, width), isCausal: isCausal)
      let mlp = MLPLayer(
        up: try linear(name + "intermediate.dense", hidden, width),
        down: try linear(name + "output.dense", width, hidden), activation: activation)
      var block = AttentionBlock(attentionNorm: nil, attention: attention, mlpNorm: nil, mlp: mlp)
      block.middleNorm = try norm(name + "attention.output.LayerNorm")
      block.finalNorm = try norm(name + "output.LayerNorm")
      blocks.append(block)
    }
    let embeddings = prefix + "embeddings."
    let words = try tensors.matrix(embeddings + "word_embeddings.weight", outputs: vocabulary, inputs: width)
    return AttentionModel.Parts(
      embedding: TokenEmbedding(
        tokens: words,
        positions: try tensors.matrix(
          embeddings + "position_embeddings.weight", outputs: positions, inputs: width),
        types: try tensors.floats(embeddings + "token_type_embeddings.weight", shape: [types, width]),
        norm: try norm(embeddings + "LayerNorm")),
      blocks: blocks, head: try head(), maximumPositions: positions)

    /// The masked-language-model head, where there is one.
    func head() throws(ModelError) -> OutputHead? {
      let name = "cls.predictions."
      guard tensors.has(name + "transform.dense.weight") else { return nil }
      let isTied = try configuration.flag("tie_word_embeddings", default: true)
      let decoder = name + "decoder.weight"
      let weight = isTied ? words : try tensors.matrix(decoder, outputs: vocabulary, inputs: width)
      let bias = tensors.has(name + "bias") ? name + "bias" : name + "decoder.bias"
      return OutputHead(
        unembedding: LinearLayer(weight: weight, bias: try tensors.vector(bias, count: vocabulary)),
        transform: OutputHead.Transform(
          dense: try linear(name + "transform.dense", width, width), activation: activation,
          norm: try norm(name + "transform.LayerNorm")))
    }
  }
}
