/// A word of the DOT language.
enum DOTToken: Equatable {
  /// An identifier, number or quoted text; whether it was quoted.
  case name(String, isQuoted: Bool)
  /// `{`, `}`, `[`, `]`, `;`, `,`, `=`, `:`, `->`, `--`.
  case mark(String)
}

/// Splits a DOT text into words (Graphviz, "DOT Language", https://graphviz.org/doc/info/lang.html).
///
/// In quoted texts only `\"` is an escape here, and a backslash at a line's end joins the next line; what other escapes mean
/// is a matter of the attribute that holds them.
struct DOTScanner {
  private let bytes: [UInt8]
  private var place = 0
  /// The line of the next byte, from 1.
  private(set) var line = 1

  /// The words of a text.
  init(_ text: String) { bytes = Array(text.utf8) }

  /// The next word; nil at the end.
  mutating func next() throws(AutomataError) -> DOTToken? {
    try skipBlanks()
    guard place < bytes.count else { return nil }
    let byte = bytes[place]
    switch byte {
    case UInt8(ascii: "\""): return .name(try quoted(), isQuoted: true)
    case UInt8(ascii: "<"):
      throw .unreadableText(format: "DOT", line: line, reason: "HTML labels are not read")
    case UInt8(ascii: "-")
    where place + 1 < bytes.count && (bytes[place + 1] == 0x3E || bytes[place + 1] == 0x2D):
      place += 2
      return .mark(bytes[place - 1] == 0x3E ? "->" : "--")
    case _ where "{}[];,=:+".utf8.contains(byte):
      place += 1
      return .mark(String(decoding: [byte], as: UTF8.self))
    case _ where Self.isNameByte(byte) || byte == UInt8(ascii: "-"):
      let first = place
      while place < bytes.count, Self.isNameByte(bytes[place]) || place == first { place += 1 }
      return .name(String(decoding: bytes[first..<place], as: UTF8.self), isQuoted: false)
    default:
      let seen = String(decoding: bytes[place...place], as: UTF8.self).debugDescription
      throw .unreadableText(format: "DOT", line: line, reason: "\(seen) begins no word of the language")
    }
  }

  /// Letters, digits, the underscore, the point of numbers, and all bytes of other scripts.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  private mutating func quoted() throws(AutomataError) -> String {
    let opening = line
    var text: [UInt8] = []
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\") where place < bytes.count:
        // A pair of backslashes is kept whole, lest the second one seem to escape a quotation mark.
        let following = bytes[place]
        place += 1
        switch following {
        case UInt8(ascii: "\""): text.append(following)
        case 0x0A: line += 1
        default: text += [byte, following]
        }
      default:
        if byte == 0x0A { line += 1 }
        text.append(byte)
      }
    }
    throw .unreadableText(format: "DOT", line: opening, reason: "a quotation mark is not closed")
  }

  private mutating func skipBlanks() throws(AutomataError) {
    while place < bytes.count {
      let byte = bytes[place]
      let following = place + 1 < bytes.count ? bytes[place + 1] : 0
      if byte == 0x0A {
        line += 1
        place += 1
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0D {
        place += 1
      } else if byte == UInt8(ascii: "/") && following == UInt8(ascii: "*") {
        let opening = line
        place += 2
        while place + 1 < bytes.count,
          !(bytes[place] == UInt8(ascii: "*") && bytes[place + 1] == UInt8(ascii: "/"))
        {
          if bytes[place] == 0x0A { line += 1 }
          place += 1
        }
        guard place + 1 < bytes.count else {
          throw .unreadableText(format: "DOT", line: opening, reason: "a comment is not closed")
        }
        place += 2
      } else if (byte == UInt8(ascii: "/") && following == UInt8(ascii: "/")) || isLineOfHash {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
      } else {
        return
      }
    }
  }

  /// Lines that begin with `#` are a preprocessor's, and are skipped.
  private var isLineOfHash: Bool {
    bytes[place] == UInt8(ascii: "#") && (place == 0 || bytes[place - 1] == 0x0A)
  }
}
