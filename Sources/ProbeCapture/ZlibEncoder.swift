internal import CDeflate

/// Writes shuffled chunks as zlib streams (RFC 1950) that leave incompressible byte planes alone.
///
/// The first planes of shuffled little-endian floats are the low mantissa bytes, which are noise; they go into
/// stored blocks (RFC 1951, 3.2.4), whose ends are byte-aligned, so that one stream of libdeflate's can follow for the
/// rest. Any inflate reads the result; it takes a fraction of the time of trying to compress noise.
final class ZlibEncoder {
  /// For planes of many kinds of byte, where Huffman's code is nearly all there is to gain.
  private let fast: OpaquePointer
  /// For planes of few kinds of byte, where the search for repetitions pays.
  private let thorough: OpaquePointer
  private var seen = [Int32](repeating: -1, count: 1 << ZlibEncoder.hashBits)
  private static let hashBits: UInt32 = 12
  /// The share of the whole chunk that compressing a plane must save to be worth its time.
  private static let leastSaving = 0.01
  /// Bits a byte under which a plane is compressed thoroughly.
  ///
  /// With both thresholds, chunks of recurrent states and gates of every stored type came out within 2 % of what zlib
  /// makes of them at level 4, most of them smaller.
  private static let thoroughBelow = 2.5

  /// An encoder that can be used for any number of chunks.
  init() throws(CaptureError) {
    guard let fast = libdeflate_alloc_compressor(1), let thorough = libdeflate_alloc_compressor(2) else {
      throw .system(operation: "compress chunks", fault: "libdeflate has no memory for it")
    }
    self.fast = fast
    self.thorough = thorough
  }

  deinit {
    libdeflate_free_compressor(fast)
    libdeflate_free_compressor(thorough)
  }

  /// The most bytes a stream can take for the given number of uncompressed ones.
  func bound(_ count: Int) -> Int {
    libdeflate_deflate_compress_bound(thorough, count) + count / 65535 * 5 + 64
  }

  /// Compresses `planes` equal planes into `output`, and returns the bytes used.
  ///
  /// - Precondition: `output` holds ``bound(_:)`` bytes.
  func encode(_ input: UnsafeRawBufferPointer, planes: Int, to output: UnsafeMutableRawBufferPointer) -> Int {
    guard let source = input.baseAddress, let destination = output.baseAddress else { return 0 }
    let planeSize = input.count / planes
    func samples(of plane: Int) -> [UnsafeRawBufferPointer] {
      Self.samples(of: UnsafeRawBufferPointer(start: source + plane * planeSize, count: planeSize))
    }
    let storedPlanes = (0..<planes).first { isCompressible(samples(of: $0), planes: planes) } ?? planes
    let entropies = (storedPlanes..<planes).map { Self.entropy(ofSparsest: samples(of: $0)) }
    let compressor = entropies.contains { $0 < Self.thoroughBelow } ? thorough : fast
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

  /// Two windows of a plane: one from its first half, and its end.
  private static func samples(of plane: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    let window = min(plane.count, 16384)
    let starts = plane.count <= 2 * window ? [0] : [plane.count / 4, plane.count - window]
    return starts.map { UnsafeRawBufferPointer(rebasing: plane[$0..<($0 + window)]) }
  }

  /// Whether deflate would save enough of the chunk by one plane, judged on samples of it.
  ///
  /// A plane that saves less is not worth the time: trying takes far longer than storing it.
  private func isCompressible(_ samples: [UnsafeRawBufferPointer], planes: Int) -> Bool {
    let saving = (8 - Self.entropy(ofSparsest: samples)) / 8 / Double(planes)
    return saving > Self.leastSaving || samples.contains { repeats($0) }
  }

  private static func entropy(ofSparsest samples: [UnsafeRawBufferPointer]) -> Double {
    samples.reduce(8) { min($0, entropy($1, step: 4)) }
  }

  /// Shannon's order-0 entropy in bits a byte, of every `step`th byte.
  ///
  /// Corrected for the bias of a small sample, (m - 1) / (2 N) nats for m kinds of byte among N (Miller 1955, "Note on
  /// the bias of information estimates").
  static func entropy(_ bytes: UnsafeRawBufferPointer, step: Int) -> Double {
    let total = (bytes.count + step - 1) / step
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      for index in 0..<total { counts[Int(bytes[index * step])] += 1 }
      let plain = counts.reduce(0.0) { sum, count in
        count == 0 ? sum : sum - Double(count) / Double(total) * logarithm2(Double(count) / Double(total))
      }
      let kinds = counts.count { $0 > 0 }
      return plain + Double(kinds - 1) / (2 * Double(total)) * logarithm2(2.718281828459045)
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
