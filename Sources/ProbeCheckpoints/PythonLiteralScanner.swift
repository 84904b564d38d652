/// A reader of the few Python literals that an npy header consists of.
struct PythonLiteralScanner {
  private(set) var reader: ByteReader

  init(_ reader: ByteReader) { self.reader = reader }

  /// Whether a string is next.
  var isString: Bool {
    mutating get {
      skipSpace()
      return reader.peek == UInt8(ascii: "'") || reader.peek == UInt8(ascii: "\"")
    }
  }

  /// Takes `wanted` if it is next.
  mutating func consume(_ wanted: Unicode.Scalar) -> Bool {
    skipSpace()
    guard reader.peek == UInt8(ascii: wanted) else { return false }
    reader.skip()
    return true
  }

  /// Takes `wanted`, which must be next.
  mutating func expect(_ wanted: Unicode.Scalar) throws(CheckpointError) {
    guard consume(wanted) else { throw reader.damaged("'\(wanted)' should be here in the npy header") }
  }

  /// Reads a string in single or double quotes; none of a header's needs an escape.
  mutating func string() throws(CheckpointError) -> String {
    guard isString else { throw reader.damaged("a string should be here in the npy header") }
    let quote = try reader.byte()
    var units: [UInt8] = []
    while true {
      let byte = try reader.byte()
      if byte == quote { break }
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else {
        throw reader.damaged("an unexpected character in a string of the npy header", at: reader.position - 1)
      }
      units.append(byte)
    }
    return String(decoding: units, as: UTF8.self)
  }

  /// Reads `True` or `False`.
  mutating func boolean() throws(CheckpointError) -> Bool {
    skipSpace()
    let start = reader.position
    let value = reader.peek == UInt8(ascii: "T")
    let word = value ? "True" : "False"
    guard reader.remaining >= word.utf8.count, try reader.take(word.utf8.count).elementsEqual(word.utf8)
    else {
      throw reader.damaged("True or False should be here in the npy header", at: start)
    }
    return value
  }

  /// Reads a tuple of at most `limit` whole numbers; one of a single number ends in a comma.
  mutating func tuple(limit: Int) throws(CheckpointError) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !consume(")") {
      guard numbers.count < limit else { throw reader.damaged("an npy shape of more than \(limit) axes") }
      numbers.append(try naturalNumber())
      if !consume(",") {
        guard numbers.count != 1 else { throw reader.damaged("an npy shape that is a number, not a tuple") }
        try expect(")")
        break
      }
    }
    return numbers
  }

  /// Checks that only white space is left.
  mutating func end() throws(CheckpointError) {
    skipSpace()
    guard reader.remaining == 0 else { throw reader.damaged("text after the npy header's dictionary") }
  }

  private mutating func naturalNumber() throws(CheckpointError) -> Int {
    skipSpace()
    let start = reader.position
    var value = 0
    while let digit = reader.peek, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw reader.damaged("an npy extent beyond 2^63", at: start) }
      value = sum
      reader.skip()
    }
    guard reader.position > start else {
      throw reader.damaged("a whole number should be here in the npy header")
    }
    return value
  }

  private mutating func skipSpace() {
    while let next = reader.peek, next == 0x20 || next == 0x0A || next == 0x09 { reader.skip() }
  }
}
