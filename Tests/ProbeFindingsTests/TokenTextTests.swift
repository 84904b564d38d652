import Testing

@testable import ProbeFindings

@Suite("tokens as text")
struct TokenTextTests {
  @Test("bytes that are UTF-8 decode to it, whatever it holds; others are named one by one")
  func decoding() {
    for text in ["", "a", " héllo", "漢字", "👨‍👩‍👧", "\0\n", "e\u{301}", "\u{FFFD}", "\u{10FFFF}"] {
      #expect(Array(TokenText.decoded(text.utf8).utf8) == Array(text.utf8))
    }
    #expect(TokenText.decoded([0xE2, 0x96]) == "<0xE2><0x96>")
    #expect(TokenText.decoded([0x61, 0xFF, 0x62]) == "a<0xFF>b")
    #expect(TokenText.decoded([0x80]) == "<0x80>")
    // Overlong, a surrogate, beyond the last scalar: none is UTF-8 (The Unicode Standard, table 3-7).
    #expect(TokenText.decoded([0xC0, 0x80]) == "<0xC0><0x80>")
    #expect(TokenText.decoded([0xED, 0xA0, 0x80]) == "<0xED><0xA0><0x80>")
    #expect(TokenText.decoded([0xF4, 0x90, 0x80, 0x80]) == "<0xF4><0x90><0x80><0x80>")
    #expect(TokenText.decoded([0xE2, 0x96, 0x61]) == "<0xE2><0x96>a")
    #expect(TokenText.decoded([0x05, 0xC3]) == "\u{5}<0xC3>")
  }

  @Test("what shows nothing is made visible; what is written stays")
  func visible() {
    let expected = [
      "": "⟨empty⟩", "a": "a", " a": "·a", "  a b ": "··a b ", "    ": "····", "\n": "⏎", "\n\n": "⏎⏎",
      "\t": "⇥",
      "\0": "\u{2400}", "\u{1B}": "\u{241B}", "\u{7F}": "\u{2421}", "\u{85}": "⟨U+0085⟩",
      "\u{A0}x": "⟨U+00A0⟩x",
      "\u{202E}abc": "⟨U+202E⟩abc", "\u{2066}": "⟨U+2066⟩", "\u{200B}": "⟨U+200B⟩", "\u{FEFF}": "⟨U+FEFF⟩",
      "\u{2028}": "⟨U+2028⟩", "\u{200D}": "⟨U+200D⟩", "\u{FE0F}": "⟨U+FE0F⟩", "\u{AD}": "⟨U+00AD⟩",
      "\u{3164}": "⟨U+3164⟩", "<b>&": "<b>&", " שלום": "·שלום",
    ]
    for (token, text) in expected {
      #expect(
        Array(TokenText.visible(token).utf8) == Array(text.utf8), "\(token.unicodeScalars.map(\.value))")
    }
    // Carriage return and line feed are one Character and two scalars.
    #expect(TokenText.visible("\r\n") == "\u{240D}⏎")
  }

  @Test("emoji joined of several, with variants, and flags of tags stay whole")
  func emoji() {
    for text in ["👨‍👩‍👧", "❤️", "🏴\u{E0067}\u{E0062}\u{E007F}", "क्‍ष"] {
      #expect(Array(TokenText.visible(text).utf8) == Array(text.utf8))
    }
  }

  @Test("no visible form holds a control, a line break or a mark that turns the line")
  func law() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for token in [String(scalar), " \(scalar)a"] {
        let isClean = TokenText.visible(token).unicodeScalars.allSatisfy { one in
          one.value >= 0x20 && !(0x7F...0x9F).contains(one.value) && !(0x202A...0x202E).contains(one.value)
            && !(0x2066...0x2069).contains(one.value) && one.value != 0x2028 && one.value != 0x2029
        }
        #expect(isClean, "U+\(String(value, radix: 16))")
        #expect(!TokenText.visible(token).isEmpty)
      }
    }
  }
}
