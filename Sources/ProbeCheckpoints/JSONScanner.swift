/// A strict reader of JSON text (RFC 8259) that hands out values as it meets them and builds no tree.
///
/// Weight files' headers are read with it because they must be checked for what a decoder hides: repeated keys,
/// the byte at fault, and nesting made to exhaust the stack.
struct JSONScanner {
  private(set) var reader: ByteReader
  /// Nesting beyond this is refused.
  static let maximumDepth = 32

  init(_ reader: ByteReader) { self.reader = reader }

  /// Reads an object, calling `member` for each key; it must read the value through the scanner it is given.
  mutating func object(
    _ member: (_ scanner: inout JSONScanner, _ key: String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect(UInt8(ascii: "{"), "an object")
    var keys: Set<String> = []
    if consume(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      let start = reader.position
      let key = try string()
      guard keys.insert(key).inserted else { throw reader.damaged("key '\(key)' occurs twice", at: start) }
      try expect(UInt8(ascii: ":"), "':' after a key")
      try member(&self, key)
    } while consume(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "',' or '}'")
  }

  /// Reads an array, calling `element` for each value; it must read the value through the scanner it is given.
  mutating func array(
    _ element: (_ scanner: inout JSONScanner) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect(UInt8(ascii: "["), "an array")
    if consume(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while consume(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "',' or ']'")
  }

  /// Reads an array of at most `limit` whole numbers, none negative.
  mutating func naturalNumbers(limit: Int) throws(CheckpointError) -> [Int] {
    var numbers: [Int] = []
    try array { scanner throws(CheckpointError) in
      guard numbers.count < limit else {
        throw scanner.reader.damaged("more than \(limit) numbers in an array")
      }
      numbers.append(try scanner.naturalNumber())
    }
    return numbers
  }

  /// Reads a whole number that is not negative and fits an `Int`.
  mutating func naturalNumber() throws(CheckpointError) -> Int {
    skipSpace()
    let start = reader.position
    var value = 0
    while let digit = reader.peek, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw reader.damaged("a number beyond 2^63", at: start) }
      value = sum
      reader.skip()
    }
    let length = reader.position - start
    guard length > 0 else { throw reader.damaged("a whole number, not negative, should be here") }
    guard length == 1 || reader.bytes[start] != UInt8(ascii: "0") else {
      throw reader.damaged("a number with a leading zero", at: start)
    }
    if let next = reader.peek, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(next) {
      throw reader.damaged("a fraction where a whole number should be", at: start)
    }
    return value
  }

  /// Reads a string.
  mutating func string() throws(CheckpointError) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = reader.position
    var units: [UInt8] = []
    while true {
      let byte = try reader.byte()
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw reader.damaged("a string that is not UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"): try appendEscape(to: &units)
      case 0..<0x20: throw reader.damaged("a control character in a string", at: reader.position - 1)
      default: units.append(byte)
      }
    }
  }

  /// Reads any value and drops it.
  mutating func skipValue(depth: Int = 0) throws(CheckpointError) {
    guard depth < Self.maximumDepth else {
      throw reader.damaged("values nested deeper than \(Self.maximumDepth)")
    }
    skipSpace()
    switch reader.peek {
    case UInt8(ascii: "{"):
      try object { scanner, _ throws(CheckpointError) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { scanner throws(CheckpointError) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try skipNumber()
    }
  }

  /// Checks that only white space is left.
  mutating func end() throws(CheckpointError) {
    skipSpace()
    guard reader.remaining == 0 else { throw reader.damaged("text after the end of the JSON value") }
  }

  private mutating func appendEscape(to units: inout [UInt8]) throws(CheckpointError) {
    let escape = try reader.byte()
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escape)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if 0xD800..<0xDC00 ~= code {  // the first half of a surrogate pair
        guard try reader.byte() == UInt8(ascii: "\\"), try reader.byte() == UInt8(ascii: "u") else {
          throw reader.damaged("half a surrogate pair in a string")
        }
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw reader.damaged("half a surrogate pair in a string") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw reader.damaged("half a surrogate pair in a string")
      }
      units.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw reader.damaged("an escape that JSON does not have", at: reader.position - 1)
    }
  }

  private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try reader.byte())).hexDigitValue else {
        throw reader.damaged("\\u without four hexadecimal digits", at: reader.position - 1)
      }
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private mutating func skipNumber() throws(CheckpointError) {
    let start = reader.position
    if reader.peek == UInt8(ascii: "-") { reader.skip() }
    let digits = skipDigits()
    guard digits > 0 else { throw reader.damaged("a JSON value should be here", at: start) }
    if reader.peek == UInt8(ascii: ".") {
      reader.skip()
      guard skipDigits() > 0 else {
        throw reader.damaged("a number without digits after its point", at: start)
      }
    }
    if reader.peek == UInt8(ascii: "e") || reader.peek == UInt8(ascii: "E") {
      reader.skip()
      if reader.peek == UInt8(ascii: "+") || reader.peek == UInt8(ascii: "-") { reader.skip() }
      guard skipDigits() > 0 else {
        throw reader.damaged("a number without digits in its exponent", at: start)
      }
    }
  }

  private mutating func skipDigits() -> Int {
    let start = reader.position
    while let digit = reader.peek, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") { reader.skip() }
    return reader.position - start
  }

  private mutating func literal(_ word: StaticString) throws(CheckpointError) {
    let start = reader.position
    for index in 0..<word.utf8CodeUnitCount {
      guard try reader.byte() == word.utf8Start[index] else {
        throw reader.damaged("'\(word)' misspelt", at: start)
      }
    }
  }

  private mutating func skipSpace() {
    while let next = reader.peek, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 {
      reader.skip()
    }
  }

  /// Takes `wanted` if it is next.
  private mutating func consume(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard reader.peek == wanted else { return false }
    reader.skip()
    return true
  }

  private mutating func expect(_ wanted: UInt8, _ what: String) throws(CheckpointError) {
    guard consume(wanted) else { throw reader.damaged("\(what) should be here") }
  }
}
