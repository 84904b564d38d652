import Foundation
import Glibc
import ProbeLinearAlgebra
import Testing

/// Captures with flipped, overwritten or missing bytes, each opened in a process of its own.
@Suite struct DamagedCaptureTests {
  /// What was done to a file.
  private static func mutate(_ bytes: [UInt8], _ number: Int, ends: Int) -> (bytes: [UInt8], what: String) {
    var random = RandomGenerator(seed: 2024, stream: UInt64(number))
    var bytes = bytes
    // Half of the damage goes into the first part of the file, where the structure is.
    func place() -> Int { random.integer(below: number % 2 == 0 ? min(ends, bytes.count) : bytes.count) }
    switch number % 5 {
    case 0, 1:
      let at = place()
      let bit = random.integer(below: 8)
      bytes[at] ^= UInt8(1 << bit)
      return (bytes, "bit \(bit) of byte \(at) flipped")
    case 2:
      let at = place()
      for index in at..<min(at + 8, bytes.count) { bytes[index] = 0xff }
      return (bytes, "eight bytes from \(at) set to 255")
    case 3:
      let at = place()
      for index in at..<min(at + 16, bytes.count) { bytes[index] = UInt8(random.integer(below: 256)) }
      return (bytes, "sixteen bytes from \(at) drawn anew")
    default:
      let count = place()
      return (Array(bytes.prefix(count)), "cut off after \(count) bytes")
    }
  }

  @Test(
    "no damaged capture crashes our own code: it is read, or refused with its name",
    .timeLimit(.minutes(10)))
  func mutations() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    let captured = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "whole.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let whole = try folder.bytes("whole.h5")
    var endings: [Int32: Int] = [:]
    var library = 0
    for number in 0..<200 {
      let (bytes, what) = Self.mutate(whole, number, ends: 8192)
      _ = try folder.write(bytes, to: "d.h5")
      for arguments in [
        ["inspect", "d.h5"],
        [
          "analyze", "spectra", "d.h5", "-o", "r", "--states", "4", "--lyapunov-steps", "10",
          "--lyapunov-discard", "2",
        ],
      ] {
        let result = try CommandLineProgram.run(
          arguments, in: folder.path, environment: ["SWIFT_BACKTRACE": "enable=no"], timeLimit: 10)
        let case_ = "\(what), \(arguments[0]): \(result)"
        if let status = result.status {
          endings[status, default: 0] += 1
          #expect((0...3).contains(status), "\(case_)")
          if status != 0 {
            #expect(result.error.contains("d.h5"), "\(case_)")
            // One line, but for warnings before it; a fault of this program's own would say so over several.
            #expect(result.error.split(separator: "\n").count { !$0.hasPrefix("warning: ") } == 1, "\(case_)")
          }
        } else if let signal = result.signal {
          // Swift traps are SIGILL or SIGTRAP, and are faults of ours. What libhdf5 itself dies of is counted: the
          // 1.10 series trusts the sizes in the heap that holds texts, and crashes or runs on where they are damaged.
          #expect(signal != SIGILL && signal != SIGTRAP, "\(case_)")
          library += 1
          let ending = result.isOutOfTime ? "never came back" : "died of signal \(signal)"
          print("libhdf5 \(ending): \(what), \(arguments[0])")
        }
        try? FileManager.default.removeItem(atPath: folder.file("r"))
      }
    }
    print(
      "200 damaged captures, 400 runs: exit codes \(endings.sorted { $0.key < $1.key }), \(library) in libhdf5's hands"
    )
    // Most damage is noticed or harmless; a share of refusals shows that the damage reached what is read.
    #expect(endings[3, default: 0] >= 40 && endings[0, default: 0] >= 40)
    #expect(library <= 20, "libhdf5 dies of more than 5 % of the files")
  }
}
