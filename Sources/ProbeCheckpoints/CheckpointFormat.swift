/// The formats that are read, told by their first bytes.
enum CheckpointFormat {
  case safetensors, safetensorsIndex, npy, zip

  /// The format of a file.
  static func of(_ file: MappedFile) throws(CheckpointError) -> CheckpointFormat {
    let path = file.path
    return try file.withBytes { bytes throws(CheckpointError) in
      func begins(_ start: some Sequence<UInt8>) -> Bool { bytes.starts(with: start) }
      // Safetensors: a length below 2^32, then the header's brace.
      if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) {
        return .safetensors
      }
      if begins(NumpyHeader.magic) { return .npy }
      if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) { return .zip }
      if bytes.count > 1, bytes[0] == 0x80, bytes[1] <= 5 {
        throw .unsupported(
          path: path,
          fault: "it is a bare pickle, as PyTorch wrote before version 1.6; load it there and torch.save its "
            + "state_dict again, or save it as safetensors")
      }
      if path.hasSuffix(".safetensors") { return .safetensors }
      if path.hasSuffix(".json") { return .safetensorsIndex }
      guard !bytes.isEmpty else { throw .damaged(path: path, offset: nil, fault: "it is empty") }
      let expected: (format: String, extensions: [String])? = [
        ("an npy array", [".npy"]), ("a zip file", [".npz", ".pt", ".pth"]),
      ].first { $0.1.contains { path.hasSuffix($0) } }
      if let expected {
        throw .damaged(path: path, offset: 0, fault: "it does not begin as \(expected.format)")
      }
      let start = bytes.prefix(8).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
      }
      throw .unrecognised(path: path, seen: "it begins with the bytes \(start.joined(separator: " "))")
    }
  }
}
