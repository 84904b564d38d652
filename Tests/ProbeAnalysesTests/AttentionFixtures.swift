import Foundation
import ProbeModels

/// The small checkpoints that models are held against transformers with.
enum AttentionFixtures {
  static func folder(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ProbeModelsTests/Fixtures/attention/\(name)").path(percentEncoded: false)
  }

  static func model(_ name: String) throws -> AttentionModel { try AttentionModel.load(folder: folder(name)) }

  /// Decoders of every kind: learned and rotary positions, parallel blocks, groups, soft caps, head norms.
  static let decoders = [
    "gpt2", "gpt-neox-parallel", "gpt-neox-sequential", "llama-gqa-sharded", "llama-bias", "mistral", "qwen2",
    "qwen3", "gemma", "gemma2",
  ]
}
