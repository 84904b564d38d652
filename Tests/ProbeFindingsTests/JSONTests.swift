import Testing

@testable import ProbeFindings

@Suite("JSON")
struct JSONTests {
  @Test("control characters, quotes and backslashes are escaped (RFC 8259, section 7)")
  func strings() {
    #expect(JSON.string("a\"b\\c\n\r\t\u{1}\u{7F}é").text() == #""a\"b\\c\n\r\t\u0001\u007fé""#)
    #expect(JSON.object([:]).prettyText == "{}\n")
    let object = JSON.object(["b": .array([.null, .boolean(false)]), "a": .real(-.infinity)])
    #expect(object.text() == #"{"a":"-inf","b":[null,false]}"#)
  }

  @Test("text for a script element can neither close it nor open a comment")
  func script() {
    let hostile = "</script><!--<img src=x onerror=alert(1)>&\u{2028}"
    let text = JSON.object([hostile: .string(hostile)]).text(forScript: true)
    #expect(!text.contains("<") && !text.contains(">") && !text.contains("&"))
    #expect(!text.unicodeScalars.contains("\u{2028}"))
    #expect(text.hasPrefix(#"{"\u003c/script\u003e\u003c!--"#))
  }
}
