/// One safetensors file: 8 bytes of header length, a JSON header, the tensors' bytes without gap or overlap.
///
/// Format: https://huggingface.co/docs/safetensors, "Format". The header is checked as a whole before a tensor is
/// handed out: its length against the file and a cap, keys for repetition, every extent product for overflow, every
/// byte range against dtype and shape, and the ranges together against the length of the file.
enum SafetensorsFile {
  /// The longest header that is read, as in the reference implementation.
  static let maximumHeaderLength = 100_000_000

  private struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  /// The tensors and the `__metadata__` of a mapped file.
  static func read(
    _ file: MappedFile
  ) throws(CheckpointError) -> (tensors: [String: StoredTensor], metadata: [String: String]) {
    try file.withBytes { bytes throws(CheckpointError) in
      var reader = ByteReader(bytes, path: file.path)
      guard bytes.count >= 8 else {
        throw reader.damaged("\(bytes.count) bytes are too few for a safetensors file, which begins with 8")
      }
      let length = try reader.integer(UInt64.self)
      guard length <= maximumHeaderLength, Int(length) <= reader.remaining else {
        throw reader.damaged(
          "a header of \(length) bytes is announced; the file has \(reader.remaining) after its first 8, and at "
            + "most \(maximumHeaderLength) are read", at: 0)
      }
      let header = try reader.take(Int(length))
      let (entries, metadata) = try parse(ByteReader(header, path: file.path, base: 8))
      let start = reader.position
      try checkLayout(entries, dataLength: bytes.count - start, path: file.path)
      var tensors: [String: StoredTensor] = [:]
      for entry in entries {
        let source = ByteSource.mapped(file, start + entry.begin..<start + entry.end)
        tensors[entry.name] = StoredTensor(source, type: entry.type, shape: entry.shape, file: file.path)
      }
      return (tensors, metadata)
    }
  }

  private static func parse(
    _ reader: ByteReader
  ) throws(CheckpointError) -> (entries: [Entry], metadata: [String: String]) {
    guard reader.peek == UInt8(ascii: "{") else { throw reader.damaged("the header should begin with '{'") }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    var scanner = JSONScanner(reader)
    try scanner.object { scanner, name throws(CheckpointError) in
      if name == "__metadata__" {
        try scanner.object { scanner, key throws(CheckpointError) in metadata[key] = try scanner.string() }
      } else {
        entries.append(try entry(named: name, &scanner))
      }
    }
    try scanner.end()
    return (entries, metadata)
  }

  private static func entry(
    named name: String, _ scanner: inout JSONScanner
  ) throws(CheckpointError) -> Entry {
    let path = scanner.reader.path
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key throws(CheckpointError) in
      switch key {
      case "dtype": typeName = try scanner.string()
      case "shape": shape = try scanner.naturalNumbers(limit: TensorShape.maximumRank)
      case "data_offsets": offsets = try scanner.naturalNumbers(limit: 2)
      default: throw scanner.reader.damaged("tensor '\(name)' has the unknown key '\(key)'")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw scanner.reader.damaged("tensor '\(name)' lacks dtype, shape or its two data_offsets")
    }
    guard let type = ElementType(rawValue: typeName) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw .unsupported(path: path, fault: "tensor '\(name)' has dtype '\(typeName)'; read are \(known)")
    }
    guard let needed = TensorShape.byteCount(shape, of: type) else {
      throw .damaged(
        path: path, offset: nil, fault: "tensor '\(name)' of shape \(shape) is beyond any memory")
    }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == needed else {
      throw .damaged(
        path: path, offset: nil,
        fault:
          "tensor '\(name)', \(typeName) of shape \(shape), needs \(needed) bytes, but its data_offsets are "
          + "\(offsets)")
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// Checks that the tensors fill the data, each byte once.
  private static func checkLayout(
    _ entries: [Entry], dataLength: Int, path: String
  ) throws(CheckpointError) {
    var filled = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == filled else {
        throw .damaged(
          path: path, offset: nil,
          fault:
            "tensor '\(entry.name)' begins at data byte \(entry.begin), but the tensors before it end at "
            + "\(filled): \(entry.begin < filled ? "they overlap" : "there is a gap")")
      }
      filled = entry.end
    }
    guard filled == dataLength else {
      throw .damaged(
        path: path, offset: nil,
        fault: "the header describes \(filled) bytes of tensors, the file holds \(dataLength)"
          + (filled > dataLength ? ": it is cut short" : ""))
    }
  }
}
