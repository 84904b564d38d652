import Foundation
import ProbeModels
import ProbeTasks

/// What a Hugging Face folder says of its tokens beside the weights.
struct ModelVocabulary {
  /// The vocabulary as token tasks see it.
  var vocabulary: TokenVocabulary
  /// Tokens that end a generation.
  var stopTokens: Set<Int> = []

  /// Reads `config.json` (through the model's identity) and `generation_config.json`.
  init(_ model: AttentionModel, folder: String) {
    var keys: [String: Any] = [:]
    let texts = [
      model.identity.configuration,
      (try? String(contentsOfFile: folder + "/generation_config.json", encoding: .utf8)) ?? "{}",
    ]
    for text in texts {
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      keys.merge(object ?? [:]) { first, second in second is NSNull ? first : second }
    }
    func ids(_ key: String) -> [Int] {
      (keys[key] as? [Int] ?? (keys[key] as? Int).map { [$0] } ?? [])
        .filter { (0..<model.vocabulary).contains($0) }
    }
    stopTokens = Set(ids("eos_token_id"))
    vocabulary = TokenVocabulary(
      size: model.vocabulary, beginning: ids("bos_token_id").first,
      special: Set(ids("bos_token_id") + ids("eos_token_id") + ids("pad_token_id")),
      maximumLength: model.parts.maximumPositions)
  }
}
