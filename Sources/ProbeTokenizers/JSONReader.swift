/// Where and why a text is not JSON.
struct JSONFault: Error {
  let offset: Int
  let fault: String
}

/// A strict reader of JSON (RFC 8259) over bytes.
///
/// Vocabularies and merges, the bulk of a tokenizer.json, are left unread by ``value(leaving:depth:)`` and streamed
/// afterwards, so that no tree of a hundred thousand entries is built.
struct JSONReader {
  /// Nesting beyond this is refused.
  static let maximumDepth = 64

  let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// Reads any value; members of objects named in `leaving` are checked and left unread.
  mutating func value(leaving: [String] = [], depth: Int = 0) throws(JSONFault) -> JSONValue {
    guard depth < Self.maximumDepth else { throw fault("values nested deeper than \(Self.maximumDepth)") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"):
      var object = JSONObject()
      try self.object { reader, key throws(JSONFault) in
        if leaving.contains(where: { key.elementsEqual($0.utf8) }) {
          reader.skipSpace()
          let start = reader.position
          try reader.skipValue(depth: depth + 1)
          object.append(key, .unread(start..<reader.position))
        } else {
          object.append(key, try reader.value(leaving: leaving, depth: depth + 1))
        }
      }
      return .object(object)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { reader throws(JSONFault) in
        elements.append(try reader.value(leaving: leaving, depth: depth + 1))
      }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default: return .number(try number())
    }
  }

  /// Reads an object, calling `member` for each key; it must read the value through the reader it is given.
  mutating func object(
    _ member: (_ reader: inout JSONReader, _ key: [UInt8]) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try expect(UInt8(ascii: "{"), "an object")
    if consume(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"), "':' after a key")
      try member(&self, key)
    } while consume(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "',' or '}'")
  }

  /// Reads an array, calling `element` for each value; it must read the value through the reader it is given.
  mutating func array(
    _ element: (_ reader: inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try expect(UInt8(ascii: "["), "an array")
    if consume(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while consume(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "',' or ']'")
  }

  /// Reads a string as UTF-8.
  mutating func string() throws(JSONFault) -> [UInt8] {
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    var end = start
    while end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\""),
      bytes[end] != UInt8(ascii: "\\")
    {
      end += 1
    }
    var text = Array(bytes[start..<end])
    position = end
    while true {
      guard let byte = peek else { throw fault("the file ends within a string") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"): try appendEscape(to: &text)
      case 0..<0x20: throw fault("a control character in a string", at: position - 1)
      default: text.append(byte)
      }
    }
  }

  /// Reads a whole number from 0 to 2³¹ - 1.
  mutating func identifier() throws(JSONFault) -> Int {
    skipSpace()
    let start = position
    let value = try number()
    guard let whole = Int(exactly: value), whole >= 0, whole <= Int(Int32.max) else {
      throw fault("a whole number from 0 to 2147483647 should be here", at: start)
    }
    return whole
  }

  /// The next byte that is not white space, not taken.
  mutating func next() -> UInt8? {
    skipSpace()
    return peek
  }

  /// Checks that only white space is left.
  mutating func end() throws(JSONFault) {
    skipSpace()
    guard position == bytes.count else { throw fault("text after the end of the JSON value") }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ text: String, at offset: Int? = nil) -> JSONFault {
    JSONFault(offset: offset ?? position, fault: text)
  }

  private mutating func skipValue(depth: Int) throws(JSONFault) {
    guard depth < Self.maximumDepth else { throw fault("values nested deeper than \(Self.maximumDepth)") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"):
      try object { reader, _ throws(JSONFault) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { reader throws(JSONFault) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default: _ = try value(depth: depth)
    }
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONFault) {
    guard let escape = peek else { throw fault("the file ends within a string") }
    position += 1
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if 0xD800..<0xDC00 ~= code, peek == UInt8(ascii: "\\") {  // the first half of a surrogate pair
        position += 1
        guard peek == UInt8(ascii: "u") else { throw fault("half a surrogate pair in a string") }
        position += 1
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw fault("half a surrogate pair in a string") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair in a string") }
      UTF8Text.append(scalar.value, to: &text)
    default: throw fault("an escape that JSON does not have", at: position - 1)
    }
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("\\u without four hexadecimal digits")
      }
      position += 1
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private mutating func number() throws(JSONFault) -> Double {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { position += 1 }
    if position > start, position - start < 16, !Self.continuesNumber(peek),
      position - start == 1 || bytes[start] != UInt8(ascii: "0")
    {  // a plain whole number, by far the most common
      return Double(bytes[start..<position].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
    }
    position = start
    if peek == UInt8(ascii: "-") { position += 1 }
    let digits = position
    let count = skipDigits()
    guard count > 0 else { throw fault("a JSON value should be here", at: start) }
    guard count == 1 || bytes[digits] != UInt8(ascii: "0") else {
      throw fault("a number with a leading zero", at: digits)
    }
    if peek == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() > 0 else { throw fault("a number without digits after its point", at: start) }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw fault("a number without digits in its exponent", at: start) }
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw fault("a number should be here", at: start)
    }
    return value
  }

  private static func continuesNumber(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let digit = peek, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private mutating func literal(_ word: String) throws(JSONFault) {
    let end = position + word.utf8.count
    guard end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) else {
      throw fault("'\(word)' should be here")
    }
    position = end
  }

  private mutating func skipSpace() {
    while let next = peek, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
  }

  private mutating func consume(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard peek == wanted else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ wanted: UInt8, _ what: String) throws(JSONFault) {
    guard consume(wanted) else { throw fault("\(what) should be here") }
  }
}
