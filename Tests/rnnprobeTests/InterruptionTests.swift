import Foundation
import Glibc
import ProbeCapture
import ProbeLinearAlgebra
import Testing

/// Captures that are stopped half way.
@Suite(.serialized) struct InterruptionTests {
  /// Enough blocks of trials that a signal falls between two of them.
  static let arguments = [
    "capture", CommandLineProgram.model("flipflop-gru"), "--task", "flipflop:trials=3000,steps=200",
    "--sites",
    "layers.0.hidden,readout", "--threads", "2", "-o",
  ]

  /// Starts a capture and sends a signal when some of it is written.
  private func interrupted(by signal: Int32, in folder: TemporaryFolder) throws -> CommandLineProgram.Result {
    let child = try CommandLineProgram.start(Self.arguments + ["f.h5"], in: folder.path)
    // Ten megabytes, some blocks, of more than a hundred.
    let partial = folder.file("f.h5.partial")
    for _ in 0..<60_000 {
      let size = (try? FileManager.default.attributesOfItem(atPath: partial))?[.size] as? Int ?? 0
      if size > 10 << 20 || FileManager.default.fileExists(atPath: folder.file("f.h5")) { break }
      usleep(300)
    }
    kill(child.identifier, signal)
    return try child.wait()
  }

  /// Checks that what was stopped is readable, that --resume ends it, and that it equals an uninterrupted capture.
  private func checkResumed(_ folder: TemporaryFolder) throws {
    #expect(!FileManager.default.fileExists(atPath: folder.file("f.h5")))
    let inspected = try CommandLineProgram.run(["inspect", "f.h5.partial"], in: folder.path)
    #expect(inspected.status == 0 && inspected.output.contains("unfinished"), "\(inspected)")
    let refused = try CommandLineProgram.run(Self.arguments + ["f.h5"], in: folder.path)
    #expect(
      refused.status == 2 && refused.error.contains("f.h5.partial is an unfinished capture"), "\(refused)")
    let other = Self.arguments.map { $0.replacing("steps=200", with: "steps=100") }
    let mismatched = try CommandLineProgram.run(other + ["f.h5", "--resume"], in: folder.path)
    #expect(
      mismatched.status == 2 && mismatched.error.contains("cannot resume f.h5.partial"), "\(mismatched)")
    let resumed = try CommandLineProgram.run(
      Self.arguments + ["f.h5", "--resume", "--json"], in: folder.path)
    try #require(resumed.status == 0, "\(resumed)")
    let summary = try JSONSerialization.jsonObject(with: Data(resumed.output.utf8)) as? [String: Any]
    let kept = try #require(summary?["resumed_trials"] as? Int)
    #expect(kept > 0 && kept < 3000, "the signal came too early or too late to test anything")
    #expect(!FileManager.default.fileExists(atPath: folder.file("f.h5.partial")))

    let whole = try CommandLineProgram.run(Self.arguments + ["whole.h5"], in: folder.path)
    try #require(whole.status == 0, "\(whole)")
    let (a, b) = (try CaptureReader(folder.file("f.h5")), try CaptureReader(folder.file("whole.h5")))
    #expect(
      a.metadata.isComplete && a.metadata.done == b.metadata.done && a.metadata.lengths == b.metadata.lengths)
    for first in stride(from: 0, to: 3000, by: 500) {
      for site in ["layers.0.hidden", "readout"] {
        let trials = first..<first + 500
        let (x, y) = (
          try a.values(of: site, trials: trials, as: Float.self),
          try b.values(of: site, trials: trials, as: Float.self)
        )
        #expect(
          x.elements == y.elements && x.elements.allSatisfy { $0.isFinite }, "\(site), trials from \(first)")
      }
    }
  }

  @Test("a capture that was killed goes on with --resume to the values of an uninterrupted one")
  func killed() throws {
    let folder = try TemporaryFolder()
    let result = try interrupted(by: SIGKILL, in: folder)
    #expect(result.signal == SIGKILL, "\(result)")
    try checkResumed(folder)
  }

  @Test("SIGINT stops a capture between two blocks, says how to go on, and exits with 1")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    let result = try interrupted(by: SIGINT, in: folder)
    #expect(result.status == 1, "\(result)")
    #expect(
      result.error.contains("of 3000 trials; f.h5.partial keeps them, and --resume continues"), "\(result)")
    try checkResumed(folder)
  }

  @Test("a file-size limit that stops a capture is one message, and the older capture stays")
  func limitedSize() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("an older capture".utf8), to: "f.h5")
    // A limit on file sizes fails a write as a full disk does, with another error code; SIGXFSZ must be ignored for it.
    let result = try CommandLineProgram.run(
      Self.arguments + ["f.h5", "--force"], in: folder.path, fileSizeLimit: 6 << 20)
    #expect(result.status == 1, "\(result)")
    #expect(result.error.contains("f.h5.partial"), "\(result)")
    #expect(try folder.text("f.h5") == "an older capture")
  }

  /// Makes a small disk; nil where the process has no right to mount one.
  private static func smallDisk(at path: String) -> Bool {
    (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil
      && mount("tmpfs", path, "tmpfs", 0, "size=8m") == 0
  }

  private static let canMount: Bool = {
    guard let folder = try? TemporaryFolder(), smallDisk(at: folder.file("disk")) else { return false }
    return umount2(folder.file("disk"), 0) == 0
  }()

  @Test(
    "a full disk is one message that names the file, and the older capture stays",
    .enabled(if: canMount, "no right to mount a small disk; the size limit above fails the same write"))
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    try #require(Self.smallDisk(at: folder.file("disk")))
    defer { umount2(folder.file("disk"), 0) }
    _ = try folder.write(Array("an older capture".utf8), to: "disk/f.h5")
    let result = try CommandLineProgram.run(Self.arguments + ["disk/f.h5", "--force"], in: folder.path)
    #expect(result.status == 1, "\(result)")
    #expect(
      result.error.hasPrefix("rnnprobe: no space left on the device that holds disk/f.h5.partial"),
      "\(result)")
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(try folder.text("disk/f.h5") == "an older capture")
  }
}
