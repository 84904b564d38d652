/// The formats that are read, told by their first bytes.
enum CheckpointFormat {
  case safetensors, safetensorsIndex

  /// The format of a file.
  static func of(_ file: MappedFile) throws(CheckpointError) -> CheckpointFormat {
    let path = file.path
    return try file.withBytes { bytes throws(CheckpointError) in
      // Safetensors: a length below 2^32, then the header's brace.
      if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
      if path.hasSuffix(".safetensors") { return .safetensors }
      if path.hasSuffix(".json") { return .safetensorsIndex }
      guard !bytes.isEmpty else { throw .damaged(path: path, offset: nil, fault: "it is empty") }
      let start = bytes.prefix(8).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
      }
      throw .unrecognised(path: path, seen: "it begins with the bytes \(start.joined(separator: " "))")
    }
  }
}
