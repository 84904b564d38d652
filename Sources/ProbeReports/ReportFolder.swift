import Glibc

/// A folder that appears whole or not at all, and replaces nothing but an earlier one of its kind.
struct ReportFolder {
  /// Where the folder shall be.
  let path: String

  /// A folder to be.
  ///
  /// - Parameter path: slashes at the end are ignored.
  init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// Writes files into a folder beside, then puts it in its place.
  ///
  /// A folder already there is exchanged only when everything is written, and only if it is empty or holds just the
  /// files that its own `index.html` lists: whatever a user has put there is never lost.
  ///
  /// - Parameter files: paths relative to the folder, and their text.
  /// - Throws: ``ReportError/foreignFiles(folder:files:)`` where the folder holds other files,
  ///   ``ReportError/duplicateName(name:)``, or ``ReportError/system(action:path:reason:)``.
  func write(_ files: [(path: String, text: String)]) throws(ReportError) {
    var names: Set<String> = []
    for file in files where !names.insert(file.path).inserted { throw .duplicateName(name: file.path) }
    try checkReplaceable()
    try FileSystem.makeFolder(FileSystem.parent(of: path))
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let beside = "\(path[..<slash]).\(path[slash...]).partial-\(getpid())"
    if FileSystem.exists(beside) { try FileSystem.remove(beside) }
    do throws(ReportError) {
      try FileSystem.makeFolder(beside)
      for file in files {
        if file.path.contains("/") {
          try FileSystem.makeFolder(FileSystem.parent(of: "\(beside)/\(file.path)"))
        }
        try FileSystem.write(file.text, to: "\(beside)/\(file.path)")
      }
      // Again: writing takes time, in which someone may have put a file there.
      try checkReplaceable()
      try exchange(beside)
    } catch {
      try? FileSystem.remove(beside)
      throw error
    }
  }

  /// Puts the folder beside in the place of this one.
  ///
  /// A folder cannot be renamed onto one that holds files, so the old one steps aside first, and back on a fault.
  private func exchange(_ beside: String) throws(ReportError) {
    guard FileSystem.exists(path) else { return try FileSystem.rename(beside, to: path) }
    let old = beside + ".old"
    try FileSystem.rename(path, to: old)
    do throws(ReportError) {
      try FileSystem.rename(beside, to: path)
    } catch {
      try FileSystem.rename(old, to: path)
      throw error
    }
    try FileSystem.remove(old)
  }

  /// Refuses a place that holds anything but an earlier report.
  private func checkReplaceable() throws(ReportError) {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else {
      throw .system(action: "write the report folder", path: path, reason: "a file of that name is there")
    }
    let present = try FileSystem.files(under: path)
    let known = ReportFolder.listedFiles(in: path)
    let foreign = present.filter { !known.contains($0) }
    if !foreign.isEmpty { throw .foreignFiles(folder: path, files: foreign) }
  }

  /// The files that the `index.html` of an earlier report lists; none where there is no such page.
  static func listedFiles(in path: String) -> Set<String> {
    let opening = "<meta name=\"rnnprobe-files\" content=\""
    guard let head = FileSystem.beginning(of: "\(path)/index.html", count: 1 << 16),
      let start = head.firstRange(of: opening), let end = head[start.upperBound...].firstIndex(of: "\"")
    else { return [] }
    return Set(head[start.upperBound..<end].split(separator: " ").map(String.init))
  }
}
