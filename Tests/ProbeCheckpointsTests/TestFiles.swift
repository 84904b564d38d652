import Foundation

@testable import ProbeCheckpoints

/// A file that `scripts/fixtures/make_checkpoint_fixtures.py` made.
func fixture(_ name: String, from source: String = #filePath) -> String {
  URL(fileURLWithPath: source).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}

/// The bytes of a fixture.
func fixtureBytes(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
}

/// Calls `body` with an empty folder that is removed afterwards.
func withScratchFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "rnnprobe-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Writes `bytes` to a file of the given name and calls `body` with its path.
func withFile<Result>(_ bytes: [UInt8], named name: String, _ body: (String) throws -> Result) throws
  -> Result
{
  try withScratchFolder { folder in
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// The error of opening `bytes` as a file of the given name, without the folder; "opened" if there is none.
func openingFault(_ bytes: [UInt8], named name: String) throws -> String {
  try withFile(bytes, named: name) { path in
    do {
      _ = try Checkpoint.open(path: path)
      return "opened"
    } catch {
      return "\(error)".replacing(path, with: name)
    }
  }
}

/// A safetensors file of the given header and data.
func safetensors(_ header: String, data count: Int) -> [UInt8] {
  let text = Array(header.utf8)
  return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    + (0..<count).map { UInt8(truncatingIfNeeded: $0) }
}

/// A version 1.0 npy file of the given header and data.
func npy(_ header: String, data: [UInt8]) -> [UInt8] {
  [0x93] + Array("NUMPY".utf8) + [1, 0]
    + withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}
