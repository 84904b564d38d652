import Foundation
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// The same command and seed give the same bytes, whatever the number of threads.
@Suite struct RepeatabilityTests {
  /// Captures and analyses under one time stamp, in a folder of its own.
  private func run(_ threads: Int, seed: Int = 7, trials: Int = 24) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    // The path is part of the provenance, and so must be the same in every folder.
    try FileManager.default.copyItem(
      atPath: CommandLineProgram.model("flipflop-elman"), toPath: folder.file("m.safetensors"))
    let environment = ["SOURCE_DATE_EPOCH": "1700000000"]
    for arguments in [
      ["capture", "m.safetensors", "--task", "flipflop:trials=\(trials),steps=40", "-o", "f.h5"],
      [
        "analyze", "fixed-points", "f.h5", "-o", "points", "--starts", "24", "--fresh-starts", "8",
        "--states", "64",
      ],
      ["analyze", "spectra", "f.h5", "-o", "spectra", "--states", "8", "--lyapunov-steps", "60"],
    ] {
      let result = try CommandLineProgram.run(
        arguments + ["--threads", "\(threads)", "--seed", "\(seed)"], in: folder.path,
        environment: environment)
      try #require(result.status == 0, "\(result)")
    }
    return folder
  }

  @Test("the same command twice gives the same bytes, but for wall times")
  func sameCommand() throws {
    let (first, second) = (try run(2), try run(2))
    #expect(try first.bytes("f.h5") == second.bytes("f.h5"))
    for folder in ["points", "spectra"] {
      for name in try first.names(folder) where name.hasSuffix(".csv") {
        #expect(
          try first.bytes("\(folder)/\(name)") == second.bytes("\(folder)/\(name)"), "\(folder)/\(name)")
      }
    }
  }

  @Test("one thread and three give the same values")
  func threads() throws {
    let (one, three) = (try run(1), try run(3))
    // Only the command that is kept in the file differs, by one digit of the same length.
    let (a, b) = (try one.bytes("f.h5"), try three.bytes("f.h5"))
    #expect(a.count == b.count)
    #expect(zip(a, b).count { $0 != $1 } <= 1)
    for folder in ["points", "spectra"] {
      let names = try one.names(folder)
      #expect(names.contains { $0.hasSuffix(".csv") })
      for name in names where name.hasSuffix(".csv") {
        #expect(try one.bytes("\(folder)/\(name)") == three.bytes("\(folder)/\(name)"), "\(folder)/\(name)")
      }
    }
  }

  @Test("another seed draws other trials; a task's own seed wins over the command's")
  func seeds() throws {
    let folder = try TemporaryFolder()
    func inputs(_ name: String, _ task: String, _ extra: [String]) throws -> [Double] {
      let result = try CommandLineProgram.run(
        ["capture", CommandLineProgram.model("flipflop-elman"), "--task", task, "-o", name] + extra,
        in: folder.path)
      try #require(result.status == 0, "\(result)")
      guard case .values(let values)? = try CaptureReader(folder.file(name)).inputs()?.inputs else {
        return []
      }
      return values.elements
    }
    let zero = try inputs("0.h5", "flipflop:trials=8,steps=40", [])
    let one = try inputs("1.h5", "flipflop:trials=8,steps=40", ["--seed", "1"])
    let own = try inputs("2.h5", "flipflop:trials=8,steps=40,seed=1", ["--seed", "5"])
    #expect(zero.count == 8 * 40 * 3)
    #expect(zero != one && one == own)
  }

  @Test("time stamps follow SOURCE_DATE_EPOCH")
  func timeStamp() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    let result = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5"], in: folder.path,
      environment: ["SOURCE_DATE_EPOCH": "0"])
    #expect(result.status == 0, "\(result)")
    #expect(try CaptureReader(folder.file("s.h5")).metadata.created == "1970-01-01T00:00:00Z")
  }
}
