import Foundation
import Testing

@testable import ProbeHDF5

@Suite("A file")
struct FileTests {
  @Test("that is no HDF5 says so without a clock time")
  func notHDF5() throws {
    let path = FileManager.default.temporaryDirectory.path + "/rnnprobe-not-\(UUID().uuidString).h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("no HDF5 at all".utf8).write(to: URL(fileURLWithPath: path))
    #expect {
      _ = try File(path, mode: .read)
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix("cannot open \(path): ") && text.contains("signature") && !text.contains("time =")
    }
  }
}
