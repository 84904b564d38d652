/// A position in borrowed bytes; every read is checked against their end and throws rather than traps.
///
/// It is valid only while the bytes are lent, that is inside the closure that lent them.
struct ByteReader {
  /// The bytes being read.
  let bytes: UnsafeRawBufferPointer
  /// The file they come from, for messages.
  let path: String
  /// Where `bytes` begins in the file, for messages; `nil` where the bytes were decompressed.
  let base: Int?
  /// The next byte to be read.
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int? = 0) {
    self.bytes = bytes
    self.path = path
    self.base = base
  }

  /// The number of bytes not yet read.
  var remaining: Int { bytes.count - position }

  /// The next byte, left in place; `nil` at the end.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The fault described, at `position` of these bytes or where the reader stands.
  func damaged(_ fault: String, at position: Int? = nil) -> CheckpointError {
    .damaged(path: path, offset: base.map { $0 + (position ?? self.position) }, fault: fault)
  }

  /// Moves to `newPosition`, which may be the end.
  mutating func seek(to newPosition: Int, for purpose: String) throws(CheckpointError) {
    guard newPosition >= 0, newPosition <= bytes.count else {
      throw damaged("\(purpose) is said to be at byte \(newPosition), past the end at \(bytes.count)")
    }
    position = newPosition
  }

  /// The next byte.
  mutating func byte() throws(CheckpointError) -> UInt8 {
    guard position < bytes.count else { throw damaged("the data end in the middle of a value") }
    defer { position += 1 }
    return bytes[position]
  }

  /// Passes the next byte, if there is one.
  mutating func skip() { position = min(position + 1, bytes.count) }

  /// The next `count` bytes, still borrowed.
  mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else {
      throw damaged("\(count) bytes are announced, but only \(remaining) are left")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// The next little-endian integer.
  mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) throws(CheckpointError) -> Value {
    try Value(littleEndian: take(MemoryLayout<Value>.size).loadUnaligned(as: Value.self))
  }

  /// The next `count` bytes as UTF-8 text.
  mutating func text(_ count: Int) throws(CheckpointError) -> String {
    let start = position
    let raw = try take(count)
    guard let text = String(validating: raw, as: UTF8.self) else {
      throw damaged("text that is not UTF-8", at: start)
    }
    return text
  }
}
