import Foundation
import Testing

@testable import ProbeTokenizers

@Suite("Tokenizers")
struct TokenizerTests {
  @Test("the parts of a tokenizer are described in the order in which they work")
  func description() throws {
    #expect(
      try Fixture.tokenizer("llama2").description
        == "Sequence(Prepend, Replace), BPE, TemplateProcessing, Sequence(Replace, ByteFallback, Fuse, Strip); "
        + "703 tokens, 3 added")
  }

  @Test("sizes, ids and special tokens include added tokens")
  func vocabulary() throws {
    let tokenizer = try Fixture.tokenizer("llama3")
    #expect(tokenizer.vocabularySize == 650)
    #expect(tokenizer.id(of: "<|begin_of_text|>") == 645)
    #expect(tokenizer.specialTokenIDs == Set(645..<650))
    #expect(tokenizer.id(of: "no such token") == nil)
    #expect(tokenizer.text(of: 650) == nil)
    #expect(tokenizer.text(of: -1) == nil)
  }

  @Test("a token is shown with its space as a space, in every style")
  func shownText() throws {
    for (style, token, text) in [
      ("gpt2", "Ġthe", " the"), ("llama2", "▁the", " the"), ("mistral", "▁the", " the"),
      ("unknown", "▁the", " the"), ("bert-uncased", "##s", "##s"), ("llama2", "<0x41>", "<0x41>"),
      ("gpt2", "<|endoftext|>", "<|endoftext|>"), ("gpt2", "Ċ", "\n"),
    ] {
      let tokenizer = try Fixture.tokenizer(style)
      let id = try #require(tokenizer.id(of: token))
      #expect(tokenizer.text(of: id) == text)
    }
  }

  @Test("canonically equivalent tokens are different tokens")
  func canonicalEquivalence() throws {
    let json = #"""
      {"model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "\u00e9": 1, "e\u0301": 2}}}
      """#
    let tokenizer = try Tokenizer(json: [UInt8](json.utf8), path: "test")
    #expect(tokenizer.encode("\u{E9}").ids == [1])
    #expect(tokenizer.encode("e\u{301}").ids == [2])
    #expect(tokenizer.id(of: "e\u{301}") == 2)
    #expect(Fixture.scalars(tokenizer.decode([2])) == [0x65, 0x301])
  }

  @Test("a file whose added tokens skip ids gets the ids that the peer gives")
  func addedIdentifiers() throws {
    // tokenizers 0.23 numbers added tokens on from the vocabulary's size, whatever the file says.
    let json = #"""
      {"added_tokens": [{"id": 9, "content": "x", "special": true}, {"id": 1, "content": "a", "special": false}],
       "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "a": 1}}}
      """#
    let tokenizer = try Tokenizer(json: [UInt8](json.utf8), path: "test")
    #expect(tokenizer.id(of: "x") == 2)
    #expect(tokenizer.id(of: "a") == 1)
    #expect(tokenizer.encode("ax").ids == [1, 2])
  }

  @Test("byte-level tokenizers give back every text", arguments: ["gpt2", "llama3"])
  func roundTrip(_ style: String) throws {
    let tokenizer = try Fixture.tokenizer(style)
    for text in try Fixture.awkward.get().texts + Fixture.fuzz.get().texts {
      #expect(Fixture.scalars(tokenizer.decode(tokenizer.encode(text).ids)) == Fixture.scalars(text))
    }
  }

  @Test(
    "offsets cover the text in order, and byte offsets are the same stretches",
    arguments: ["gpt2", "mistral"])
  func offsets(_ style: String) throws {
    let tokenizer = try Fixture.tokenizer(style)
    for text in try Fixture.awkward.get().texts {
      let encoding = tokenizer.encode(text)
      let scalars = Array(text.unicodeScalars)
      let bytes = Array(text.utf8)
      var covered = Set<Int>()
      for (offsets, byteOffsets) in zip(encoding.offsets, encoding.byteOffsets) {
        covered.formUnion(offsets)
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[offsets])
        #expect(Array(String(part).utf8) == Array(bytes[byteOffsets]))
      }
      #expect(covered == Set(scalars.indices))
    }
  }

  @Test("many tasks may share a tokenizer and get the same tokens")
  func sharing() async throws {
    let tokenizer = try Fixture.tokenizer("qwen2")
    let text = try Fixture.awkward.get().texts.joined(separator: "\n")
    let expected = tokenizer.encode(text)
    let all = await withTaskGroup(of: Encoding.self, returning: [Encoding].self) { group in
      for _ in 0..<8 { group.addTask { tokenizer.encode(text) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all == Array(repeating: expected, count: 8))
  }

  @Test("eight times the text takes about eight times the work, however it is made up")
  func linearTime() throws {
    /// The processor time of this thread, which other work on the machine does not lengthen.
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    for style in Fixture.styles {
      let tokenizer = try Fixture.tokenizer(style)
      for unit in ["a", " ", "! ", "\n ", "é", "e\u{301}\u{323}", "the", "漢", "<s>", "'s", "\u{301}\u{323}"] {
        func seconds(_ count: Int) -> Double {
          let text = String(repeating: unit, count: count)
          return (0..<2).map { _ in
            let start = now()
            _ = tokenizer.encode(text)
            return now() - start
          }.min() ?? 0
        }
        // Quadratic time would give 64; a heap's logarithm adds a third to 8.
        let ratio = seconds(16_384) / max(seconds(2_048), 1e-4)
        #expect(ratio < 24, "\(style), \(unit.debugDescription)")
      }
    }
  }
}
