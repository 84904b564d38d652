import Foundation

/// A path that is removed with the test.
final class TemporaryFile {
  let path: String

  init() { path = FileManager.default.temporaryDirectory.path + "/rnnprobe-\(UUID().uuidString).h5" }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
