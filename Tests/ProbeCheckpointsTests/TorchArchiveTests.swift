import CDeflate
import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeCheckpoints

@Suite("PyTorch archives")
struct TorchArchiveTests {
  /// A zip of stored members with right checksums, so that damage reaches what lies behind them.
  private func zip(_ members: [(name: String, content: [UInt8])], hasChecksums: Bool = true) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let offset = file.count
      let checksum = content.withUnsafeBytes {
        hasChecksums ? libdeflate_crc32(0, $0.baseAddress, $0.count) : 0
      }
      let common: [UInt8] =
        bytes(UInt16(20)) + [0, 0, 0, 0, 0, 0, 0, 0] + bytes(checksum) + bytes(UInt32(content.count))
        + bytes(UInt32(content.count)) + bytes(UInt16(name.utf8.count)) + [0, 0]
      file += bytes(UInt32(0x0403_4B50)) + common + Array(name.utf8) + content
      directory += bytes(UInt32(0x0201_4B50)) + bytes(UInt16(20)) + common
      directory += [UInt8](repeating: 0, count: 10) + bytes(UInt32(offset)) + Array(name.utf8)
    }
    let start = file.count
    let count = bytes(UInt16(members.count))
    file += directory
    file += bytes(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count + bytes(UInt32(directory.count))
    return file + bytes(UInt32(start)) + [0, 0]
  }

  /// The members of a fixture.
  private func members(_ name: String) throws -> [(name: String, content: [UInt8])] {
    let archive = try ZipArchive(MappedFile(path: fixture(name)))
    return try archive.members.map { ($0.name, try archive.content(of: $0).withBytes { Array($0) }) }
  }

  /// A pickle instruction that pushes an integer of 64 bits.
  private func push(_ value: Int) -> [UInt8] {
    [0x8A, 8] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// An archive of the tensor `w`: a view of a storage of binary32 whose bytes are `data`.
  private func archive(
    count: Int, offset: Int, shape: [Int], strides: [Int], data: [UInt8], order: String = "little"
  ) -> [UInt8] {
    func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
    func name(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    let mark = [UInt8(ascii: "(")]
    let tuple = [UInt8(ascii: "t")]
    let storage =
      mark + text("storage") + name("torch", "FloatStorage") + text("0") + text("cpu") + push(count) + tuple
      + Array("Q".utf8)
    let arguments =
      mark + storage + push(offset) + mark + shape.flatMap(push) + tuple + mark + strides.flatMap(push)
      + tuple
      + [0x89] + Array("}".utf8) + tuple
    let pickle =
      [0x80, 2] + Array("}".utf8) + text("w") + name("torch._utils", "_rebuild_tensor_v2") + arguments
      + Array("Rs.".utf8)
    return zip([("a/data.pkl", pickle), ("a/byteorder", Array(order.utf8)), ("a/data/0", data)])
  }

  /// The first natural numbers, from 0, as binary32 bytes.
  private func floats(_ count: Int, bigEndian: Bool = false) -> [UInt8] {
    (0..<count).flatMap { index in
      let bits = Float(index).bitPattern
      return withUnsafeBytes(of: bigEndian ? bits.bigEndian : bits.littleEndian) { Array($0) }
    }
  }

  @Test("a view is offset + index . strides into its storage, in either byte order")
  func views() throws {
    for isBigEndian in [false, true] {
      let bytes = archive(
        count: 12, offset: 1, shape: [2, 3], strides: [1, 4], data: floats(12, bigEndian: isBigEndian),
        order: isBigEndian ? "big" : "little")
      try withFile(bytes, named: "m.pt") { path in
        let tensor = try Checkpoint.open(path: path).tensor("w", as: Float.self)
        #expect(tensor == Tensor(shape: [2, 3], elements: [1, 5, 9, 2, 6, 10]))
      }
    }
  }

  @Test("a stride that is never taken may be any number")
  func unusedStride() throws {
    let bytes = archive(count: 4, offset: 1, shape: [1, 3, 1], strides: [.max, 1, .max], data: floats(4))
    try withFile(bytes, named: "m.pt") { path in
      let checkpoint = try Checkpoint.open(path: path)
      #expect(try checkpoint.tensor("w", as: Float.self).elements == [1, 2, 3])
      #expect(try checkpoint.rows(0..<1, of: "w", as: Float.self).elements == [1, 2, 3])
      #expect(try checkpoint.rows(1..<1, of: "w", as: Float.self).elements == [])
    }
  }

  @Test(
    "a view that reaches past its storage, or repeats it without end, is refused",
    arguments: [
      (4, 1, [4], [1], "reaches past the 4 elements of its storage"),
      (4, 0, [2, 2], [3, 2], "reaches past the 4 elements of its storage"),
      (4, 5, [0], [1], "reaches past the 4 elements of its storage"),
      (4, 1, [3], [Int.max], "reaches past the 4 elements of its storage"),
      (4, -1, [2], [1], "has shape [2], strides [1], offset -1"),
      (4, 0, [2], [-1], "has shape [2], strides [-1], offset 0"),
      (4, 0, [-2], [1], "has shape [-2], strides [1], offset 0"),
      (4, 0, [2, 2], [1], "has shape [2, 2], strides [1], offset 0"),
      (4, 0, [Int.max, 2], [0, 0], "has shape [9223372036854775807, 2]"),
      (4, 0, [1 << 40], [0], "repeats the 4 elements of its storage to 1099511627776"),
      (5, 0, [2], [1], "should hold 5 elements of F32 but has 16 bytes"),
      (Int.max, 0, [2], [1], "should hold 9223372036854775807 elements of F32 but has 16 bytes"),
    ])
  func outOfBounds(count: Int, offset: Int, shape: [Int], strides: [Int], expected: String) throws {
    let bytes = archive(count: count, offset: offset, shape: shape, strides: strides, data: floats(4))
    let text = try openingFault(bytes, named: "m.pt")
    #expect(text.hasPrefix("m.pt is damaged: tensor 'w' ") && text.contains(expected), "\(text)")
  }

  @Test("an archive saved without checksums opens, one with a single false checksum does not")
  func checksums() throws {
    let members = try members("lstm.pt")
    try withFile(zip(members, hasChecksums: false), named: "m.pt") { path in
      let checkpoint = try Checkpoint.open(path: path)
      #expect(checkpoint.names.contains("rnn.weight_ih_l0"))
    }
    var bytes = zip(members)
    let name = Array("lstm/data/0".utf8)
    let start = try #require((0..<bytes.count).first { bytes[$0...].starts(with: name) })
    bytes[start + name.count] ^= 1
    #expect(try openingFault(bytes, named: "m.pt").contains("'lstm/data/0' does not match its checksum"))
  }

  @Test("members that lie over each other, or twice, are refused")
  func overlappingMembers() throws {
    let content = [UInt8](repeating: 7, count: 64)
    #expect(
      try openingFault(zip([("a.npy", content), ("a.npy", content)]), named: "m.npz").contains(
        "'a.npy' twice"))
    var bytes = zip([("a.npy", content), ("b.npy", content)])
    // The second directory entry, 46 + 5 bytes long, points at the first member and takes its name.
    let entry = bytes.count - 22 - 51
    bytes.replaceSubrange(entry + 42..<entry + 46, with: [0, 0, 0, 0])
    #expect(try openingFault(bytes, named: "m.npz").contains("has another name here than in the directory"))
    // The content of the first is a zip that begins with a member of the second's name; the entry points there.
    bytes = zip([("a.npy", zip([("b.npy", content)])), ("b.npy", content)])
    let last = bytes.count - 22 - 51
    bytes.replaceSubrange(last + 42..<last + 46, with: [35, 0, 0, 0])
    #expect(
      try openingFault(bytes, named: "m.npz")
        == "m.npz is damaged: the data of 'b.npy' overlap those of another member")
  }

  @Test("damaged pickles and npy members behind right checksums throw, or yield tensors of their shapes")
  func mutatedMembers() throws {
    var generator = RandomGenerator(seed: 99)
    var opened = 0
    var refused = 0
    try withScratchFolder { folder in
      for (file, target) in [("views.pt", "data.pkl"), ("training.pth", "data.pkl"), ("arrays.npz", ".npy")] {
        let original = try members(file)
        for _ in 0..<700 {
          var members = original
          let candidates = members.indices.filter { members[$0].name.hasSuffix(target) }
          let chosen = candidates[generator.integer(below: candidates.count)]
          for _ in 0...generator.integer(below: 2) {
            let place = generator.integer(below: members[chosen].content.count)
            switch generator.integer(below: 4) {
            case 0: members[chosen].content[place] ^= 1 << UInt8(generator.integer(below: 8))
            case 1: members[chosen].content[place] = UInt8(generator.integer(below: 256))
            case 2: members[chosen].content.removeLast(min(place, members[chosen].content.count - 1))
            default: members[chosen].content.remove(at: place)
            }
            if members[chosen].content.isEmpty { members[chosen].content = [0] }
          }
          let path = "\(folder)/\(file)"
          try Data(zip(members)).write(to: URL(fileURLWithPath: path))
          do {
            let checkpoint = try Checkpoint.open(path: path)
            for name in checkpoint.names {
              #expect(
                try checkpoint.tensor(name, as: Float.self).shape == checkpoint.information(name)?.shape)
            }
            opened += 1
          } catch let error as CheckpointError {
            #expect("\(error)".contains(path))
            refused += 1
          }
        }
      }
    }
    #expect(opened + refused == 2100)
    #expect(opened > 50 && refused > 500, "\(opened) opened, \(refused) refused")
  }
}
