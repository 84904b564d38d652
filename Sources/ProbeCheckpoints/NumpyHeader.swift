/// The header of an npy array: a Python dictionary of exactly `descr`, `fortran_order` and `shape`.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0, 2.0 and 3.0. The
/// dictionary is scanned as the literal it is; nothing is evaluated.
struct NumpyHeader {
  /// The first six bytes of every npy file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest header that is read; those of plain arrays have some hundred bytes.
  static let maximumLength = 65536

  let type: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]

  /// Reads the header at the start of `reader` and leaves it at the first byte of the data.
  init(_ reader: inout ByteReader) throws(CheckpointError) {
    guard try reader.take(6).elementsEqual(Self.magic) else {
      throw reader.damaged("it does not begin as an npy array", at: 0)
    }
    let major = try reader.byte()
    let minor = try reader.byte()
    guard (1...3).contains(major), minor == 0 else {
      throw reader.damaged("npy version \(major).\(minor); known are 1.0, 2.0 and 3.0", at: 6)
    }
    let length = major == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
    guard length <= min(Self.maximumLength, reader.remaining) else {
      throw reader.damaged(
        "an npy header of \(length) bytes is announced; \(reader.remaining) are left, and at most "
          + "\(Self.maximumLength) are read")
    }
    let start = reader.position
    let text = try reader.take(length)
    var scanner = PythonLiteralScanner(
      ByteReader(text, path: reader.path, base: reader.base.map { $0 + start }))
    self = try Self(&scanner)
  }

  private init(_ scanner: inout PythonLiteralScanner) throws(CheckpointError) {
    var descriptor: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.consume("}") {
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "descr" where descriptor == nil:
        guard scanner.isString else {
          throw .unsupported(
            path: scanner.reader.path,
            fault: "its npy array has records of several fields; save one array for each")
        }
        descriptor = try scanner.string()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try scanner.boolean()
      case "shape" where shape == nil: shape = try scanner.tuple(limit: TensorShape.maximumRank)
      default: throw scanner.reader.damaged("the npy header has '\(key)', unknown or for the second time")
      }
      if !scanner.consume(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.end()
    guard let descriptor, let isFortranOrder, let shape else {
      throw scanner.reader.damaged("the npy header lacks descr, fortran_order or shape")
    }
    guard let type = Self.types[String(descriptor.dropFirst())], let order = descriptor.first,
      order == "<" || order == ">" || order == "|" && type.byteCount == 1
    else {
      let hint = descriptor.hasSuffix("O") ? ": it holds Python objects, which only Python can rebuild" : ""
      throw .unsupported(
        path: scanner.reader.path,
        fault: "its npy array has elements of type '\(descriptor)'\(hint); read are "
          + "\(Self.types.keys.sorted().joined(separator: ", ")) in either byte order")
    }
    self.type = type
    self.isBigEndian = order == ">"
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  /// NumPy's type codes with their sizes.
  private static let types: [String: ElementType] = [
    "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16, "i1": .int8,
    "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
  ]
}
