import CDeflate
import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeCapture

@Suite("The bytes of a chunk")
struct ChunkBytesTests {
  @Test("shuffled are what the definition says", arguments: [2, 4, 8], [0, 1, 5, 64, 1000])
  func shuffle(elementSize: Int, count: Int) {
    var generator = RandomGenerator(seed: 1)
    let bytes = (0..<(count * elementSize)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    var shuffled = [UInt8](repeating: 0, count: bytes.count)
    bytes.withUnsafeBytes { source in
      shuffled.withUnsafeMutableBytes { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        ByteShuffle.shuffle(from, to: to, count: count, elementSize: elementSize)
      }
    }
    let naive = (0..<elementSize).flatMap { plane in (0..<count).map { bytes[$0 * elementSize + plane] } }
    #expect(shuffled == naive)
  }

  /// Planes of noise, of one value, of few values, and of noise that returns.
  private static func plane(_ kind: Int, _ count: Int) -> [UInt8] {
    var generator = RandomGenerator(seed: UInt64(kind))
    switch kind {
    case 0: return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    case 1: return [UInt8](repeating: 61, count: count)
    case 2: return (0..<count).map { _ in UInt8(generator.integer(below: 5)) }
    default:
      let period = plane(0, 1001)
      return (0..<count).map { period[$0 % 1001] }
    }
  }

  private static func encode(_ input: [UInt8], planes: Int) throws -> [UInt8] {
    let encoder = try ZlibEncoder()
    var output = [UInt8](repeating: 0, count: encoder.bound(input.count))
    let count = input.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { encoder.encode(source, planes: planes, to: $0) }
    }
    return Array(output.prefix(count))
  }

  /// What zlib's inflate makes of a stream; `nil` where it finds it damaged.
  private static func decode(_ stream: [UInt8], count: Int) -> [UInt8]? {
    guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
    defer { libdeflate_free_decompressor(decompressor) }
    var output = [UInt8](repeating: 0, count: count)
    var written = 0
    let result = libdeflate_zlib_decompress(decompressor, stream, stream.count, &output, count, &written)
    return result == LIBDEFLATE_SUCCESS && written == count ? output : nil
  }

  @Test(
    "compressed are a zlib stream of the same bytes, whatever the planes are",
    arguments: [[0, 0, 0, 2], [0, 0, 0, 0], [1, 1, 1, 1], [1, 0], [0, 1], [0, 3], [2]],
    [1, 63, 64, 65535, 65536, 70000])
  func stream(kinds: [Int], planeSize: Int) throws {
    let input = kinds.flatMap { Self.plane($0, planeSize) }
    let stream = try Self.encode(input, planes: kinds.count)
    #expect(Self.decode(stream, count: input.count) == input)
    // Noise grows by the headers of stored blocks alone: 5 bytes in 65535, and the frame.
    #expect(stream.count <= input.count + (input.count / 65535 + kinds.count + 1) * 5 + 16)
  }

  @Test("that are noise are stored, and those that return or are few are compressed")
  func chosen() throws {
    let size = 40000
    #expect(try Self.encode(Self.plane(0, size), planes: 1).count > size)
    #expect(try Self.encode(Self.plane(1, size), planes: 1).count < size / 100)
    #expect(try Self.encode(Self.plane(3, size), planes: 1).count < size / 10)
    // zlib's level 4 makes 14 026 bytes of 40 000 of 5 equal symbols; a fiftieth more is allowed.
    #expect(try Self.encode(Self.plane(2, size), planes: 1).count <= 14026 * 102 / 100)
  }

  @Test("have the entropy of their distribution, corrected for the sample's size")
  func entropy() {
    func entropy(_ bytes: [UInt8]) -> Double { bytes.withUnsafeBytes { ZlibEncoder.entropy($0, step: 4) } }
    // 1024 bytes are looked at: (m - 1) / 2048 nats are added for m kinds, and a nat is 1 / ln 2 bits.
    let nat = 1 / log(2.0) / 2048
    #expect(abs(entropy((0..<4096).map { UInt8($0 / 4 % 2) }) - (1 + nat)) < 1e-12)
    #expect(abs(entropy((0..<4096).map { UInt8(truncatingIfNeeded: $0 / 4) }) - (8 + 255 * nat)) < 1e-12)
    #expect(entropy([UInt8](repeating: 3, count: 9)) == 0)
  }
}
