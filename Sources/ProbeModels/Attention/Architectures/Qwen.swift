/// Qwen 2 and 2.5: Llama's decoder with biases of queries, keys and values.
///
/// Yang et al., arXiv 2407.10671.
enum Qwen2: Architecture {
  static let modelTypes = ["qwen2"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors, keyValueHeads: 32)
    decoder.hasInputBias = true
    decoder.windows = try windows(decoder)
    return try decoder.parts()
  }

  /// The layers from `max_window_layers` on have windows, where `use_sliding_window` turns them on.
  static func windows(_ decoder: GatedDecoder) throws(ModelError) -> [Int?] {
    let configuration = decoder.configuration
    let isOn = try configuration.flag("use_sliding_window", default: false)
    let window = isOn ? try configuration.integer("sliding_window", default: 4096) : nil
    let first = try configuration.integer("max_window_layers", default: 28)
    return try decoder.layerWindows(window) { $0 >= first }
  }
}

/// Qwen 3: Llama's decoder with queries and keys that are normalised head by head.
///
/// Yang et al., arXiv 2505.09388.
enum Qwen3: Architecture {
  static let modelTypes = ["qwen3"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors, keyValueHeads: 32, headSize: 128)
    let hasBias = try configuration.flag("attention_bias", default: false)
    decoder.hasInputBias = hasBias
    decoder.hasOutputBias = hasBias
    decoder.hasHeadNorms = true
    decoder.windows = try Qwen2.windows(decoder)
    return try decoder.parts()
  }
}
