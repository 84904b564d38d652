/// How the parts of a model combine, by the `model_type` of its configuration.
///
/// A new architecture is one file with a conforming enum, and one line in ``all``.
protocol Architecture: SendableMetatype {
  /// The values of `model_type` that this is.
  static var modelTypes: [String] { get }
  /// Puts the parts together.
  static func assemble(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue
  ) throws(ModelError) -> AttentionModel.Parts
}

/// Every architecture.
enum Architectures {
  static let all: [any Architecture.Type] = [
    GPT2.self, GPTNeoX.self, Llama.self, Mistral.self, Qwen2.self, Qwen3.self, Gemma.self, Gemma2.self,
    BERT.self,
    VisionTransformer.self, DINOv2.self,
  ]

  static func named(_ modelType: String) -> (any Architecture.Type)? {
    all.first { $0.modelTypes.contains(modelType) }
  }

  static var knownTypes: [String] { all.flatMap { $0.modelTypes }.sorted() }
}
