/// Tokens as text; a token is a run of bytes, and need not be whole characters.
public enum TokenText {
  /// The text of bytes, in which each byte that is not part of a character in UTF-8 is written `<0xE2>`.
  ///
  /// - Complexity: O(bytes).
  public static func decoded(_ bytes: some Sequence<UInt8>) -> String {
    var output = String.UnicodeScalarView()
    let bytes = Array(bytes)
    var place = 0
    while place < bytes.count {
      var parser = Unicode.UTF8.ForwardParser()
      var rest = bytes[place...].makeIterator()
      switch parser.parseScalar(from: &rest) {
      case .valid(let scalar):
        output.append(Unicode.UTF8.decode(scalar))
        place += scalar.count
      case .error(let length):
        for byte in bytes[place..<min(place + max(length, 1), bytes.count)] {
          let digits = String(byte, radix: 16, uppercase: true)
          output.append(contentsOf: "<0x\(digits.count == 1 ? "0" : "")\(digits)>".unicodeScalars)
        }
        place += max(length, 1)
      case .emptyInput: return String(output)
      }
    }
    return String(output)
  }

  /// The token as one can see it: `·` for a leading or lone space, `⏎` for a line feed, `⇥` for a tab, and names or pictures
  /// for other characters that show nothing or would turn the line's direction; `⟨empty⟩` for no text.
  ///
  /// Spaces within the token and after it stay; the joiners inside emoji stay, as they are part of how these look.
  ///
  /// - Complexity: O(scalars).
  public static func visible(_ token: String) -> String {
    var output = String.UnicodeScalarView()
    let isJoined = token.unicodeScalars.contains { !isInvisible($0) && !isJoiner($0) }
    var isLeading = true
    if token.isEmpty { return "⟨empty⟩" }
    for scalar in token.unicodeScalars {
      switch scalar {
      case " " where isLeading: output.append("·")
      case "\n": output.append("⏎")
      case "\t": output.append("⇥")
      case _ where scalar.value < 0x20: output.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case "\u{7F}": output.append("\u{2421}")
      case _ where isJoiner(scalar) && isJoined: output.append(scalar)
      case _ where isInvisible(scalar) || isJoiner(scalar):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        output.append(contentsOf: "⟨U+\(zeros)\(digits)⟩".unicodeScalars)
      default: output.append(scalar)
      }
      if scalar != " " { isLeading = false }
    }
    return String(output)
  }

  /// Zero-width joiner and non-joiner, and the choice of a glyph's variant.
  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{200C}" || scalar == "\u{200D}" || scalar.properties.isVariationSelector
  }

  /// Controls, formatting marks, line separators and blanks other than the space.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: !(0xE0020...0xE007F).contains(scalar.value)  // tags are part of flags
    case .spaceSeparator: scalar != " "
    default: scalar.properties.isDefaultIgnorableCodePoint && !(0xE0020...0xE007F).contains(scalar.value)
    }
  }
}
