import Foundation
import Testing

@testable import ProbeHDF5

@Suite("A dataset")
struct DatasetTests {
  @Test("gives back a box of its elements in any number type")
  func conversions() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    for type in [ElementType.float16, .float32, .float64, .uint8, .uint16, .int32, .int64] {
      let dataset = try file.createDataset("\(type)", type: type, shape: [3, 4, 2])
      try dataset.write((0..<24).map { Double($0) })
      #expect(dataset.elementType == type)
      let opened = try file.dataset("\(type)")
      #expect(opened.elementType == type)
      #expect(opened.shape == [3, 4, 2])
      #expect(opened.count == 24)
      // Element [i, j, k] is 8 i + 2 j + k.
      #expect(try opened.read(Double.self, start: [1, 2, 0], counts: [2, 1, 2]) == [12, 13, 20, 21])
      #expect(try opened.read(Float.self, start: [2, 3, 1], counts: [1, 1, 1]) == [23])
      #expect(try opened.read(Int.self) == Array(0..<24))
      #expect(try opened.read(UInt8.self, start: [0, 0, 0], counts: [0, 4, 2]).isEmpty)
    }
  }

  @Test("of binary16 holds the bits of IEEE 754")
  func half() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset("a", type: .float16, shape: [4])
    try dataset.write([1.0, -2.0, 65504.0, 0x1p-24])
    #expect(try dataset.readBits16(start: [0], counts: [4]) == [0x3C00, 0xC000, 0x7BFF, 0x0001])
  }

  @Test("holds its fill value where nothing was written")
  func fill() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    for type in [ElementType.float16, .float32, .float64] {
      let dataset = try file.createDataset(
        "\(type)", type: type, shape: [2], options: DatasetOptions(chunk: [1], fill: .notANumber))
      #expect(try dataset.read(Double.self).allSatisfy { $0.isNaN })
    }
    let integers = try file.createDataset(
      "i", type: .int64, shape: [2], options: DatasetOptions(fill: .integer(-1)))
    #expect(try integers.read(Int.self) == [-1, -1])
    let brain = try file.createDataset(
      "b", type: .uint16, shape: [2], options: DatasetOptions(fill: .integer(0x7FC0)))
    #expect(try brain.read(UInt16.self) == [0x7FC0, 0x7FC0])
  }

  @Test("says how it is stored")
  func storage() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let plain = try file.createDataset("plain", type: .float32, shape: [8])
    try plain.write([Float](repeating: 1, count: 8))
    #expect(try plain.storage() == StorageFacts(chunk: nil, filters: [], storedBytes: 32))
    let packed = try file.createDataset(
      "packed", type: .float32, shape: [8, 4],
      options: DatasetOptions(chunk: [2, 4], shuffle: true, deflate: 4))
    let storage = try packed.storage()
    #expect(storage.chunk == [2, 4])
    // H5Z_FILTER_SHUFFLE is 2, H5Z_FILTER_DEFLATE 1.
    #expect(storage.filters == [2, 1])
  }

  @Test("takes finished chunks")
  func chunks() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset("a", type: .int32, shape: [4], options: DatasetOptions(chunk: [2]))
    try [Int32(7), 8].withUnsafeBytes { try dataset.writeChunk($0, at: [2]) }
    #expect(try dataset.read(Int.self) == [0, 0, 7, 8])
  }

  @Test("refuses a box outside its shape, and says both")
  func outside() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset("a", type: .int32, shape: [4, 2])
    for (start, counts) in [([3, 0], [2, 2]), ([0, -1], [1, 1]), ([0], [1]), ([0, 0], [1, 3])] {
      #expect {
        _ = try dataset.read(Int.self, start: start, counts: counts)
      } throws: { "\($0)".contains("do not fit in the shape [4, 2]") }
    }
  }

  @Test("that claims more elements than memory holds is an error, not a crash")
  func tooLarge() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset(
      "a", type: .float64, shape: [1 << 30, 1 << 20], options: DatasetOptions(chunk: [1, 1]))
    #expect {
      _ = try dataset.read(Double.self)
    } throws: { "\($0)".contains("do not fit in this machine's") }
  }

  @Test("of text is not read as numbers, nor numbers as text")
  func kinds() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    try file.createStrings("text", ["", "α", "two words"])
    #expect(try file.dataset("text").readStrings() == ["", "α", "two words"])
    #expect(throws: HDF5Error.self) { _ = try file.dataset("text").read(Int.self) }
    _ = try file.createDataset("number", type: .int64, shape: [1])
    #expect(throws: HDF5Error.self) { _ = try file.dataset("number").readStrings() }
    try file.createStrings("none", [])
    #expect(try file.dataset("none").readStrings() == [])
  }
}
