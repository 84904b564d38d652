/// GPT-2's spelling of bytes as printable characters.
///
/// Source: Radford et al. 2019, `encoder.py`. The printable bytes of Latin-1 stand for themselves, the 68 others for U+0100 onwards in their order.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return UInt32(byte)
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// The byte of each scalar below U+0144, or -1.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  /// The bytes that a token spells, or nil if a character of it is not in the alphabet.
  static func bytes(_ token: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(token.count)
    let text = token.span
    var position = 0
    while position < text.count {
      let (value, length) = UTF8Text.scalar(text, at: position)
      guard value < 0x144, bytes[Int(value)] >= 0 else { return nil }
      output.append(UInt8(bytes[Int(value)]))
      position += length
    }
    return output
  }
}
