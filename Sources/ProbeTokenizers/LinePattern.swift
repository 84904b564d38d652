/// The pattern of Llama 3 and Qwen 2, matched by hand: a letter run takes one character before it, runs of numbers are
/// cut after a few digits, and line ends keep to themselves.
enum LinePattern {
  /// The pattern's text, given how it writes a number.
  static func text(digits: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// The first match at or after `position`: some alternative matches at every position but the end.
  static func next(
    _ text: Span<UInt8>, from position: Int, digits: Int, _ classes: [UInt8]
  ) -> Range<Int>? {
    guard position < text.count else { return nil }
    let (value, length) = UTF8Text.scalar(text, at: position)
    if value == UInt32(UInt8(ascii: "'")), let end = contraction(text, after: position + 1) {
      return position..<end
    }
    let kind = ScalarClass.of(value, classes).intersection(.lettersNumbersSpaces)
    if kind.contains(.letter) {
      return position..<ContractionPattern.run(text, from: position + length, of: .letter, classes)
    }
    if kind.contains(.number) { return position..<number(text, from: position, digits: digits, classes) }
    var following: (value: UInt32, length: Int)?
    var next: ScalarClass = .space
    if position + length < text.count {
      let scalar = UTF8Text.scalar(text, at: position + length)
      following = scalar
      next = ScalarClass.of(scalar.value, classes).intersection(.lettersNumbersSpaces)
    }
    if let following, next.contains(.letter), value != 0x0A, value != 0x0D {
      let start = position + length + following.length
      return position..<ContractionPattern.run(text, from: start, of: .letter, classes)
    }
    var symbols: Int?
    if kind.isEmpty {
      symbols = position + length
    } else if value == 0x20, let following, next.isEmpty {
      symbols = position + length + following.length
    }
    if let symbols {
      var end = ContractionPattern.run(text, from: symbols, of: [], classes)
      while end < text.count, isLineEnd(text[end]) { end += 1 }
      return position..<end
    }
    return position..<spaces(text, from: position, classes)
  }

  /// The end of `\s*[\r\n]+|\s+(?!\S)|\s+`: through the last line end of the run of spaces, if it has one.
  private static func spaces(_ text: Span<UInt8>, from start: Int, _ classes: [UInt8]) -> Int {
    var end = start
    var previous = start
    var line: Int?
    while end < text.count {
      let (value, length) = UTF8Text.scalar(text, at: end)
      guard ScalarClass.of(value, classes).contains(.space) else {
        return line ?? (previous > start ? previous : end)
      }
      previous = end
      end += length
      if value == 0x0A || value == 0x0D { line = end }
    }
    return line ?? end
  }

  private static func number(
    _ text: Span<UInt8>, from start: Int, digits: Int, _ classes: [UInt8]
  ) -> Int {
    var end = start
    var count = 0
    while end < text.count, count < digits {
      let (value, length) = UTF8Text.scalar(text, at: end)
      guard ScalarClass.of(value, classes).contains(.number) else { break }
      end += length
      count += 1
    }
    return end
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// The end of a contraction without its apostrophe, in either case.
  ///
  /// U+017F, the long s, is a case of s in Unicode's case folding.
  private static func contraction(_ text: Span<UInt8>, after start: Int) -> Int? {
    guard start < text.count else { return nil }
    if text[start] == 0xC5, text[start + 1] == 0xBF { return start + 2 }
    let second = start + 1 < text.count ? text[start + 1] | 0x20 : 0
    switch text[start] | 0x20 {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 1
    case UInt8(ascii: "r"), UInt8(ascii: "v"): return second == UInt8(ascii: "e") ? start + 2 : nil
    case UInt8(ascii: "l"): return second == UInt8(ascii: "l") ? start + 2 : nil
    default: return nil
    }
  }
}
