import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@Suite("npy and npz")
struct NumpyTests {
  @Test("Fortran order puts the first axis fastest, and the values come out row-major")
  func fortranOrder() throws {
    let bytes = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", data: [0, 1, 2, 3, 4, 5])
    try withFile(bytes, named: "a.npy") { path in
      let array = try NumpyArray(path: path)
      #expect(array.name == "a")
      #expect(try array.integers().elements == [0, 2, 4, 1, 3, 5])
    }
  }

  @Test("big-endian elements are turned, and unsigned ones beyond Int refused")
  func byteOrder() throws {
    let short = npy("{'shape': (1,), 'descr': \">i2\", 'fortran_order': False}\n", data: [0x01, 0x02])
    try withFile(short, named: "a.npy") { path in
      let array = try readArray(path: path)
      #expect(array.elements == [258])
    }
    let large = npy(
      "{'descr': '>u8', 'fortran_order': False, 'shape': (), }", data: [0x80, 0, 0, 0, 0, 0, 0, 0])
    try withFile(large, named: "a.npy") { path in
      let array = try NumpyArray(path: path)
      #expect(array.values().elements == [0x1p63])
      #expect(throws: CheckpointError.self) { try array.integers() }
    }
  }

  @Test(
    "a damaged npy file is refused with its fault",
    arguments: [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "needs 8 bytes, but 4 follow its header"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }", "needs 0 bytes, but 4 follow its header"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "an npy shape that is a number, not a tuple"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "a whole number should be here"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "beyond any memory"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9)}", "beyond any memory"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
        "an npy extent beyond 2^63"
      ),
      ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "True or False should be here"),
      ("{'descr': '<f4', 'fortran_order': False}", "lacks descr, fortran_order or shape"),
      ("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "'descr', unknown or for the second time"),
      ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "elements of type '<c8'; read are b1, f2"),
      ("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "elements of type '|f4'"),
      ("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "elements of type ''"),
      ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "records of several fields"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} or 1",
        "text after the npy header's dictionary"
      ),
      ("__import__('os')", "'{' should be here in the npy header"),
    ])
  func damagedHeaders(header: String, expected: String) throws {
    let text = try openingFault(npy(header, data: [0, 0, 0, 0]), named: "a.npy")
    #expect(text.contains(expected), "\(text)")
    #expect(text.contains("a.npy"))
  }

  @Test("what only its name calls an npy or npz is refused by its beginning")
  func wrongBeginning() throws {
    let text = Array("1.0,2.0\n".utf8)
    #expect(
      try openingFault(text, named: "a.npy")
        == "a.npy is damaged at byte 0: it does not begin as an npy array")
    #expect(
      try openingFault(text, named: "a.npz") == "a.npz is damaged at byte 0: it does not begin as a zip file")
  }

  @Test("a flipped bit in a stored or a compressed member fails its checksum or its decoding")
  func flippedBits() throws {
    var stored = try fixtureBytes("arrays.npz")
    stored[300] ^= 0x10  // within the data of the first member, whose header ends at 128 + its local header
    #expect(try openingFault(stored, named: "a.npz").contains("does not match its checksum (CRC-32 "))
    var compressed = try fixtureBytes("compressed.npz")
    compressed[200] ^= 0x10
    let text = try openingFault(compressed, named: "a.npz")
    #expect(text.contains("checksum") || text.contains("do not expand to the"), "\(text)")
  }

  @Test("a member that announces more than DEFLATE can give is refused before it is expanded")
  func impossibleExpansion() throws {
    var bytes = try fixtureBytes("compressed.npz")
    // The last directory entry's expanded length, 24 bytes after its signature; it is the array of zeros.
    let signature: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
    let entry = try #require((0..<bytes.count - 4).last { Array(bytes[$0..<$0 + 4]) == signature })
    bytes.replaceSubrange(entry + 24..<entry + 28, with: [0, 0, 0, 0x70])
    let text = try openingFault(bytes, named: "a.npz")
    #expect(text.contains("'zeros.npy' announces 1879048192 bytes out of "), "\(text)")
    #expect(text.hasSuffix("compressed ones, more than DEFLATE can give"))
  }

  @Test("a zip cut short, or without members, says so")
  func cutShort() throws {
    let bytes = try fixtureBytes("arrays.npz")
    #expect(
      try openingFault(Array(bytes.dropLast(10)), named: "a.npz")
        == "a.npz is damaged: it begins as a zip file but has no zip directory at its end: it is cut short")
    #expect(
      try openingFault([0x50, 0x4B, 5, 6] + Array(repeating: 0, count: 18), named: "a.npz")
        == "a.npz is damaged: a zip file without members")
  }
}
