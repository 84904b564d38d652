/// Conversions between the arithmetic of a model and the stored types, over buffers.
///
/// Every narrowing rounds to nearest, ties to even; what is no whole number becomes -1 in a site of whole numbers. A `Double` goes to the 16-bit types through `Float`, as it does
/// in PyTorch.
enum NumberConversion {
  /// Stores `Float`s as the given type.
  static func store(
    _ source: UnsafeBufferPointer<Float>, as type: StoredType, to destination: UnsafeMutableRawPointer
  ) {
    guard let base = source.baseAddress else { return }
    let count = source.count
    switch type {
    case .float32: destination.copyMemory(from: base, byteCount: count * 4)
    case .float64:
      let values = destination.assumingMemoryBound(to: Double.self)
      for index in 0..<count { values[index] = Double(base[index]) }
    case .bfloat16:
      let values = destination.assumingMemoryBound(to: UInt16.self)
      for index in 0..<count { values[index] = bfloat16Bits(base[index]) }
    case .float16:
      let values = destination.assumingMemoryBound(to: UInt16.self)
      for index in 0..<count { values[index] = Float16(base[index]).bitPattern }
    case .int64:
      let values = destination.assumingMemoryBound(to: Int64.self)
      for index in 0..<count { values[index] = Int64(exactly: base[index]) ?? -1 }
    }
  }

  /// Stores `Double`s as the given type.
  static func store(
    _ source: UnsafeBufferPointer<Double>, as type: StoredType, to destination: UnsafeMutableRawPointer
  ) {
    guard let base = source.baseAddress else { return }
    let count = source.count
    switch type {
    case .float64: destination.copyMemory(from: base, byteCount: count * 8)
    case .float32:
      let values = destination.assumingMemoryBound(to: Float.self)
      for index in 0..<count { values[index] = Float(base[index]) }
    case .bfloat16:
      let values = destination.assumingMemoryBound(to: UInt16.self)
      for index in 0..<count { values[index] = bfloat16Bits(Float(base[index])) }
    case .float16:
      let values = destination.assumingMemoryBound(to: UInt16.self)
      for index in 0..<count { values[index] = Float16(Float(base[index])).bitPattern }
    case .int64:
      let values = destination.assumingMemoryBound(to: Int64.self)
      for index in 0..<count { values[index] = Int64(exactly: base[index]) ?? -1 }
    }
  }

  /// The upper 16 bits of a binary32, rounded; every NaN becomes the quiet one of its sign.
  @inline(__always)
  static func bfloat16Bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let rounded = (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16
    let quiet = ((bits >> 16) & 0x8000) | 0x7FC0
    return UInt16(truncatingIfNeeded: (bits & 0x7FFF_FFFF) > 0x7F80_0000 ? quiet : rounded)
  }

  /// The value of bfloat16 bits, exact.
  @inline(__always)
  static func float(bfloat16Bits bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
