/// DINOv2, with and without registers: ViT whose blocks scale what they add, for images of any size.
///
/// Oquab et al., arXiv 2304.07193; registers: Darcet et al., arXiv 2309.16588. A classifier reads the class token and the
/// mean of the patches; row t of `logits` has row t of `ln_final` in the class token's place, so that row 0 is the
/// model's own answer.
enum DINOv2: Architecture {
  static let modelTypes = ["dinov2", "dinov2_with_registers"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    let hasRegisters = configuration.string("model_type") == "dinov2_with_registers"
    let encoder = try ImageEncoder(
      configuration, tensors, prefixes: [hasRegisters ? "dinov2_with_registers." : "dinov2.", ""],
      epsilon: 1e-6)
    let width = encoder.width
    let ratio = try configuration.optionalPositive("mlp_ratio") ?? 4
    let hidden = Int(min(Double(width) * ratio, 0x1p31))
    let isGated = try configuration.flag("use_swiglu_ffn", default: false)
    let activation = try configuration.activation("hidden_act", default: "gelu")
    var blocks: [AttentionBlock] = []
    for layer in 0..<encoder.layers {
      let name = "\(encoder.prefix)encoder.layer.\(layer)."
      let mlp =
        isGated
        ? try gated(name + "mlp.", hidden: hidden)
        : MLPLayer(
          up: try tensors.linear(name + "mlp.fc1", outputs: hidden, inputs: width, bias: true),
          down: try tensors.linear(name + "mlp.fc2", outputs: width, inputs: hidden, bias: true),
          activation: activation)
      var block = AttentionBlock(
        attentionNorm: try encoder.norm(name + "norm1"), attention: try encoder.attention(name),
        mlpNorm: try encoder.norm(name + "norm2"), mlp: mlp)
      block.attentionScale = try tensors.vector(name + "layer_scale1.lambda1", count: width)
      block.mlpScale = try tensors.vector(name + "layer_scale2.lambda1", count: width)
      blocks.append(block)
    }
    let registers = hasRegisters ? try configuration.integer("num_register_tokens", default: 4) : 0
    return AttentionModel.Parts(
      patches: try encoder.patches(
        resampling: hasRegisters ? .smoothBicubic : .bicubic, registers: registers),
      blocks: blocks, finalNorm: try encoder.norm(encoder.prefix + "layernorm"), head: try head())

    /// The gate and the values lie one after the other in one matrix; of the hidden size two thirds are kept, in
    /// eights (Shazeer, arXiv 2002.05202, section 2).
    func gated(_ name: String, hidden: Int) throws(ModelError) -> MLPLayer {
      let kept = (hidden * 2 / 3 + 7) / 8 * 8
      let bias = try tensors.vector(name + "weights_in.bias", count: 2 * kept)
      func half(_ index: Int) throws(ModelError) -> LinearLayer {
        LinearLayer(
          weight: try tensors.rows(
            name + "weights_in.weight", of: 2 * kept, first: index * kept, block: kept, distance: kept,
            outputs: kept, inputs: width),
          bias: Array(bias[index * kept..<(index + 1) * kept]))
      }
      return MLPLayer(
        up: try half(1), gate: try half(0),
        down: try tensors.linear(name + "weights_out", outputs: width, inputs: kept, bias: true),
        activation: .silu)
    }

    func head() throws(ModelError) -> OutputHead? {
      guard let classes = tensors.rowCount("classifier.weight") else { return nil }
      let weight = try tensors.floats("classifier.weight", shape: [classes, 2 * width])
      func columns(_ first: Int) -> WeightMatrix {
        WeightMatrix.resident(outputs: classes, inputs: width) { weight[$0 * 2 * width + first + $1] }
      }
      var head = OutputHead(
        unembedding: LinearLayer(
          weight: columns(0), bias: try tensors.vector("classifier.bias", count: classes)))
      head.mean = OutputHead.MeanTerm(layer: LinearLayer(weight: columns(width)), skipping: 1 + registers)
      return head
    }
  }
}
