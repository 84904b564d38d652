import Testing

@testable import ProbeTokenizers

@Suite("Agreement with Hugging Face tokenizers")
struct PeerTests {
  @Test("awkward texts have the peer's ids, offsets and decodings", arguments: Fixture.styles)
  func awkwardTexts(_ style: String) throws {
    let fixture = try Fixture.awkward.get()
    let tokenizer = try Fixture.tokenizer(style)
    let results = try #require(fixture.results[style])
    try #require(results.count == fixture.texts.count && results.count > 80)
    for (text, expected) in zip(fixture.texts, results) {
      let encoding = tokenizer.encode(text)
      #expect(encoding.ids == expected.ids, "\(text.debugDescription)")
      #expect(encoding.offsets == expected.ranges, "\(text.debugDescription)")
      #expect(
        Fixture.scalars(tokenizer.decode(expected.ids)) == Fixture.scalars(expected.text),
        "\(text.debugDescription)")
    }
  }

  @Test("the template's special tokens are the peer's", arguments: Fixture.styles)
  func specialTokens(_ style: String) throws {
    let fixture = try Fixture.awkward.get()
    let tokenizer = try Fixture.tokenizer(style)
    for (text, expected) in zip(fixture.texts[12..<16], try #require(fixture.special[style])) {
      let encoding = tokenizer.encode(text, addSpecialTokens: true)
      #expect(encoding.ids == expected.ids)
      #expect(encoding.offsets == expected.ranges)
      #expect(zip(encoding.ids, encoding.isTemplate).filter { !$0.1 }.map(\.0) == tokenizer.encode(text).ids)
    }
  }

  @Test("special tokens are skipped as the peer skips them", arguments: Fixture.styles)
  func skippedTokens(_ style: String) throws {
    let fixture = try Fixture.awkward.get()
    let tokenizer = try Fixture.tokenizer(style)
    for (text, expected) in zip(fixture.texts, try #require(fixture.skipped[style])) {
      let decoded = tokenizer.decode(tokenizer.encode(text).ids, skipSpecialTokens: true)
      #expect(Fixture.scalars(decoded) == Fixture.scalars(expected), "\(text.debugDescription)")
    }
  }

  @Test("random texts have the peer's ids, offsets and decodings", arguments: Fixture.styles)
  func randomTexts(_ style: String) throws {
    let fixture = try Fixture.fuzz.get()
    let tokenizer = try Fixture.tokenizer(style)
    let digests = try #require(fixture.digests[style])
    try #require(digests.count == fixture.texts.count && digests.count >= 500)
    for (text, expected) in zip(fixture.texts, digests) {
      #expect(Fixture.digest(tokenizer, text) == expected, "\(text.debugDescription)")
    }
  }

  @Test("random ids, known and unknown, decode to the peer's text", arguments: Fixture.styles)
  func randomIdentifiers(_ style: String) throws {
    let tokenizer = try Fixture.tokenizer(style)
    let decodings = try #require(try Fixture.fuzz.get().decodings[style])
    for (index, decoding) in decodings.enumerated() {
      let text = tokenizer.decode(decoding.ids, skipSpecialTokens: index.isMultiple(of: 2))
      #expect(Fixture.scalars(text) == Fixture.scalars(decoding.text), "\(decoding.ids)")
    }
  }
}
