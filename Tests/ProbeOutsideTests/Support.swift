import Foundation
import ProbeOutside
import Testing

/// The command that starts `OutsideChild` in a mode.
func childCommand(_ mode: String) throws -> String {
  let beside =
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/OutsideChild"
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  let places = [beside, root + "/.build/debug/OutsideChild", root + "/.build/release/OutsideChild"]
  let path = try #require(places.first { FileManager.default.isExecutableFile(atPath: $0) })
  return "'\(path)' \(mode)"
}

/// A program in a mode.
func child(_ mode: String) throws -> OutsideProgram {
  try OutsideProgram(command: childCommand(mode), timeout: 60)
}

/// `RNNPROBE_PYTHON` or the search path's `python3`, if it has numpy.
let pythonWithNumpy: String? = {
  let environment = ProcessInfo.processInfo.environment
  let candidates =
    environment["RNNPROBE_PYTHON"].map { [$0] }
    ?? (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
  return candidates.first { path in
    guard FileManager.default.isExecutableFile(atPath: path) else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-c", "import numpy"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}()

/// The text of the error that something throws.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}
