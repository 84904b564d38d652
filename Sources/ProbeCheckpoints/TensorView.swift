internal import CVectorMath

/// One tensor of a checkpoint, looked up once: what a model holds to read its weights tile by tile.
///
/// Nothing is read before a row is asked for, and nothing is kept: a checkpoint larger than memory stays on the disk.
public struct TensorView: Sendable {
  /// The tensor's name.
  public let name: String
  let stored: StoredTensor

  /// The extents, outermost first.
  public var shape: [Int] { stored.shape }
  /// How the elements are stored.
  public var type: ElementType { stored.type }

  /// Whether rows can be lent as they lie in the file: contiguous and little-endian.
  public var isContiguous: Bool { stored.isContiguous && !stored.isBigEndian }

  /// Lends the rows `range` of the first axis where they lie in memory as `Float` already, or returns nil.
  ///
  /// The pointer must not leave `body`.
  public func withFloats<Result>(
    rows range: Range<Int>, _ body: (UnsafePointer<Float>) -> Result
  ) -> Result? {
    guard stored.type == .float32, isContiguous else { return nil }
    let start = stored.offset * 4 + range.lowerBound * rowLength * 4
    return stored.source.withBytes { bytes -> Result? in
      guard let base = bytes.baseAddress, Int(bitPattern: base + start) % 4 == 0 else { return nil }
      precondition(start + range.count * rowLength * 4 <= bytes.count, "rows out of range")
      return body((base + start).assumingMemoryBound(to: Float.self))
    }
  }

  /// Lends the bytes of the rows `range` where they are 16-bit brain floats, or returns nil.
  public func withBFloat16<Result>(
    rows range: Range<Int>, _ body: (UnsafeRawPointer) -> Result
  ) -> Result? {
    guard stored.type == .bfloat16, isContiguous else { return nil }
    let start = (stored.offset + range.lowerBound * rowLength) * 2
    return stored.source.withBytes { bytes -> Result? in
      guard let base = bytes.baseAddress else { return nil }
      precondition(start + range.count * rowLength * 2 <= bytes.count, "rows out of range")
      return body(base + start)
    }
  }

  /// Writes the rows `range` of the first axis into `target`, rounded to single precision.
  ///
  /// - Precondition: the tensor has those rows, and `target` room for their elements.
  /// - Complexity: O(elements of those rows); 16-bit floats are widened by vector code.
  public func decode(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    let part = stored.rows(range)
    let count = part.count
    guard count > 0 else { return }
    if isContiguous, part.type == .bfloat16 || part.type == .float16 {
      part.source.withBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        precondition((part.offset + count) * 2 <= bytes.count, "rows out of range")
        if part.type == .bfloat16 {
          rp_widen_bf16(base + part.offset * 2, target, count)
        } else {
          rp_widen_f16(base + part.offset * 2, target, count)
        }
      }
    } else {
      part.decode(into: UnsafeMutableBufferPointer(start: target, count: count))
    }
  }

  /// Writes the rows `range` of the first axis into `target` in double precision.
  ///
  /// - Precondition: as for single precision.
  public func decode(rows range: Range<Int>, into target: UnsafeMutablePointer<Double>) {
    let part = stored.rows(range)
    part.decode(into: UnsafeMutableBufferPointer(start: target, count: part.count))
  }

  private var rowLength: Int { stored.shape.dropFirst().reduce(1, *) }
}

extension Checkpoint {
  /// The tensor called `name`, to be read later; `nil` if there is none.
  public func view(_ name: String) -> TensorView? {
    tensors[name].map { TensorView(name: name, stored: $0) }
  }
}
