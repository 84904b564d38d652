import Foundation
import ProbeCheckpoints
import Testing

@Suite("Sharded safetensors")
struct ShardIndexTests {
  /// The fault of opening the two-shard fixture with its index replaced.
  private func fault(_ index: String) throws -> String {
    try withScratchFolder { folder in
      for shard in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] {
        try FileManager.default.copyItem(atPath: fixture("sharded/\(shard)"), toPath: "\(folder)/\(shard)")
      }
      try Data(index.utf8).write(to: URL(fileURLWithPath: "\(folder)/model.safetensors.index.json"))
      do {
        _ = try Checkpoint.open(path: folder)
        return "opened"
      } catch { return "\(error)".replacing(folder, with: "folder") }
    }
  }

  @Test("a folder, a folder with a slash and its index open the same checkpoint")
  func sameCheckpoint() throws {
    let folder = try Checkpoint.open(path: fixture("sharded"))
    let slash = try Checkpoint.open(path: fixture("sharded") + "/")
    let index = try Checkpoint.open(path: fixture("sharded/model.safetensors.index.json"))
    #expect(folder.names == index.names && folder.names == slash.names && folder.names.count == 4)
    #expect(folder.information("weight_hh_l0")?.file.hasSuffix("model-00002-of-00002.safetensors") == true)
    #expect(folder.sha256() == index.sha256())
  }

  @Test("the digest of shards is that of the lines that sha256sum prints")
  func digest() throws {
    var hash = SHA256()
    for number in 1...2 {
      let name = "model-0000\(number)-of-00002.safetensors"
      hash.update("\(try Checkpoint.open(path: fixture("sharded/\(name)")).sha256())  \(name)\n")
    }
    #expect(try Checkpoint.open(path: fixture("sharded")).sha256() == hash.hexadecimalDigest())
  }

  @Test("an index that names a shard outside its folder, or a tensor that is not there, is refused")
  func refused() throws {
    for name in ["../model.safetensors", "/etc/passwd", "model.bin"] {
      #expect(
        try fault(#"{"weight_map":{"w":"\#(name)"}}"#).contains("is said to be in '\(name)', which is not"))
    }
    #expect(
      try fault(#"{"weight_map":{"w":"model-00001-of-00002.safetensors"}}"#)
        == "folder/model.safetensors.index.json is damaged: tensor 'w' is said to be in "
        + "model-00001-of-00002.safetensors, which does not have it")
    #expect(
      try fault(#"{"weight_map":{"w":"absent.safetensors"}}"#)
        == "cannot read folder/absent.safetensors: No such file or directory")
    #expect(try fault("{}").contains("the index has no tensors in a weight_map"))
    #expect(try fault("").contains("an object should be here"))
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(try fault(#"{"metadata":\#(deep)"#).contains("values nested deeper than 32"))
  }
}
