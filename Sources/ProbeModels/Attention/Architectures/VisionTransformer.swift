/// ViT: a transformer over the patches of an image, classified by its first row.
///
/// Dosovitskiy et al., arXiv 2010.11929. Row t of `logits` is the classifier's answer to row t of `ln_final`: row 0, the
/// class token's, is the model's own. A pooler is not read.
enum VisionTransformer: Architecture {
  static let modelTypes = ["vit"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let encoder = try ImageEncoder(configuration, tensors, prefixes: ["vit.", ""], epsilon: 1e-12)
    let hidden = try configuration.integer("intermediate_size")
    var blocks: [AttentionBlock] = []
    for layer in 0..<encoder.layers {
      let name = "\(encoder.prefix)encoder.layer.\(layer)."
      let mlp = MLPLayer(
        up: try tensors.linear(
          name + "intermediate.dense", outputs: hidden, inputs: encoder.width, bias: true),
        down: try tensors.linear(name + "output.dense", outputs: encoder.width, inputs: hidden, bias: true),
        activation: try configuration.activation("hidden_act", default: "gelu"))
      blocks.append(
        AttentionBlock(
          attentionNorm: try encoder.norm(name + "layernorm_before"),
          attention: try encoder.attention(name), mlpNorm: try encoder.norm(name + "layernorm_after"),
          mlp: mlp))
    }
    var head: OutputHead?
    if let classes = tensors.rowCount("classifier.weight") {
      head = OutputHead(
        unembedding: try tensors.linear("classifier", outputs: classes, inputs: encoder.width, bias: true))
    }
    return AttentionModel.Parts(
      patches: try encoder.patches(resampling: .none), blocks: blocks,
      finalNorm: try encoder.norm(encoder.prefix + "layernorm"), head: head)
  }
}
