internal import Foundation
public import ProbeCheckpoints

extension AttentionModel {
  /// Whether a folder is a Hugging Face checkpoint: it has a `config.json`.
  public static func isCheckpoint(folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/config.json")
  }

  /// Opens a Hugging Face folder: `config.json` and safetensors, sharded or not.
  ///
  /// The weights stay in the mapped files.
  ///
  /// - Throws: ``ModelError`` or `CheckpointError`, naming the file and what would be right.
  public static func load(folder: String) throws -> AttentionModel {
    let path = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let configuration: String
    do {
      configuration = try String(contentsOfFile: path + "/config.json", encoding: .utf8)
    } catch {
      throw ModelError.choice(file: path, fault: "its config.json cannot be read: \(error)")
    }
    let checkpoint = try Checkpoint.open(path: path)
    return try AttentionModel(
      checkpoint: checkpoint, configuration: configuration,
      name: URL(filePath: path).lastPathComponent, sha256: checkpoint.sha256())
  }

  /// Puts a model together from tensors and the text of its configuration.
  ///
  /// - Throws: ``ModelError`` for an architecture that is not known, or a tensor that is missing or misshapen.
  public init(
    checkpoint: Checkpoint, configuration text: String, name: String, sha256: String
  ) throws(ModelError) {
    let configuration = try ConfigurationFile(text: text, source: checkpoint.path)
    let modelType = configuration.string("model_type") ?? ""
    guard let architecture = Architectures.named(modelType) else {
      let seen =
        modelType.isEmpty ? "its configuration has no model_type" : "its model_type is '\(modelType)'"
      throw .choice(
        file: checkpoint.path,
        fault: "\(seen); known are \(Architectures.knownTypes.joined(separator: ", "))")
    }
    if let quantization = configuration.object("quantization_config") {
      let method = quantization.string("quant_method").map { " (\($0))" } ?? ""
      throw .choice(
        file: checkpoint.path, fault: "its weights are quantised\(method); F32, F16 and BF16 are read")
    }
    let parts = try architecture.assemble(
      configuration, TensorCatalogue(checkpoint: checkpoint, model: "a \(modelType) model"))
    guard parts.patches != nil || parts.embedding.tokens.outputs > 0 else {
      throw .choice(file: checkpoint.path, fault: "its vocabulary has no token")
    }
    self.init(
      identity: ModelIdentity(
        family: modelType, name: name, configuration: configuration.text, source: checkpoint.path,
        sha256: sha256),
      parts: parts)
  }
}
