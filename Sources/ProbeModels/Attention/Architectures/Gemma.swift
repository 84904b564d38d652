/// Gemma: Llama's decoder with a scaled embedding that is also the output head, GELU gates, and norms around 1.
///
/// Gemma Team, arXiv 2403.08295.
enum Gemma: Architecture {
  static let modelTypes = ["gemma"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors, keyValueHeads: 16, headSize: 256)
    try shape(&decoder)
    // The published configuration says "gelu" and means the approximation that the model was trained with.
    let given = configuration.string("hidden_activation") ?? configuration.string("hidden_act") ?? "gelu"
    if given == "gelu" { decoder.activation = .geluTanh }
    return try decoder.parts()
  }

  /// What both versions have.
  static func shape(_ decoder: inout GatedDecoder) throws(ModelError) {
    let configuration = decoder.configuration
    let hasBias = try configuration.flag("attention_bias", default: false)
    decoder.hasInputBias = hasBias
    decoder.hasOutputBias = hasBias
    decoder.normOffset = 1
    decoder.embeddingScale = Float(decoder.width).squareRoot()
    decoder.isTiedByDefault = true
    if try configuration.flag("use_bidirectional_attention", default: false) {
      throw .choice(
        file: configuration.source,
        fault: "use_bidirectional_attention is true; only causal Gemma models are known")
    }
    let key = configuration.has("hidden_activation") ? "hidden_activation" : "hidden_act"
    decoder.activation = try configuration.activation(key, default: "gelu_pytorch_tanh")
  }
}

/// Gemma 2: Gemma with windows in every other layer, caps of scores and logits, and norms of both outputs of a block.
///
/// Gemma Team, arXiv 2408.00118.
enum Gemma2: Architecture {
  static let modelTypes = ["gemma2"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors, keyValueHeads: 4, headSize: 256)
    try Gemma.shape(&decoder)
    decoder.hasOutputNorms = true
    decoder.scale = 1 / (try configuration.optionalPositive("query_pre_attn_scalar") ?? 256).squareRoot()
    decoder.scoreCap = try cap("attn_logit_softcapping", default: 50)
    decoder.logitCap = try cap("final_logit_softcapping", default: 30)
    let window = try configuration.integer("sliding_window", default: 4096)
    decoder.windows = try decoder.layerWindows(window) { $0 % 2 == 0 }
    return try decoder.parts()

    /// Absent, a cap has its default; null, there is none.
    func cap(_ key: String, default value: Double) throws(ModelError) -> Double? {
      configuration.mentions(key) ? try configuration.optionalPositive(key) : value
    }
  }
}
