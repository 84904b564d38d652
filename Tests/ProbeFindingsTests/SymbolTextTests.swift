import ProbeFindings
import Testing

@Suite("symbols of an alphabet as labels")
struct SymbolTextTests {
  @Test(
    "what shows by itself stays; what shows nothing or reads as something else is named, quoted or escaped")
  func visible() {
    let pairs = [
      ("a", "a"), ("", "ε"), (" ", "␣"), ("ε", "\"ε\""), ("␣", "\"␣\""), ("  ", "\"  \""), ("a b", "\"a b\""),
      ("\n", "\"\\n\""), ("\t", "\"\\t\""), ("\r\n", "\"\\r\\n\""), ("\0", "\"\\u{0}\""), ("\"", "\"\\\"\""),
      ("\\", "\"\\\\\""), (",", "\",\""), ("a–f", "\"a–f\""), ("…", "\"…\""), ("\u{200B}", "\"\\u{200B}\""),
      ("\u{A0}", "\"\\u{A0}\""), ("<b>", "<b>"), ("(", "("), ("漢", "漢"), ("e\u{301}", "\"e\\u{301}\""),
      ("é", "é"),
      ("😀", "😀"), ("->", "->"),
    ]
    for (symbol, text) in pairs { #expect(SymbolText.visible(symbol) == text) }
  }

  @Test("no two symbols look alike: all texts of up to two awkward scalars have labels of their own")
  func distinct() {
    let scalars: [Unicode.Scalar] = [
      "a", "n", "\"", "\\", ",", "–", "…", "ε", "␣", " ", "\n", "\u{A0}", "\u{200B}", "\u{301}", "é", "{",
      "}", "u",
    ]
    var symbols = [String.UnicodeScalarView()]
    for first in scalars {
      symbols.append(.init([first]))
      for second in scalars { symbols.append(.init([first, second])) }
    }
    let labels = Set(symbols.map { Array(SymbolText.visible(String($0)).utf8) })
    #expect(symbols.count == 1 + 18 + 18 * 18)
    #expect(labels.count == symbols.count)
  }

  @Test(
    "three or more consecutive letters or digits are a range, two are not; others follow in their order, once"
  )
  func summary() {
    func text(_ symbols: [String]) -> String { SymbolText.summary(of: symbols).joined(separator: ", ") }
    #expect(text(["c", "a", "b", "f", "e", "d"]) == "a–f")
    #expect(text(["a", "b"]) == "a, b")
    #expect(text(["b", "a", "c", "x", "0", "2", "1", "z"]) == "0–2, a–c, x, z")
    #expect(text((0..<26).map { String(UnicodeScalar(UInt8(97 + $0))) }) == "a–z")
    #expect(text(["8", "9", ":", ";"]) == "8, 9, :, ;")
    #expect(text(["Y", "Z", "[", "a", "b"]) == "Y, Z, a, b, [")
    #expect(text(["push", "pop", "push", ""]) == "push, pop, ε")
    #expect(text(["é", "e\u{301}"]) == "é, \"e\\u{301}\"")
    #expect(text([]) == "" && text(["a", "a"]) == "a")
  }
}
