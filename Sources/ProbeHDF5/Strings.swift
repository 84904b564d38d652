import CHDF5

/// Reads text of either kind, fixed or variable length, out of datasets and attributes.
enum Strings {
  /// Reads `count` texts; `read` is HDF5's read call for the object, given a memory type and a buffer.
  static func read(
    type: borrowing Handle, space: borrowing Handle, count: Int, label: String,
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    if count == 0 { return [] }
    let size = H5Tget_size(type.id)
    guard count < 1 << 32, size > 0, size < 1 << 32, count * size < 1 << 36 else {
      throw HDF5Error("read \(label)", cause: "\(count) strings of \(size) bytes are too many")
    }
    return H5Tis_variable_str(type.id) > 0
      ? try readVariable(type: type, space: space, count: count, label: label, read)
      : try readFixed(type: type, count: count, size: size, label: label, read)
  }

  private static func readVariable(
    type: borrowing Handle, space: borrowing Handle, count: Int, label: String,
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count)
    pointers.initialize(repeating: nil, count: count)
    defer { pointers.deallocate() }
    let id = type.id
    try check("read \(label)") { read(id, UnsafeMutableRawPointer(pointers)) }
    let texts = (0..<count).map { pointers[$0].map { String(cString: $0) } ?? "" }
    H5Dvlen_reclaim(id, space.id, hid_t(H5P_DEFAULT), pointers)
    return texts
  }

  private static func readFixed(
    type: borrowing Handle, count: Int, size: Int, label: String,
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * size, alignment: 1)
    defer { bytes.deallocate() }
    guard let base = bytes.baseAddress else { return [] }
    let id = type.id
    try check("read \(label)") { read(id, base) }
    let isSpacePadded = H5Tget_strpad(id) == H5T_STR_SPACEPAD
    return (0..<count).map { index in
      var text = bytes[(index * size)..<((index + 1) * size)].prefix { $0 != 0 }
      if isSpacePadded { while text.last == UInt8(ascii: " ") { text.removeLast() } }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// Lends `texts` as the array of C strings that HDF5 writes from.
  static func withPointers<Result>(_ texts: [String], _ body: (UnsafeRawPointer?) -> Result) -> Result {
    var bytes: [UInt8] = []
    let offsets = texts.map { text in
      let offset = bytes.count
      // A NUL would end the text early for every C reader; HDF5 cannot hold one in a string.
      bytes += text.utf8.lazy.filter { $0 != 0 }
      bytes.append(0)
      return offset
    }
    bytes.append(0)
    return bytes.withUnsafeBytes { storage in
      let pointers: [UnsafeRawPointer?] = offsets.map { storage.baseAddress?.advanced(by: $0) }
      return pointers.withUnsafeBytes { body($0.baseAddress) }
    }
  }
}

extension Dataset {
  /// Reads all text of a dataset of strings.
  public borrowing func readStrings() throws(HDF5Error) -> [String] {
    let label = label
    guard elementType == .string else {
      throw HDF5Error("read \(label) as text", cause: "its elements are \(elementType)")
    }
    let type = try Handle(.type, "look at \(label)") { H5Dget_type(handle.id) }
    let space = try Handle(.space, "look at \(label)") { H5Dget_space(handle.id) }
    let id = handle.id
    return try Strings.read(type: type, space: space, count: count, label: label) { type, buffer in
      H5Dread(id, type, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), buffer)
    }
  }
}

extension HDF5Location where Self: ~Copyable {
  /// Creates a one-dimensional dataset of variable-length UTF-8 strings, and writes it.
  public borrowing func createStrings(_ path: String, _ texts: [String]) throws(HDF5Error) {
    try createParents(of: path)
    let list = try DatasetOptions().makePropertyList(.string)
    let type = try ElementType.makeString()
    let space = try Dataspace.make([texts.count])
    let links = try makeLinkCreation()
    let dataset = try Handle(.object, "create dataset '\(path)' in \(label)") {
      H5Dcreate2(identifier, path, type.id, space.id, links.id, list.id, hid_t(H5P_DEFAULT))
    }
    if texts.isEmpty { return }
    let id = dataset.id
    let status = Strings.withPointers(texts) { pointer in
      H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
      return H5Dwrite(id, type.id, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), pointer)
    }
    if status < 0 { throw HDF5Error("write dataset '\(path)' in \(label)") }
  }
}
