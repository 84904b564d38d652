internal import CDeflate

/// Writes shuffled chunks as zlib streams (RFC 1950) that leave incompressible byte planes alone.
///
/// The first planes of shuffled little-endian floats are the low mantissa bytes, which are noise; they go into
/// stored blocks (RFC 1951, 3.2.4), whose ends are byte-aligned, so that one stream of libdeflate's can follow for the
/// rest. Any inflate reads the result; it takes a fraction of the time of trying to compress noise.
final class ZlibEncoder {
  private let compressor: OpaquePointer
  private var seen = [Int32](repeating: -1, count: 1 << ZlibEncoder.hashBits)
  private static let hashBits: UInt32 = 12

  /// An encoder of libdeflate's given level, 1 to 12.
  init(level: Int) throws(CaptureError) {
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
      throw .system(operation: "compress at level \(level)", fault: "libdeflate has no memory for it")
    }
    self.compressor = compressor
  }

  deinit { libdeflate_free_compressor(compressor) }

  /// The most bytes a stream can take for the given number of uncompressed ones.
  func bound(_ count: Int) -> Int {
    libdeflate_deflate_compress_bound(compressor, count) + count / 65535 * 5 + 64
  }

  /// Compresses `planes` equal planes into `output`, and returns the bytes used.
  ///
  /// - Precondition: `output` holds ``bound(_:)`` bytes.
  func encode(_ input: UnsafeRawBufferPointer, planes: Int, to output: UnsafeMutableRawBufferPointer) -> Int {
    guard let source = input.baseAddress, let destination = output.baseAddress else { return 0 }
    let planeSize = input.count / planes
    var storedPlanes = 0
    while storedPlanes < planes,
      !isCompressible(UnsafeRawBufferPointer(start: source + storedPlanes * planeSize, count: planeSize))
    {
      storedPlanes += 1
    }
    // CMF: deflate, 32 KiB window. FLG: fastest, check bits that make the pair a multiple of 31.
    destination.storeBytes(of: 0x78, as: UInt8.self)
    destination.storeBytes(of: 0x01, toByteOffset: 1, as: UInt8.self)
    var position = 2
    let storedBytes = storedPlanes * planeSize
    position += writeStored(
      source, count: storedBytes, isLast: storedBytes == input.count, to: destination + position)
    if storedBytes < input.count {
      position += libdeflate_deflate_compress(
        compressor, source + storedBytes, input.count - storedBytes, destination + position,
        output.count - position - 4)
    }
    let checksum = libdeflate_adler32(1, source, input.count).bigEndian
    destination.storeBytes(of: checksum, toByteOffset: position, as: UInt32.self)
    return position + 4
  }

  private func writeStored(
    _ source: UnsafeRawPointer, count: Int, isLast: Bool, to destination: UnsafeMutableRawPointer
  ) -> Int {
    var (read, written) = (0, 0)
    while read < count {
      let length = min(65535, count - read)
      let header: UInt8 = isLast && read + length == count ? 1 : 0
      let size = UInt16(length).littleEndian
      destination.storeBytes(of: header, toByteOffset: written, as: UInt8.self)
      destination.storeBytes(of: size, toByteOffset: written + 1, as: UInt16.self)
      destination.storeBytes(of: ~size, toByteOffset: written + 3, as: UInt16.self)
      (destination + written + 5).copyMemory(from: source + read, byteCount: length)
      read += length
      written += length + 5
    }
    return written
  }

  /// Whether deflate would save at least about one part in a hundred, judged on two windows of the plane.
  ///
  /// Every fourth byte is looked at: the entropy of 4096 noise bytes is estimated 0.045 bits too low (255 / (2 ln 2
  /// * 4096), Miller 1955), which leaves it above the threshold.
  private func isCompressible(_ plane: UnsafeRawBufferPointer) -> Bool {
    let window = min(plane.count, 16384)
    if window < 64 { return true }
    let starts = plane.count <= 2 * window ? [0] : [plane.count / 4, plane.count - window]
    return starts.contains { start in
      let sample = UnsafeRawBufferPointer(rebasing: plane[start..<(start + window)])
      return ZlibEncoder.entropy(sample, step: 4) < 7.9 || repeats(sample)
    }
  }

  /// Shannon's order-0 entropy in bits a byte, of every `step`th byte.
  static func entropy(_ bytes: UnsafeRawBufferPointer, step: Int) -> Double {
    let total = (bytes.count + step - 1) / step
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      for index in 0..<total { counts[Int(bytes[index * step])] += 1 }
      return counts.reduce(0) { sum, count in
        count == 0 ? sum : sum - Double(count) / Double(total) * logarithm2(Double(count) / Double(total))
      }
    }
  }

  /// Whether more than one position in 64 continues a 4-byte sequence seen before.
  ///
  /// Only every fourth position is looked up and kept: values that return after w units return after 4 w too.
  private func repeats(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    let words = bytes.count / 4
    var found = 0
    seen.withUnsafeMutableBufferPointer { seen in
      seen.update(repeating: -1)
      for position in 0..<words {
        let word = base.loadUnaligned(fromByteOffset: position * 4, as: UInt32.self)
        let slot = Int((word &* 0x9E37_79B1) >> (32 - ZlibEncoder.hashBits))
        let earlier = Int(seen[slot])
        if earlier >= 0, base.loadUnaligned(fromByteOffset: earlier * 4, as: UInt32.self) == word {
          found += 1
        }
        seen[slot] = Int32(position)
      }
    }
    return found > words / 64
  }
}
