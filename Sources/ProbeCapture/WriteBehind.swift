internal import CVectorMath
internal import Glibc

/// Sends a large file's pages to the disk while it is written, and lets go of those that are there.
///
/// A capture of many gigabytes would otherwise fill memory with pages that nobody reads again soon; fresh pages cost the
/// kernel more than the copy into them. Small files stay in memory for the analysis that follows.
struct WriteBehind: ~Copyable {
  private let descriptor: Int32
  private var pending = 0
  private var total = 0

  /// Files up to this size are left alone.
  private static let threshold = 512 << 20
  /// Bytes between two calls to the kernel.
  private static let stride = 64 << 20

  /// Watches the file at a path; where it cannot be opened, nothing is done.
  init(path: String) { descriptor = open(path, O_RDONLY | O_CLOEXEC) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Takes note of bytes that were written.
  mutating func wrote(_ count: Int) {
    total += count
    pending += count
    guard descriptor >= 0, total > Self.threshold, pending >= Self.stride else { return }
    pending = 0
    rp_write_behind(descriptor)
  }
}
