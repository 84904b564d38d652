/// Mistral: Llama's decoder, whose queries see a window of keys in every layer.
///
/// Jiang et al., arXiv 2310.06825.
enum Mistral: Architecture {
  static let modelTypes = ["mistral"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors, keyValueHeads: 8)
    // Absent, the window is 4096; null, there is none (version 0.3).
    let window =
      configuration.mentions("sliding_window") ? try configuration.optionalInteger("sliding_window") : 4096
    decoder.windows = Array(repeating: window, count: decoder.layers)
    return try decoder.parts()
  }
}
