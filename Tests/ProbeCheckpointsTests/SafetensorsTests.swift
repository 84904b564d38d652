import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@Suite("safetensors")
struct SafetensorsTests {
  private func fault(_ header: String, data: Int) throws -> String {
    try openingFault(safetensors(header, data: data), named: "m.safetensors")
  }

  @Test("a hand-made file reads as its bytes say, at any alignment")
  func handMade() throws {
    let header =
      #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"I32","shape":[2],"data_offsets":[1,9]}}"#
    try withFile(safetensors(header, data: 9), named: "m.safetensors") { path in
      let checkpoint = try Checkpoint.open(path: path)
      #expect(checkpoint.names == ["b", "w"])
      // Bytes 1 2 3 4 and 5 6 7 8, little-endian.
      #expect(try checkpoint.integers("w").elements == [0x0403_0201, 0x0807_0605])
      let start = 8 + header.utf8.count
      #expect(checkpoint.information("w")?.byteRange == start + 1..<start + 9)
    }
  }

  @Test("every bfloat16 and binary16 pattern becomes the value IEEE 754 gives it")
  func halves() throws {
    let patterns = (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let header =
      #"{"b":{"dtype":"BF16","shape":[65536],"data_offsets":[0,131072]},"h":{"dtype":"F16","shape":[65536],"data_offsets":[131072,262144]}}"#
    let bytes = safetensors(header, data: 0) + patterns + patterns
    try withFile(bytes, named: "m.safetensors") { path in
      let checkpoint = try Checkpoint.open(path: path)
      let brain = try checkpoint.tensor("b", as: Float.self).elements
      let half = try checkpoint.tensor("h", as: Float.self).elements
      var wrong = 0
      for pattern in 0..<65536 {
        if brain[pattern].bitPattern != UInt32(pattern) << 16 { wrong += 1 }
        let peer = Float(Float16(bitPattern: UInt16(pattern)))
        if half[pattern].isNaN ? !peer.isNaN : half[pattern].bitPattern != peer.bitPattern { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }

  @Test("what is written is read back, bit for bit in F64 and rounded in F32")
  func roundTrip() throws {
    var generator = RandomGenerator(seed: 11)
    let tensors = [
      "a.weight": Tensor(shape: [3, 5], elements: (0..<15).map { _ in generator.uniform(-1, 1) }),
      "quote\"\\\u{1}é": Tensor(shape: [], elements: [Double.infinity]),
      "none": Tensor(shape: [0, 4], elements: []),
    ]
    try withScratchFolder { folder in
      let path = "\(folder)/m.safetensors"
      try writeSafetensors(tensors, to: path, metadata: ["k": "v\n"])
      let double = try Checkpoint.open(path: path)
      #expect(double.metadata == ["k": "v\n"])
      for (name, tensor) in tensors { #expect(try double.tensor(name, as: Double.self) == tensor) }
      #expect(
        Checkpoint(label: "memory", tensors: tensors, metadata: ["k": "v\n"]).sha256() == double.sha256())

      try writeSafetensors(tensors, to: path, as: .float32)
      let single = try Checkpoint.open(path: path)
      for (name, tensor) in tensors {
        #expect(single.information(name)?.type == .float32)
        #expect(try single.tensor(name, as: Float.self) == tensor.converted(to: Float.self))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.safetensors"])
    }
    let error = #expect(throws: CheckpointError.self) { try writeSafetensors(tensors, to: "/nowhere/at/all") }
    #expect(error?.description == "cannot write /nowhere/at/all: No such file or directory")
  }

  @Test("rows are read, and their bytes lent, without the rest")
  func rows() throws {
    let checkpoint = try Checkpoint.open(path: fixture("types.safetensors"))
    let whole = try checkpoint.tensor("bf16", as: Float.self)
    #expect(try checkpoint.rows(2..<5, of: "bf16", as: Float.self).elements == Array(whole.elements[4..<10]))
    var tile = [Float](repeating: .nan, count: 6)
    try tile.withUnsafeMutableBufferPointer { buffer in
      try checkpoint.readRows(2..<5, of: "bf16", into: buffer)
    }
    #expect(tile == Array(whole.elements[4..<10]))
    let bits = try checkpoint.withBytes(of: "bf16", rows: 2..<5) { bytes in
      stride(from: 0, to: bytes.count, by: 2).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self) }
    }
    #expect(bits == whole.elements[4..<10].map { UInt16($0.bitPattern >> 16) })
    #expect(try checkpoint.rows(7..<7, of: "bf16", as: Double.self).shape == [0, 2])
    for range in [0..<8, -1..<2] {
      #expect(throws: CheckpointError.self) { try checkpoint.rows(range, of: "bf16", as: Float.self) }
    }
    #expect(throws: CheckpointError.self) { try checkpoint.rows(0..<0, of: "scalar", as: Float.self) }
  }

  @Test("a tensor that is absent, or not of integers, is named")
  func wrongRequests() throws {
    let checkpoint = Checkpoint(label: "memory", tensors: ["w": Tensor(shape: [1], elements: [1.5])])
    let absent = #expect(throws: CheckpointError.self) { try checkpoint.tensor("v", as: Double.self) }
    #expect(absent?.description == "memory has no tensor 'v'; it has 'w'")
    let floating = #expect(throws: CheckpointError.self) { try checkpoint.integers("w") }
    #expect(floating?.description == "tensor 'w' in memory: it is F64, not integers")
  }

  @Test("the first weight that is not finite is named with its index")
  func notFinite() throws {
    for value in [Double.nan, .infinity, -.infinity] {
      var elements = [Double](repeating: 0, count: 200_000)
      elements[123_457] = value
      let tensors = [
        "a": Tensor(shape: [2], elements: [0, 1]), "w": Tensor(shape: [200, 1000], elements: elements),
      ]
      let checkpoint = Checkpoint(label: "memory", tensors: tensors)
      let error = #expect(throws: CheckpointError.self) { try checkpoint.requireFinite() }
      #expect(
        error?.description == "tensor 'w' in memory has \(value) at index [123, 457]; weights must be finite")
      try checkpoint.requireFinite("a")
    }
  }

  @Test(
    "a damaged header is refused with its fault",
    arguments: [
      (
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7,
        "describes 8 bytes of tensors, the file holds 7"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9,
        "describes 8 bytes of tensors, the file holds 9"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
        "needs 12 bytes, but its data_offsets are [0, 8]"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8,
        "needs 8 bytes, but its data_offsets are [8, 0]"
      ),
      (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#, 9, "begins at data byte 1"),
      (
        #"{"v":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"w":{"dtype":"U8","shape":[5],"data_offsets":[4,9]}}"#,
        9,
        "tensor 'w' begins at data byte 4, but the tensors before it end at 5: they overlap"
      ),
      (
        #"{"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}"#,
        9,
        "there is a gap"
      ),
      (
        #"{"w":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}"#, 8,
        "tensor 'w' has dtype 'Q4'; read are F64"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, 8, "beyond any memory"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[0,9223372036854775807,9],"data_offsets":[0,0]}}"#, 0,
        "beyond any memory"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8,
        "a whole number, not negative, should be here"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, 8,
        "a fraction where a whole number should be"
      ),
      (#"{"w":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, 8, "leading zero"),
      (
        #"{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8,
        "a number beyond 2^63"
      ),
      (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#, 8, "more than 2 numbers"),
      (#"{"w":{"dtype":"F32","shape":[2]}}"#, 8, "lacks dtype, shape or its two data_offsets"),
      (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#, 8, "the unknown key 'x'"),
      (
        #"{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8,
        "key 'dtype' occurs twice"
      ),
      (
        #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
        0,
        "byte 61: key 'w' occurs twice"
      ),
      (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}"#, 8, "a string should be here"),
      (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x"#, 8, "text after the end"),
      (#"{"w":[]}"#, 0, "an object should be here"),
      (#"{"__metadata__":{"k":1}}"#, 0, "a string should be here"),
      (#"{"\ud800":{}}"#, 0, "half a surrogate pair"),
      (#"{"w"#, 0, "the data end in the middle of a value"),
    ])
  func damagedHeaders(header: String, data: Int, expected: String) throws {
    let text = try fault(header, data: data)
    #expect(text.contains(expected), "\(text)")
    #expect(text.contains("m.safetensors"))
  }

  @Test("a header longer than its file, or than the cap, is refused before it is read")
  func hugeHeader() throws {
    for length in [100, 100_000_001, UInt64.max] {
      let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
      #expect(
        try openingFault(bytes, named: "m.safetensors")
          == "m.safetensors is damaged at byte 0: a header of \(length) bytes is announced; the file has 2 after its "
          + "first 8, and at most 100000000 are read")
    }
  }

  @Test("an empty file, a short file, a missing file and a folder each say so")
  func noFile() throws {
    #expect(
      try openingFault([], named: "m.safetensors")
        == "m.safetensors is damaged at byte 0: 0 bytes are too few for a safetensors file, which begins with 8"
    )
    #expect(try openingFault([], named: "m.bin") == "m.bin is damaged: it is empty")
    #expect(
      try openingFault(Array("GGUF1234".utf8), named: "m.gguf")
        == "cannot tell what m.gguf is: it begins with the bytes 47 47 55 46 31 32 33 34; read are safetensors (also "
        + "sharded, with an index), npy, npz and PyTorch's zip (.pt, .pth)")
    let missing = #expect(throws: CheckpointError.self) { try Checkpoint.open(path: "/nowhere.npz") }
    #expect(missing?.description == "cannot read /nowhere.npz: No such file or directory")
    try withScratchFolder { folder in
      let empty = #expect(throws: CheckpointError.self) { try Checkpoint.open(path: folder) }
      #expect(empty?.description.contains("a folder without a safetensors file") == true)
    }
  }
}
