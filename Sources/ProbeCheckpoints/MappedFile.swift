import Glibc

/// A file mapped read-only into memory, unmapped when the last reference goes.
///
/// Pages are read when touched, so that a checkpoint larger than memory can be opened. Another process that
/// shortens the file meanwhile makes the kernel end this one (SIGBUS): weight files are not to be rewritten in
/// place while they are in use.
///
/// `@unchecked Sendable`: `bytes` is a private read-only mapping that nothing writes, that stays at its
/// address until `deinit`, and that no reference can outlive; both properties are constants.
final class MappedFile: @unchecked Sendable {
  /// The path as given.
  let path: String
  /// The whole file; without an address where it is empty.
  private let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`.
  init(path: String) throws(CheckpointError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: Self.lastError()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, reason: Self.lastError()) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    let count = Int(status.st_size)
    var address: UnsafeMutableRawPointer?
    if count > 0 {  // mmap refuses an empty range
      address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard address != MAP_FAILED else { throw .unreadable(path: path, reason: Self.lastError()) }
    }
    self.path = path
    self.bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }

  /// The length of the file in bytes.
  var count: Int { bytes.count }

  /// Lends the bytes of the file; the pointer must not leave `body`.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// The text of the operating system's last error.
  static func lastError() -> String { String(cString: strerror(errno)) }
}
