/// Labels in DOT: texts in which a backslash gives the next character another meaning.
///
/// What any text must have escaped is a backslash, a line break, and, where a label is cut into parts, the marks that
/// cut it. A carriage return has no escape of its own (`\r` aligns a line to the right), so it is written as the entity
/// `&#13;`, as other control characters are.
enum DOTLabel {
  /// A text as a part of a label.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - marks: the characters that cut this kind of label.
  /// - Returns: the label, to be quoted.
  static func escaped(_ text: String, marks: String = "") -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    for (place, byte) in source.enumerated() {
      let following = place + 1 < source.count ? source[place + 1] : 0
      switch byte {
      case 0x0A: bytes += "\\n".utf8
      case 0..<0x20 where byte != 0x09, 0x7F: bytes += "&#\(byte);".utf8
      case UInt8(ascii: "&") where following == UInt8(ascii: "#"): bytes += "&#38;".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case _ where marks.utf8.contains(byte): bytes += [UInt8(ascii: "\\"), byte]
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text as a part of a record's label, where runs of blanks shrink unless they are escaped.
  static func escapedRecord(_ text: String) -> String {
    let label = Array(escaped(text, marks: "{}|<>").utf8)
    var bytes: [UInt8] = []
    for (place, byte) in label.enumerated() {
      let isEdge = place == 0 || place + 1 == label.count || label[place - 1] == 0x20
      if byte == 0x20 && isEdge { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A label in quotation marks.
  static func quoted(_ label: String) -> String {
    var bytes = [UInt8(ascii: "\"")]
    for byte in label.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
  }

  /// The text of a label.
  static func unescaped(_ label: String) -> String {
    var bytes: [UInt8] = []
    let source = Array(label.utf8)
    var place = 0
    while place < source.count {
      if source[place] == UInt8(ascii: "\\"), place + 1 < source.count {
        place += 1
        switch source[place] {
        case UInt8(ascii: "n"), UInt8(ascii: "l"), UInt8(ascii: "r"): bytes.append(0x0A)
        default: bytes.append(source[place])
        }
        place += 1
      } else if let (value, end) = entity(source, at: place) {
        bytes += value
        place = end
      } else {
        bytes.append(source[place])
        place += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The parts of a label before and after the first mark without a backslash; nil where there is none.
  static func cut(_ label: String, at mark: Character) -> (before: String, after: String)? {
    let source = Array(label.utf8)
    guard let sought = mark.asciiValue else { return nil }
    var place = 0
    while place < source.count {
      if source[place] == UInt8(ascii: "\\") {
        place += 2
      } else if source[place] == sought {
        return (
          String(decoding: source[..<place], as: UTF8.self),
          String(decoding: source[(place + 1)...], as: UTF8.self)
        )
      } else {
        place += 1
      }
    }
    return nil
  }

  /// A decimal entity `&#N;` at a place: its UTF-8, and the place after it.
  private static func entity(_ source: [UInt8], at place: Int) -> (value: [UInt8], end: Int)? {
    guard place + 3 < source.count, source[place] == UInt8(ascii: "&"), source[place + 1] == UInt8(ascii: "#")
    else {
      return nil
    }
    guard let end = source[place...].firstIndex(of: UInt8(ascii: ";")), end > place + 2,
      let code = UInt32(String(decoding: source[(place + 2)..<end], as: UTF8.self)),
      let scalar = Unicode.Scalar(code)
    else { return nil }
    return (Array(String(Character(scalar)).utf8), end + 1)
  }
}
