/// npy arrays and the npz archives of them.
enum NumpyFile {
  /// The array in a mapped npy file.
  static func readArray(_ file: MappedFile) throws(CheckpointError) -> StoredTensor {
    try tensor(.mapped(file, 0..<file.count), file: file, base: 0)
  }

  /// The arrays of a mapped npz file by name, without their `.npy`.
  static func readArchive(_ archive: ZipArchive) throws(CheckpointError) -> [String: StoredTensor] {
    var tensors: [String: StoredTensor] = [:]
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        throw .unsupported(
          path: archive.file.path,
          fault: "'\(member.name)' in it is no npy array, which all of an npz should be")
      }
      let content = try archive.content(of: member)
      let base = member.isDeflated ? nil : member.range.lowerBound
      do {
        tensors[String(member.name.dropLast(4))] = try tensor(content, file: archive.file, base: base)
      } catch .damaged(let path, let offset, let fault) {
        throw .damaged(path: path, offset: offset, fault: "'\(member.name)': \(fault)")
      } catch .unsupported(let path, let fault) {
        throw .unsupported(path: path, fault: "'\(member.name)': \(fault)")
      }
    }
    return tensors
  }

  /// The array whose npy bytes are `source`.
  private static func tensor(
    _ source: ByteSource, file: MappedFile, base: Int?
  ) throws(CheckpointError) -> StoredTensor {
    let (header, start, count) = try source.withBytes { bytes throws(CheckpointError) in
      var reader = ByteReader(bytes, path: file.path, base: base)
      let header = try NumpyHeader(&reader)
      guard let needed = TensorShape.byteCount(header.shape, of: header.type) else {
        throw reader.damaged("an npy array of shape \(header.shape) is beyond any memory")
      }
      guard needed == reader.remaining else {
        throw reader.damaged(
          "an npy array of shape \(header.shape) and type \(header.type.rawValue) needs \(needed) bytes, but "
            + "\(reader.remaining) follow its header")
      }
      return (header, reader.position, needed)
    }
    let data: ByteSource
    switch source {
    case .mapped(let file, let range):
      data = .mapped(file, range.lowerBound + start..<range.lowerBound + start + count)
    case .bytes(let bytes): data = .bytes(Array(bytes[start...]))
    case .values: preconditionFailure("an npy file is made of bytes")
    }
    return StoredTensor(
      data, type: header.type, shape: header.shape,
      strides: header.isFortranOrder
        ? TensorShape.columnMajorStrides(header.shape) : TensorShape.rowMajorStrides(header.shape),
      offset: 0, isBigEndian: header.isBigEndian, file: file.path)
  }
}
