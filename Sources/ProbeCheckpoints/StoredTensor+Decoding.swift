extension StoredTensor {
  /// Writes the elements, in row-major order, into `target`, rounded to its type.
  ///
  /// - Precondition: `target` has room for `count` elements.
  /// - Complexity: O(count).
  func decode<Target: BinaryFloatingPoint>(into target: UnsafeMutableBufferPointer<Target>) {
    switch type {
    case .float64:
      transcode(UInt64.self, into: target) { Target(Double(bitPattern: $0)) }
    case .float32:
      transcode(UInt32.self, into: target) { Target(Float(bitPattern: $0)) }
    case .float16:
      transcode(UInt16.self, into: target) { Target(floatOfHalf($0)) }
    case .bfloat16:
      transcode(UInt16.self, into: target) { Target(Float(bitPattern: UInt32($0) << 16)) }
    case .int64: transcode(Int64.self, into: target) { Target($0) }
    case .int32: transcode(Int32.self, into: target) { Target($0) }
    case .int16: transcode(Int16.self, into: target) { Target($0) }
    case .int8: transcode(Int8.self, into: target) { Target($0) }
    case .uint64: transcode(UInt64.self, into: target) { Target($0) }
    case .uint32: transcode(UInt32.self, into: target) { Target($0) }
    case .uint16: transcode(UInt16.self, into: target) { Target($0) }
    case .uint8: transcode(UInt8.self, into: target) { Target($0) }
    case .bool: transcode(UInt8.self, into: target) { $0 == 0 ? 0 : 1 }
    }
  }

  /// Writes the elements, in row-major order, into `target`; a `UInt64` keeps its bits.
  ///
  /// - Precondition: the type is an integer or a boolean; `target` has room for `count` elements.
  func decodeIntegers(into target: UnsafeMutableBufferPointer<Int>) {
    switch type {
    case .float64, .float32, .float16, .bfloat16:
      preconditionFailure("integers of a floating tensor")
    case .int64: transcode(Int64.self, into: target) { Int($0) }
    case .int32: transcode(Int32.self, into: target) { Int($0) }
    case .int16: transcode(Int16.self, into: target) { Int($0) }
    case .int8: transcode(Int8.self, into: target) { Int($0) }
    case .uint64: transcode(UInt64.self, into: target) { Int(bitPattern: UInt($0)) }
    case .uint32: transcode(UInt32.self, into: target) { Int($0) }
    case .uint16: transcode(UInt16.self, into: target) { Int($0) }
    case .uint8: transcode(UInt8.self, into: target) { Int($0) }
    case .bool: transcode(UInt8.self, into: target) { $0 == 0 ? 0 : 1 }
    }
  }

  /// Loads each element's bits as `Bits` in the file's byte order and stores what `convert` makes of them.
  @inline(__always)
  private func transcode<Bits: FixedWidthInteger & BitwiseCopyable, Target>(
    _ bits: Bits.Type, into target: UnsafeMutableBufferPointer<Target>, _ convert: (Bits) -> Target
  ) {
    precondition(target.count >= count, "target too short")
    let width = MemoryLayout<Bits>.size
    source.withBytes { bytes in
      forEachRun { start, step, position, length in
        // One checked range a run stands for the checks of its elements.
        precondition((start + (length - 1) * step + 1) * width <= bytes.count, "element outside its source")
        if isBigEndian {
          for i in 0..<length {
            let loaded = bytes.loadUnaligned(fromByteOffset: (start + i * step) * width, as: Bits.self)
            target[position + i] = convert(Bits(bigEndian: loaded))
          }
        } else {
          for i in 0..<length {
            let loaded = bytes.loadUnaligned(fromByteOffset: (start + i * step) * width, as: Bits.self)
            target[position + i] = convert(Bits(littleEndian: loaded))
          }
        }
      }
    }
  }
}

/// The value of an IEEE 754 binary16, exactly; a NaN keeps its payload.
///
/// The exponent's bias differs by 112 = 127 - 15: the bits moved into place are the value times 2^-112, subnormals
/// included, and the product is exact.
@inline(__always)
func floatOfHalf(_ half: UInt16) -> Float {
  let magnitude = UInt32(half & 0x7FFF) << 13
  let sign = UInt32(half & 0x8000) << 16
  let bits =
    magnitude >= 0x0F80_0000  // all exponent bits set: infinity or NaN
    ? magnitude | 0x7F80_0000 : (Float(bitPattern: magnitude) * 0x1p112).bitPattern
  return Float(bitPattern: bits | sign)
}
