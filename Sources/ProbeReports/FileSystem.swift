import Glibc

/// The few operations on files that a report needs, with errors that say what went wrong where.
enum FileSystem {
  /// Whether something of this name exists.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether this is a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder, and those above it.
  static func makeFolder(_ path: String) throws(ReportError) {
    if path.isEmpty || path == "/" || mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST: return
    case ENOENT:
      let parent = parent(of: path)
      guard parent != path else { throw failure("make the folder", path) }
      try makeFolder(parent)
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
    default: throw failure("make the folder", path)
    }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  static func names(in path: String) throws(ReportError) -> [String] {
    guard let folder = opendir(path) else { throw failure("read the folder", path) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths of all files under a folder, relative to it; folders without files end in `/`.
  static func files(under path: String, prefix: String = "") throws(ReportError) -> [String] {
    var files: [String] = []
    for name in try names(in: path) {
      if isFolder("\(path)/\(name)") {
        let inner = try Self.files(under: "\(path)/\(name)", prefix: "\(prefix)\(name)/")
        files += inner.isEmpty ? ["\(prefix)\(name)/"] : inner
      } else {
        files.append(prefix + name)
      }
    }
    return files
  }

  /// Writes a file, and waits until it is on the disk.
  static func write(_ text: String, to path: String) throws(ReportError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("write", path) }
    var text = text
    let code = text.withUTF8 { bytes -> Int32 in
      var offset = 0
      while offset < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        offset += written
      }
      return fsync(descriptor) == 0 ? 0 : errno
    }
    // A full disk may be told only on closing.
    let closed = close(descriptor) == 0 ? 0 : errno
    let fault = code != 0 ? code : closed
    if fault != 0 { throw failure("write", path, code: fault) }
  }

  /// The beginning of a file as text, at most `count` bytes; `nil` where it cannot be read.
  static func beginning(of path: String, count: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
        if got <= 0 { break }
        filled += got
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Deletes a folder and what is in it.
  static func remove(_ path: String) throws(ReportError) {
    guard isFolder(path) else {
      guard unlink(path) == 0 || errno == ENOENT else { throw failure("delete", path) }
      return
    }
    for name in try names(in: path) { try remove("\(path)/\(name)") }
    guard rmdir(path) == 0 else { throw failure("delete the folder", path) }
  }

  /// Gives a file or folder another name.
  static func rename(_ path: String, to other: String) throws(ReportError) {
    guard Glibc.rename(path, other) == 0 else { throw failure("rename \(path) to", other) }
  }

  /// The folder that holds a path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ action: String, _ path: String, code: Int32 = errno) -> ReportError {
    .system(action: action, path: path, reason: String(cString: strerror(code)))
  }
}
