extension Checkpoint {
  /// The SHA-256 of the weights, as 64 hexadecimal digits: what identifies a model in a capture.
  ///
  /// Of one file it is the file's own, as `sha256sum` prints it. Of several shards it is that of the lines
  /// `<digest>  <name>`, sorted by name, as `sha256sum *.safetensors | sha256sum` prints it. Of a checkpoint in memory
  /// it is that of the F64 safetensors file that ``writeSafetensors(_:to:as:metadata:)`` would write.
  ///
  /// - Complexity: O(bytes); every byte is read.
  public func sha256() -> String {
    if files.count == 1 { return Self.digest(files[0]) }
    var hash = SHA256()
    if files.isEmpty {
      let layout = SafetensorsLayout(
        names.map { ($0, tensors[$0]?.shape ?? []) }, type: .float64, metadata: metadata)
      layout.header.withUnsafeBytes { hash.update($0) }
      for name in names { tensors[name]?.source.withBytes { hash.update($0) } }
    } else {
      for file in files {
        let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
        hash.update("\(Self.digest(file))  \(name)\n")
      }
    }
    return hash.hexadecimalDigest()
  }

  private static func digest(_ file: MappedFile) -> String {
    file.withBytes { bytes in
      var hash = SHA256()
      hash.update(bytes)
      return hash.hexadecimalDigest()
    }
  }
}
