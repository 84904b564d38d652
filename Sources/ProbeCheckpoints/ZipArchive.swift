import CDeflate

/// The members of a zip file, checked: the container of `.npz` and of PyTorch's `.pt`.
///
/// Read are stored and deflated members, with zip64 extents (APPNOTE.TXT 6.3.10, sections 4.3 to 4.5). Members may not
/// overlap, which defeats files in which one kernel of data expands many times (Fifield 2019, "A better zip bomb").
struct ZipArchive {
  /// One member: where its data lie and what they should be.
  struct Member {
    let name: String
    /// The bytes in the file, compressed or not.
    let range: Range<Int>
    let isDeflated: Bool
    /// The length once expanded.
    let expandedCount: Int
    let checksum: UInt32
  }

  /// DEFLATE gives at most 258 bytes for 2 bits, a little over 1032 for a byte (RFC 1951, 3.2.5): more is a lie.
  static let maximumExpansion = 1032
  /// All deflated members together may expand to this many bytes, since they are held in memory.
  static let maximumExpandedTotal = 4 << 30

  let file: MappedFile
  let members: [Member]
  /// PyTorch can be told to save without checksums (`set_crc32_options`); then all of them are 0.
  private let hasChecksums: Bool

  /// Reads the directory of a mapped zip file.
  init(_ file: MappedFile) throws(CheckpointError) {
    self.file = file
    let members = try file.withBytes { bytes throws(CheckpointError) in
      try ZipDirectory(bytes, path: file.path).members()
    }
    self.members = members
    hasChecksums = members.contains { $0.checksum != 0 }
    try checkLayout()
  }

  /// The content of a member, its checksum verified: a range of the file, or expanded bytes.
  func content(of member: Member) throws(CheckpointError) -> ByteSource {
    let source =
      member.isDeflated ? ByteSource.bytes(try expanded(member)) : .mapped(file, member.range)
    let checksum = source.withBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
    guard checksum == member.checksum || !hasChecksums else {
      throw .damaged(
        path: file.path, offset: member.range.lowerBound,
        fault: "the content of '\(member.name)' does not match its checksum (CRC-32 \(checksum) instead of "
          + "\(member.checksum))")
    }
    return source
  }

  private func expanded(_ member: Member) throws(CheckpointError) -> [UInt8] {
    guard let decompressor = libdeflate_alloc_decompressor() else {
      throw .unreadable(path: file.path, reason: "no memory to expand '\(member.name)'")
    }
    defer { libdeflate_free_decompressor(decompressor) }
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: member.expandedCount) { buffer, initialized in
      let status = file.withBytes { whole in
        let input = UnsafeRawBufferPointer(rebasing: whole[member.range])
        // Without a place for the actual length, anything but exactly this many bytes is an error.
        return libdeflate_deflate_decompress(
          decompressor, input.baseAddress, input.count, buffer.baseAddress, member.expandedCount, nil)
      }
      isWhole = status == LIBDEFLATE_SUCCESS
      initialized = isWhole ? member.expandedCount : 0
    }
    guard isWhole else {
      throw .damaged(
        path: file.path, offset: member.range.lowerBound,
        fault:
          "the compressed data of '\(member.name)' do not expand to the \(member.expandedCount) bytes announced"
      )
    }
    return bytes
  }

  /// Checks that no members overlap, that names are unique, and that the announced expansion is possible.
  private func checkLayout() throws(CheckpointError) {
    var end = 0
    var expandedTotal = 0
    var names: Set<String> = []
    for member in members.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard names.insert(member.name).inserted else { throw fault("it holds '\(member.name)' twice") }
      guard member.range.lowerBound >= end else {
        throw fault("the data of '\(member.name)' overlap those of another member")
      }
      end = member.range.upperBound
      guard member.isDeflated else { continue }
      // The quotient is at most the file's length, so nothing here can overflow.
      guard member.expandedCount / Self.maximumExpansion <= member.range.count else {
        throw fault(
          "'\(member.name)' announces \(member.expandedCount) bytes out of \(member.range.count) compressed ones, "
            + "more than DEFLATE can give")
      }
      expandedTotal += member.expandedCount
      guard expandedTotal <= Self.maximumExpandedTotal else {
        throw .unsupported(
          path: file.path,
          fault:
            "its compressed members expand to more than \(Self.maximumExpandedTotal) bytes; save it uncompressed "
            + "(numpy.savez) or as safetensors")
      }
    }
  }

  private func fault(_ text: String) -> CheckpointError {
    .damaged(path: file.path, offset: nil, fault: text)
  }
}
