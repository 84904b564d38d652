import Glibc

extension Checkpoint {
  /// Opens a file of weights, told apart by its content and, where that is not decisive, by its extension.
  ///
  /// Read are `.safetensors`, an index of shards (`model.safetensors.index.json`) or a folder that holds either,
  /// `.npz`, `.npy` (one tensor, named after the file) and PyTorch's zip (`.pt`, `.pth`), whose pickle is not executed.
  ///
  /// - Throws: ``CheckpointError``.
  /// - Complexity: O(header) for safetensors; zip members are read once, for their checksums.
  public static func open(path: String) throws(CheckpointError) -> Checkpoint {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return try open(folder: path.hasSuffix("/") ? String(path.dropLast()) : path)
    }
    let file = try MappedFile(path: path)
    switch try CheckpointFormat.of(file) {
    case .safetensors:
      let content = try SafetensorsFile.read(file)
      return Checkpoint(path: path, tensors: content.tensors, metadata: content.metadata, files: [file])
    case .safetensorsIndex:
      let content = try SafetensorsIndex.read(file)
      return Checkpoint(
        path: path, tensors: content.tensors, metadata: content.metadata, files: content.shards)
    case .npy:
      let array = try NumpyFile.readArray(file)
      return Checkpoint(path: path, tensors: [fileStem(path): array], metadata: [:], files: [file])
    case .zip:
      let archive = try ZipArchive(file)
      if archive.members.contains(where: { $0.name.hasSuffix(TorchArchive.pickleName) }) {
        let content = try TorchArchive.read(archive)
        return Checkpoint(path: path, tensors: content.tensors, metadata: content.metadata, files: [file])
      }
      let tensors = try NumpyFile.readArchive(archive)
      guard !tensors.isEmpty else {
        throw .damaged(path: path, offset: nil, fault: "a zip file without members")
      }
      return Checkpoint(path: path, tensors: tensors, metadata: [:], files: [file])
    }
  }

  /// Opens the weights in a folder: the index, `model.safetensors`, or the only safetensors file there.
  private static func open(folder: String) throws(CheckpointError) -> Checkpoint {
    guard let directory = opendir(folder) else {
      throw .unreadable(path: folder, reason: MappedFile.lastError())
    }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".safetensors") || name == SafetensorsIndex.fileName { found.append(name) }
    }
    found.sort()
    if found.contains(SafetensorsIndex.fileName) {
      return try open(path: "\(folder)/\(SafetensorsIndex.fileName)")
    }
    if found.contains("model.safetensors") { return try open(path: "\(folder)/model.safetensors") }
    guard let only = found.first, found.count == 1 else {
      throw .unrecognised(
        path: folder,
        seen: found.isEmpty
          ? "a folder without a safetensors file"
          : "a folder of \(found.count) safetensors files (\(found.joined(separator: ", "))) without an index"
      )
    }
    return try open(path: "\(folder)/\(only)")
  }
}
