/// Turns the elements of a chunk into the bytes that go into the file: shuffled and compressed, or as they are.
///
/// One a worker; it keeps its buffers between chunks.
final class ChunkEncoder {
  private let zlib: ZlibEncoder?
  private var shuffled: UnsafeMutableRawBufferPointer
  private var compressed: UnsafeMutableRawBufferPointer

  /// Makes room for chunks of at most `limit` bytes.
  init(compression: CaptureCompression, limit: Int) throws(CaptureError) {
    switch compression {
    case .none:
      zlib = nil
      shuffled = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      compressed = shuffled
    case .deflate:
      let encoder = try ZlibEncoder()
      zlib = encoder
      shuffled = .allocate(byteCount: max(1, limit), alignment: 64)
      compressed = .allocate(byteCount: encoder.bound(limit), alignment: 64)
    }
  }

  deinit {
    shuffled.deallocate()
    compressed.deallocate()
  }

  /// The filtered bytes of a chunk; valid until the next call.
  func encode(_ chunk: UnsafeRawBufferPointer, elementSize: Int) -> UnsafeRawBufferPointer {
    guard let zlib, let source = chunk.baseAddress, let planes = shuffled.baseAddress else { return chunk }
    ByteShuffle.shuffle(source, to: planes, count: chunk.count / elementSize, elementSize: elementSize)
    let count = zlib.encode(
      UnsafeRawBufferPointer(start: planes, count: chunk.count), planes: elementSize, to: compressed)
    return UnsafeRawBufferPointer(rebasing: compressed[..<count])
  }
}
