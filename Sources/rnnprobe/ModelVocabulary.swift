import Foundation
import ProbeModels
import ProbeTasks
import ProbeTokenizers

/// What a Hugging Face folder says of its tokens beside the weights.
struct ModelVocabulary {
  /// The vocabulary as token tasks see it.
  var vocabulary: TokenVocabulary
  /// Tokens that end a generation.
  var stopTokens: Set<Int> = []

  /// Reads `config.json` (through the model's identity), `generation_config.json` and `tokenizer.json`, where it is there.
  ///
  /// - Throws: `TokenizerError` for a tokenizer that cannot be read.
  init(_ model: AttentionModel, folder: String) throws {
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
    let hasTokenizer = FileManager.default.fileExists(atPath: folder + "/tokenizer.json")
    let tokenizer = hasTokenizer ? try Tokenizer.load(path: folder + "/tokenizer.json") : nil
    let special = Set(ids("bos_token_id") + ids("eos_token_id") + ids("pad_token_id"))
      .union(tokenizer?.specialTokenIDs ?? [])
    var encode: (@Sendable (String) -> [Int])?
    var text: (@Sendable (Int) -> String?)?
    if let tokenizer {
      encode = { tokenizer.encode($0).ids }
      text = { tokenizer.text(of: $0) }
    }
    vocabulary = TokenVocabulary(
      size: model.vocabulary, beginning: ids("bos_token_id").first, special: special, encode: encode,
      text: text, maximumLength: model.parts.maximumPositions)
  }
}
