/// GPT-2's pattern, matched by hand.
///
/// Source: Radford et al. 2019, `encoder.py` of the GPT-2 release; it is also the one built into the pre-tokenizer
/// ByteLevel.
enum ContractionPattern {
  static let text = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// The first match at or after `position`: some alternative matches at every position but the end.
  static func next(_ text: Span<UInt8>, from position: Int, _ classes: [UInt8]) -> Range<Int>? {
    guard position < text.count else { return nil }
    if text[position] == UInt8(ascii: "'"), let end = contraction(text, after: position + 1) {
      return position..<end
    }
    var start = position
    var (value, length) = UTF8Text.scalar(text, at: start)
    if value == 0x20, start + 1 < text.count {
      start += 1
      (value, length) = UTF8Text.scalar(text, at: start)
    }
    let kind = ScalarClass.of(value, classes).intersection(.lettersNumbersSpaces)
    if !kind.contains(.space) {
      return position..<run(text, from: start + length, of: kind, classes)
    }
    return position..<spaces(text, from: position, classes)
  }

  /// The end of a run of scalars that are letters, numbers, or neither (and no space).
  @inline(__always)
  static func run(_ text: Span<UInt8>, from start: Int, of kind: ScalarClass, _ classes: [UInt8]) -> Int {
    var end = start
    while end < text.count {
      let (value, length) = UTF8Text.scalar(text, at: end)
      guard ScalarClass.of(value, classes).intersection(.lettersNumbersSpaces) == kind else { break }
      end += length
    }
    return end
  }

  /// The end of `\s+(?!\S)|\s+` at a space: all spaces but the last where something follows and there is more than one.
  static func spaces(_ text: Span<UInt8>, from start: Int, _ classes: [UInt8]) -> Int {
    var end = start
    var previous = start
    while end < text.count {
      let (value, length) = UTF8Text.scalar(text, at: end)
      guard ScalarClass.of(value, classes).contains(.space) else {
        return previous > start ? previous : end
      }
      previous = end
      end += length
    }
    return end
  }

  private static func contraction(_ text: Span<UInt8>, after start: Int) -> Int? {
    guard start < text.count else { return nil }
    switch text[start] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 1
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 1 < text.count && text[start + 1] == UInt8(ascii: "e") ? start + 2 : nil
    case UInt8(ascii: "l"):
      return start + 1 < text.count && text[start + 1] == UInt8(ascii: "l") ? start + 2 : nil
    default: return nil
    }
  }
}

extension ScalarClass {
  /// The three classes that the patterns of byte-level tokenizers tell apart.
  static let lettersNumbersSpaces: ScalarClass = [.letter, .number, .space]
}
