/// Llama, versions 1 to 3: the plain decoder with gated perceptrons.
///
/// Touvron et al., arXiv 2302.13971 and 2307.09288; Llama 3: arXiv 2407.21783.
enum Llama: Architecture {
  static let modelTypes = ["llama"]

  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts {
    var decoder = try GatedDecoder(configuration, tensors)
    let hasBias = try configuration.flag("attention_bias", default: false)
    decoder.hasInputBias = hasBias
    decoder.hasOutputBias = hasBias
    decoder.hasMLPBias = try configuration.flag("mlp_bias", default: false)
    return try decoder.parts()
  }
}
