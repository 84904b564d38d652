import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@Suite("Damaged files")
struct DamagedFileTests {
  /// One of the damages that files suffer, or that someone would try.
  private func mutate(_ bytes: inout [UInt8], _ generator: inout RandomGenerator) {
    if bytes.isEmpty { return }
    // Headers and directories lie at the ends; half of the damage goes there.
    func place() -> Int {
      let near = min(bytes.count, 256)
      switch generator.integer(below: 4) {
      case 0: return generator.integer(below: near)
      case 1: return bytes.count - 1 - generator.integer(below: near)
      default: return generator.integer(below: bytes.count)
      }
    }
    switch generator.integer(below: 7) {
    case 0: bytes[place()] ^= 1 << UInt8(generator.integer(below: 8))
    case 1: bytes[place()] = UInt8(generator.integer(below: 256))
    case 2: bytes.removeLast(generator.integer(below: bytes.count + 1))
    case 3:
      let start = place()
      bytes.removeSubrange(start..<min(bytes.count, start + 1 + generator.integer(below: 16)))
    case 4: bytes.insert(contentsOf: bytes.prefix(generator.integer(below: 32)), at: place())
    case 5:  // a number at its extreme
      let start = place()
      for index in start..<min(bytes.count, start + [1, 2, 4, 8][generator.integer(below: 4)]) {
        bytes[index] = 0xFF
      }
    default:  // another digit, or one more
      let start = place()
      bytes.insert(UInt8(ascii: "0") + UInt8(generator.integer(below: 10)), at: start)
    }
  }

  @Test(
    "ten thousand damaged files each throw a CheckpointError or yield tensors that agree with their shapes",
    arguments: [
      "types.safetensors", "inputs.npy", "arrays.npz", "compressed.npz", "views.pt", "training.pth",
      "sharded/model.safetensors.index.json",
    ])
  func mutations(file: String) throws {
    let original = try fixtureBytes(file)
    let name = String(file.split(separator: "/").last ?? "")
    var generator = RandomGenerator(seed: 2026, stream: UInt64(original.count))
    var refused = 0
    var opened = 0
    try withScratchFolder { folder in
      if file.hasPrefix("sharded") {
        for shard in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] {
          try FileManager.default.copyItem(atPath: fixture("sharded/\(shard)"), toPath: "\(folder)/\(shard)")
        }
      }
      let path = "\(folder)/\(name)"
      for _ in 0..<1500 {
        var bytes = original
        for _ in 0...generator.integer(below: 3) { mutate(&bytes, &generator) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          try check(try Checkpoint.open(path: path))
          opened += 1
        } catch let error as CheckpointError {
          #expect("\(error)".contains(name) || "\(error)".contains("safetensors"))
          refused += 1
        }  // any other error fails the test
      }
    }
    #expect(opened + refused == 1500)
    #expect(refused > 300, "the damage should be noticed: \(opened) opened")
  }

  private func check(_ checkpoint: Checkpoint) throws {
    for name in checkpoint.names {
      let information = try #require(checkpoint.information(name))
      let tensor = try checkpoint.tensor(name, as: Double.self)
      #expect(tensor.shape == information.shape)
      #expect(tensor.count == information.shape.reduce(1, *))
      if let rows = information.shape.first, rows > 0 {
        let last = try checkpoint.rows(rows - 1..<rows, of: name, as: Double.self)
        #expect(last.elements.map(\.bitPattern) == tensor.elements.suffix(last.count).map(\.bitPattern))
      }
      if !information.type.isFloating, information.type != .uint64 {
        #expect(try checkpoint.integers(name).count == tensor.count)
      }
    }
  }
}
