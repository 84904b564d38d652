/// The index of a checkpoint that is spread over several safetensors files.
///
/// A JSON object whose `weight_map` names, for every tensor, the file beside the index that holds it
/// (https://huggingface.co/docs/transformers/big_models).
enum SafetensorsIndex {
  /// The file name that folders use.
  static let fileName = "model.safetensors.index.json"

  /// The tensors that the index at `file` names, the metadata of all shards, and the shards by name.
  static func read(
    _ file: MappedFile
  ) throws(CheckpointError) -> (
    tensors: [String: StoredTensor], metadata: [String: String], shards: [MappedFile]
  ) {
    let map = try weightMap(file)
    let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
    var tensors: [String: StoredTensor] = [:]
    var metadata: [String: String] = [:]
    var shards: [MappedFile] = []
    for (shardName, names) in map.sorted(by: { $0.key < $1.key }) {
      let shard = try MappedFile(path: folder + shardName)
      let content = try SafetensorsFile.read(shard)
      for name in names {
        guard let tensor = content.tensors[name] else {
          throw .damaged(
            path: file.path, offset: nil,
            fault: "tensor '\(name)' is said to be in \(shardName), which does not have it")
        }
        tensors[name] = tensor
      }
      metadata.merge(content.metadata) { first, _ in first }
      shards.append(shard)
    }
    return (tensors, metadata, shards)
  }

  /// The names of the tensors of each shard.
  private static func weightMap(_ file: MappedFile) throws(CheckpointError) -> [String: [String]] {
    try file.withBytes { bytes throws(CheckpointError) in
      let reader = ByteReader(bytes, path: file.path)
      guard bytes.count <= SafetensorsFile.maximumHeaderLength else {
        throw reader.damaged(
          "an index of \(bytes.count) bytes; at most \(SafetensorsFile.maximumHeaderLength) are read")
      }
      var map: [String: [String]]?
      var scanner = JSONScanner(reader)
      try scanner.object { scanner, key throws(CheckpointError) in
        guard key == "weight_map" else { return try scanner.skipValue() }
        var shards: [String: [String]] = [:]
        try scanner.object { scanner, name throws(CheckpointError) in
          let shard = try scanner.string()
          // A shard lies beside its index: a path could name any file of the machine.
          guard shard.hasSuffix(".safetensors"), !shard.utf8.contains(UInt8(ascii: "/")),
            !shard.utf8.contains(0)
          else {
            throw scanner.reader.damaged(
              "tensor '\(name)' is said to be in '\(shard)', which is not the name of a .safetensors file beside "
                + "the index")
          }
          shards[shard, default: []].append(name)
        }
        map = shards
      }
      try scanner.end()
      guard let map, !map.isEmpty else { throw reader.damaged("the index has no tensors in a weight_map") }
      return map
    }
  }
}
