import Foundation
import ProbeCapture
import ProbeModels
import ProbeTokenizers

extension CapturedAttention {
  /// How words become tokens.
  struct WordTokens {
    /// A text's ids; empty where it has none.
    let encode: (String) -> [Int]
    /// Where they come from, in words.
    let source: String
  }

  /// The tokenizer of a model's folder; nil where it has none.
  ///
  /// - Throws: `TokenizerError` for a tokenizer that cannot be read.
  static func tokenizer(folder: String?) throws -> Tokenizer? {
    guard let folder, FileManager.default.fileExists(atPath: folder + "/tokenizer.json") else { return nil }
    return try Tokenizer.load(path: folder)
  }

  /// The tokenizer beside the model that `--model` names, or the captures' vocabularies; nil where there is neither.
  ///
  /// A capture's vocabulary holds the ids that occur in it, so that a word counts where one of them has exactly its text.
  var wordTokens: WordTokens? {
    let known = 0..<(model?.vocabulary ?? 0)
    if let tokenizer {
      // A word that the tokenizer does not know is one token too, and stands for nothing.
      let special = tokenizer.specialTokenIDs
      return WordTokens(
        encode: { text in
          let ids = tokenizer.encode(text).ids
          return ids.allSatisfy { known.contains($0) && !special.contains($0) } ? ids : []
        }, source: "the model's tokenizer")
    }
    guard !texts.isEmpty else { return nil }
    // By bytes: Swift takes different spellings of one character for equal.
    var ids: [[UInt8]: Int] = [:]
    for (id, text) in texts.sorted(by: { $0.key > $1.key }) where known.contains(id) {
      ids[Array(text.utf8)] = id
    }
    return WordTokens(
      encode: { text in ids[Array(text.utf8)].map { [$0] } ?? [] },
      source: "the texts of the \(texts.count) token ids that occur in the captures")
  }

  /// The text of a token, or its id.
  func text(of token: Int) -> String { texts[token] ?? tokenizer?.text(of: token) ?? "<\(token)>" }
}
