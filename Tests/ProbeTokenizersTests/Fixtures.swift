import Foundation
import Testing

@testable import ProbeTokenizers

/// The committed output of Hugging Face `tokenizers`, made by scripts/fixtures/make_tokenizer_fixtures.py.
enum Fixture {
  static let styles = [
    "gpt2", "roberta", "llama3", "qwen2", "neox", "llama2", "mistral", "unknown", "bert-uncased",
    "bert-cased",
    "wordlevel",
  ]

  /// What the peer made of one text.
  struct Encoded: Decodable {
    let ids: [Int]
    /// Starts and ends in turn.
    let offsets: [Int]
    let text: String

    var ranges: [Range<Int>] {
      stride(from: 0, to: offsets.count, by: 2).map { offsets[$0]..<offsets[$0 + 1] }
    }
  }

  struct Awkward: Decodable {
    let texts: [String]
    let results: [String: [Encoded]]
    let special: [String: [Encoded]]
    let skipped: [String: [String]]
  }

  struct Fuzz: Decodable {
    let texts: [String]
    let digests: [String: [String]]
    let decodings: [String: [Decoding]]
  }

  /// Ids and the text that they decode to.
  struct Decoding: Decodable {
    let ids: [Int]
    let text: String

    init(from decoder: any Swift.Decoder) throws {
      var row = try decoder.unkeyedContainer()
      ids = try row.decode([Int].self)
      text = try row.decode(String.self)
    }
  }

  static let awkward = Result { try read("awkward.json", as: Awkward.self) }
  static let fuzz = Result { try read("fuzz.json", as: Fuzz.self) }

  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
      .path
  }

  static func read<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  static func tokenizer(_ style: String) throws -> Tokenizer {
    try Tokenizer.load(path: path("\(style).json"))
  }

  /// FNV-1a, 64 bits, as 16 hexadecimal digits.
  static func hash(_ bytes: some Sequence<UInt8>) -> String {
    let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The digest of ids, offsets and decoded text that the script computes.
  static func digest(_ tokenizer: Tokenizer, _ text: String) -> String {
    let encoding = tokenizer.encode(text)
    let ids = encoding.ids.map(String.init).joined(separator: ",")
    let offsets = encoding.offsets.map { "\($0.lowerBound),\($0.upperBound)" }.joined(separator: ",")
    return hash("\(ids);\(offsets);\(tokenizer.decode(encoding.ids))".utf8)
  }

  /// A text as scalars, as strings compare equal where only composition differs.
  static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}
