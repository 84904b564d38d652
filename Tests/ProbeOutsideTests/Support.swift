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

/// The text of the error that something throws.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}
