import Foundation
import Testing

@testable import ProbeTokenizers

@Suite("Single components against Hugging Face tokenizers")
struct ComponentTests {
  @Test("every component by itself gives the peer's pieces and bytes")
  func components() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("components.json")))
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let records = try #require(root["components"] as? [[String: Any]])
    try #require(records.count > 80)
    let texts = try Fixture.awkward.get().texts + Fixture.fuzz.get().texts
    for record in records {
      for name in ["pieces", "bytes"] {
        var state = try #require(record["state"] as? [String: Any])
        state["model"] = root[name]
        let json = try JSONSerialization.data(withJSONObject: state)
        let tokenizer = try Tokenizer(json: [UInt8](json), path: "component")
        let digests = texts.map { Fixture.digest(tokenizer, $0) }
        let expected = try #require(record[name] as? [String])
        let blocks = stride(from: 0, to: digests.count, by: 32).map {
          Fixture.hash(digests[$0..<min($0 + 32, digests.count)].joined().utf8)
        }
        let wrong = zip(blocks, expected).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
        #expect(
          wrong.isEmpty && blocks.count == expected.count,
          "\(name) of \(state["normalizer"] ?? "") \(state["pre_tokenizer"] ?? "") in blocks \(wrong)")
      }
    }
  }
}
