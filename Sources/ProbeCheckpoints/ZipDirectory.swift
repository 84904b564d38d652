/// The central directory of a zip file, read from the file's end (APPNOTE.TXT 6.3.10).
struct ZipDirectory {
  private let bytes: UnsafeRawBufferPointer
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The fields of a directory entry that zip64 may widen.
  private struct Extent {
    var expanded: UInt64
    var compressed: UInt64
    var offset: UInt64
  }

  /// The members in directory order, each with the place of its data; folders are left out.
  func members() throws(CheckpointError) -> [ZipArchive.Member] {
    let (count, begin, length) = try directory()
    var reader = ByteReader(bytes, path: path)
    try reader.seek(to: begin, for: "the zip directory")
    // An entry takes at least 46 bytes, which bounds what a count can make us reserve or read.
    guard length <= reader.remaining, count <= length / 46 else {
      throw reader.damaged("a zip directory of \(count) entries in \(length) bytes does not fit the file")
    }
    var members: [ZipArchive.Member] = []
    for _ in 0..<count {
      if let member = try entry(&reader, directoryStart: begin) { members.append(member) }
    }
    guard reader.position <= begin + length else {
      throw reader.damaged("the zip directory's entries are longer than the directory")
    }
    return members
  }

  /// The number of entries, the first byte and the length of the directory (sections 4.3.14 to 4.3.16).
  private func directory() throws(CheckpointError) -> (count: Int, begin: Int, length: Int) {
    var reader = ByteReader(bytes, path: path)
    let end = try endRecord()
    try reader.seek(to: end + 8, for: "the zip end record")
    let entriesHere = try reader.integer(UInt16.self)
    let entries = try reader.integer(UInt16.self)
    let length = try reader.integer(UInt32.self)
    let begin = try reader.integer(UInt32.self)
    if entries == .max || length == .max || begin == .max, end >= 20 {
      try reader.seek(to: end - 20, for: "the zip64 locator")
      if try reader.integer(UInt32.self) == 0x0706_4B50 {
        _ = try reader.integer(UInt32.self)
        let recordOffset = try reader.integer(UInt64.self)
        try reader.seek(to: try narrow(recordOffset, "the zip64 end record"), for: "the zip64 end record")
        guard try reader.integer(UInt32.self) == 0x0606_4B50 else {
          throw reader.damaged("the zip64 end record is not where its locator says")
        }
        _ = try reader.take(28)  // record size, versions, disk numbers, entries on this disk
        let entries = try narrow(try reader.integer(UInt64.self), "the number of zip entries")
        let length = try narrow(try reader.integer(UInt64.self), "the length of the zip directory")
        let begin = try narrow(try reader.integer(UInt64.self), "the place of the zip directory")
        return (entries, begin, length)
      }
    }
    guard entriesHere == entries else {
      throw CheckpointError.unsupported(path: path, fault: "it is one part of a zip archive in several files")
    }
    return (Int(entries), Int(begin), Int(length))
  }

  /// The place of the end-of-directory record: the last one whose comment ends with the file.
  private func endRecord() throws(CheckpointError) -> Int {
    var position = bytes.count - 22
    let lowest = max(0, position - Int(UInt16.max))
    while position >= lowest {
      if bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian == 0x0605_4B50 {
        let comment = bytes.loadUnaligned(fromByteOffset: position + 20, as: UInt16.self).littleEndian
        if position + 22 + Int(comment) == bytes.count { return position }
      }
      position -= 1
    }
    throw .damaged(
      path: path, offset: nil,
      fault: "it begins as a zip file but has no zip directory at its end: it is cut short")
  }

  /// One entry of the directory (section 4.3.12).
  private func entry(
    _ reader: inout ByteReader, directoryStart: Int
  ) throws(CheckpointError) -> ZipArchive.Member? {
    let start = reader.position
    guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
      throw reader.damaged("an entry of the zip directory should be here", at: start)
    }
    _ = try reader.take(4)  // versions
    let flags = try reader.integer(UInt16.self)
    let method = try reader.integer(UInt16.self)
    _ = try reader.take(4)  // time and date
    let checksum = try reader.integer(UInt32.self)
    var extent = Extent(expanded: 0, compressed: 0, offset: 0)
    extent.compressed = UInt64(try reader.integer(UInt32.self))
    extent.expanded = UInt64(try reader.integer(UInt32.self))
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    let commentLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(8)  // disk number, attributes
    extent.offset = UInt64(try reader.integer(UInt32.self))
    let name = try reader.text(nameLength)
    let extraStart = reader.position
    let extra = try reader.take(extraLength)
    _ = try reader.take(commentLength)
    try widen(&extent, ByteReader(extra, path: path, base: extraStart))
    guard flags & 1 == 0 else { throw .unsupported(path: path, fault: "'\(name)' in it is encrypted") }
    guard method == 0 || method == 8 else {
      throw .unsupported(
        path: path,
        fault: "'\(name)' is compressed by zip method \(method); read are 0 (stored) and 8 (deflate)")
    }
    if name.hasSuffix("/") { return nil }
    let begin = try dataStart(at: try narrow(extent.offset, "'\(name)'"), name: name)
    let compressed = try narrow(extent.compressed, "the length of '\(name)'")
    let expanded = try narrow(extent.expanded, "the expanded length of '\(name)'")
    guard begin <= directoryStart, compressed <= directoryStart - begin else {
      throw reader.damaged(
        "'\(name)', of \(compressed) bytes at \(begin), runs into the zip directory", at: start)
    }
    guard method == 8 || compressed == expanded else {
      throw reader.damaged("'\(name)' is stored, yet \(compressed) bytes become \(expanded)", at: start)
    }
    return ZipArchive.Member(
      name: name, range: begin..<begin + compressed, isDeflated: method == 8, expandedCount: expanded,
      checksum: checksum)
  }

  /// Replaces the fields that are all ones by those of the zip64 extra field (section 4.5.3).
  private func widen(_ extent: inout Extent, _ extra: ByteReader) throws(CheckpointError) {
    var extra = extra
    while extra.remaining >= 4 {
      let identifier = try extra.integer(UInt16.self)
      let length = Int(try extra.integer(UInt16.self))
      let start = extra.position
      let content = try extra.take(length)
      guard identifier == 1 else { continue }
      var field = ByteReader(content, path: path, base: extra.base.map { $0 + start })
      if extent.expanded == UInt32.max { extent.expanded = try field.integer(UInt64.self) }
      if extent.compressed == UInt32.max { extent.compressed = try field.integer(UInt64.self) }
      if extent.offset == UInt32.max { extent.offset = try field.integer(UInt64.self) }
      return
    }
  }

  /// The place of a member's data, after its local header (section 4.3.7).
  private func dataStart(at offset: Int, name: String) throws(CheckpointError) -> Int {
    var reader = ByteReader(bytes, path: path)
    try reader.seek(to: offset, for: "the zip member '\(name)'")
    guard try reader.integer(UInt32.self) == 0x0403_4B50 else {
      throw reader.damaged("the zip member '\(name)' should begin here", at: offset)
    }
    _ = try reader.take(22)  // what the directory has said already
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    guard try reader.take(nameLength).elementsEqual(name.utf8) else {
      throw reader.damaged("the zip member '\(name)' has another name here than in the directory", at: offset)
    }
    _ = try reader.take(extraLength)
    return reader.position
  }

  private func narrow(_ value: UInt64, _ what: String) throws(CheckpointError) -> Int {
    guard let narrowed = Int(exactly: value) else {
      throw .damaged(path: path, offset: nil, fault: "\(what) is said to be \(value), beyond any file")
    }
    return narrowed
  }
}
