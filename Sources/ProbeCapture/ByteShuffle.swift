/// HDF5's byte shuffle: all first bytes of the elements, then all second bytes, and so on.
///
/// What it buys: the sign-and-exponent bytes of neighbouring floats are alike, their mantissa bytes are noise; side
/// by side, the former compress and the latter can be left alone.
enum ByteShuffle {
  /// Shuffles `count` elements of 2, 4 or 8 bytes.
  static func shuffle(
    _ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, count: Int, elementSize: Int
  ) {
    let planes = destination.assumingMemoryBound(to: UInt8.self)
    switch elementSize {
    case 2: split(source.assumingMemoryBound(to: UInt16.self), to: planes, count: count)
    case 4: split(source.assumingMemoryBound(to: UInt32.self), to: planes, count: count)
    case 8: split(source.assumingMemoryBound(to: UInt64.self), to: planes, count: count)
    default: preconditionFailure("elements have 2, 4 or 8 bytes")
    }
  }

  private static func split(
    _ words: UnsafePointer<UInt16>, to planes: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    let (first, second) = (planes, planes + count)
    for index in 0..<count {
      let word = words[index]
      first[index] = UInt8(truncatingIfNeeded: word)
      second[index] = UInt8(truncatingIfNeeded: word >> 8)
    }
  }

  private static func split(
    _ words: UnsafePointer<UInt32>, to planes: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    let (first, second) = (planes, planes + count)
    let (third, fourth) = (planes + 2 * count, planes + 3 * count)
    for index in 0..<count {
      let word = words[index]
      first[index] = UInt8(truncatingIfNeeded: word)
      second[index] = UInt8(truncatingIfNeeded: word >> 8)
      third[index] = UInt8(truncatingIfNeeded: word >> 16)
      fourth[index] = UInt8(truncatingIfNeeded: word >> 24)
    }
  }

  private static func split(
    _ words: UnsafePointer<UInt64>, to planes: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    for plane in 0..<8 {
      let bytes = planes + plane * count
      let shift = UInt64(8 * plane)
      for index in 0..<count { bytes[index] = UInt8(truncatingIfNeeded: words[index] &>> shift) }
    }
  }
}
