import Foundation
import Glibc
import ProbeCapture
import ProbeLinearAlgebra
import Testing

/// `rnnprobe capture` of a folder of models.
@Suite("Captures of a folder") struct FolderCaptureTests {
  /// A folder `models` of shipped networks, named `n1.safetensors` and so on.
  private func models(_ count: Int, in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("models"), withIntermediateDirectories: true)
    let shipped = "\(CommandLineProgram.packageFolder)/notebooks-data/ensembles/flipflop-1bit"
    for number in 1...count {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/flipflop-1bit-0\(number).safetensors",
        toPath: folder.file("models/n\(number).safetensors"))
    }
  }

  private static let task = ["capture", "models", "--task", "flipflop:bits=1,steps=20,trials=70"]

  /// The captures that standard output lists, in its order.
  private func listed(_ result: CommandLineProgram.Result) -> [String] {
    result.output.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
  }

  @Test(
    "captures side by side have the bytes of captures one by one, and are listed in the order of the models")
  func sideBySide() throws {
    let folder = try TemporaryFolder()
    try models(5, in: folder)
    let clock = ["SOURCE_DATE_EPOCH": "1700000000"]
    for threads in ["1", "3", "7"] {
      let result = try CommandLineProgram.run(
        Self.task + ["--threads", threads, "-o", "by\(threads)"], in: folder.path, environment: clock)
      try #require(result.status == 0, "\(result)")
      #expect(listed(result) == (1...5).map { "by\(threads)/n\($0).h5" })
    }
    for number in 1...5 {
      let alone = try CommandLineProgram.run(
        [
          "capture", "models/n\(number).safetensors", "--task", "flipflop:bits=1,steps=20,trials=70", "-o",
          "n\(number).h5",
        ], in: folder.path, environment: clock)
      try #require(alone.status == 0, "\(alone)")
      let one = try CaptureReader(folder.file("n\(number).h5"))
      let bytes = try folder.bytes("by1/n\(number).h5")
      for threads in ["3", "7"] {
        // The command names its threads and its folder: two digits, and the four bytes of the checksum over them.
        let other = try folder.bytes("by\(threads)/n\(number).h5")
        #expect(bytes.count == other.count)
        #expect(zip(bytes, other).count { $0 != $1 } <= 6)
      }
      let side = try CaptureReader(folder.file("by3/n\(number).h5"))
      #expect(side.metadata.isComplete && side.metadata.done == one.metadata.done)
      #expect(try side.contentHash() == one.contentHash())
      for site in ["layers.0.hidden", "readout"] {
        #expect(
          try side.values(of: site, as: Float.self).elements == one.values(of: site, as: Float.self).elements)
      }
    }
  }

  @Test("a model that fails is named at the end with its reason and exit code; the others are captured")
  func failure() throws {
    let folder = try TemporaryFolder()
    try models(5, in: folder)
    let whole = try folder.bytes("models/n2.safetensors")
    _ = try folder.write(Array(whole.prefix(whole.count / 2)), to: "models/n2.safetensors")
    try FileManager.default.removeItem(atPath: folder.file("models/n4.safetensors"))
    try FileManager.default.copyItem(
      atPath: CommandLineProgram.model("flipflop-gru"), toPath: folder.file("models/n4.safetensors"))
    let result = try CommandLineProgram.run(
      Self.task + ["--threads", "2", "-o", "captures"], in: folder.path)
    // The damaged file comes first, and exit code 3 is that of damage.
    #expect(result.status == 3, "\(result)")
    #expect(listed(result) == ["captures/n1.h5", "captures/n3.h5", "captures/n5.h5"])
    let lines = result.error.split(separator: "\n")
    try #require(lines.count == 3, "\(result)")
    #expect(lines[0] == "rnnprobe: 2 of 5 models in models were not captured:")
    #expect(lines[1].hasPrefix("  n2.safetensors: ") && lines[1].contains("models/n2.safetensors"))
    #expect(lines[2].hasPrefix("  n4.safetensors: task 'flipflop:bits=1") && lines[2].contains("reads 3"))

    // Mended, the rest follows; what is there is kept.
    _ = try folder.write(whole, to: "models/n2.safetensors")
    try FileManager.default.removeItem(atPath: folder.file("models/n4.safetensors"))
    let again = try CommandLineProgram.run(
      Self.task + ["--resume", "--json", "-o", "captures/"], in: folder.path)
    try #require(again.status == 0, "\(again)")
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [[String: Any]])
    #expect(entries.map { $0["output"] as? String } == ["n1", "n2", "n3", "n5"].map { "captures/\($0).h5" })
    #expect(entries.map { $0["skipped"] as? Bool } == [true, nil, true, true])
  }

  @Test("a fault of all models is said once, and faults are in the JSON too")
  func commonFault() throws {
    let folder = try TemporaryFolder()
    try models(3, in: folder)
    let result = try CommandLineProgram.run(
      ["capture", "models", "--task", "flipflp", "-o", "captures"], in: folder.path)
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("rnnprobe: cannot capture any of the 3 models in models: "), "\(result)")
    #expect(
      result.error.contains("did you mean 'flipflop'") && result.error.split(separator: "\n").count == 1)
    let json = try CommandLineProgram.run(
      ["capture", "models", "--task", "flipflp", "-o", "captures", "--json"], in: folder.path)
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(entries.map { $0["model"] as? String } == (1...3).map { "models/n\($0).safetensors" })
    #expect(entries.allSatisfy { ($0["error"] as? String)?.contains("flipflop") == true })
  }

  @Test(
    "two models whose captures would have one name, and an output that is a file, are refused before any work"
  )
  func names() throws {
    let folder = try TemporaryFolder()
    try models(2, in: folder)
    _ = try folder.write([], to: "models/n2.npz")
    let result = try CommandLineProgram.run(Self.task + ["-o", "captures"], in: folder.path)
    #expect(result.status == 2)
    #expect(
      result.error.contains("n2.npz and n2.safetensors of models would both be captured as captures/n2.h5"),
      "\(result)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("captures")))
    try FileManager.default.removeItem(atPath: folder.file("models/n2.npz"))
    _ = try folder.write([1], to: "file")
    let file = try CommandLineProgram.run(Self.task + ["-o", "file"], in: folder.path)
    #expect(file.status == 2 && file.error.contains("file is a file; the captures of models"), "\(file)")
  }

  @Test("a folder of one model is captured into a folder where -o is one")
  func oneModel() throws {
    let folder = try TemporaryFolder()
    try models(1, in: folder)
    let inside = try CommandLineProgram.run(Self.task + ["-o", "captures/"], in: folder.path)
    #expect(inside.status == 0 && listed(inside) == ["captures/n1.h5"], "\(inside)")
    let kept = try CommandLineProgram.run(Self.task + ["-o", "captures", "--resume"], in: folder.path)
    #expect(kept.status == 0 && kept.output.contains("complete already"), "\(kept)")
    let file = try CommandLineProgram.run(Self.task + ["-o", "n.h5"], in: folder.path)
    #expect(file.status == 0 && listed(file) == ["n.h5"], "\(file)")
  }

  @Test(
    "SIGINT stops all captures of a folder, and --resume ends them with the values of an uninterrupted run")
  func interruption() throws {
    let folder = try TemporaryFolder()
    try models(6, in: folder)
    let arguments = [
      "capture", "models", "--task", "flipflop:bits=1,steps=100,trials=2000", "--threads", "2", "-o",
    ]
    let child = try CommandLineProgram.start(arguments + ["captures"], in: folder.path)
    for _ in 0..<60_000 where !FileManager.default.fileExists(atPath: folder.file("captures/n1.h5")) {
      usleep(300)
    }
    kill(child.identifier, SIGINT)
    let stopped = try child.wait()
    #expect(stopped.status == 1, "\(stopped)")
    let done = try folder.names("captures").filter { $0.hasSuffix(".h5") }
    try #require(!done.isEmpty && done.count < 6, "the signal came too early or too late to test anything")
    #expect(
      stopped.error
        == "rnnprobe: stopped with \(done.count) of 6 models in models captured; --resume continues\n",
      "\(stopped)")
    let resumed = try CommandLineProgram.run(arguments + ["captures", "--resume"], in: folder.path)
    #expect(resumed.status == 0, "\(resumed)")
    #expect(listed(resumed) == (1...6).map { "captures/n\($0).h5" })
    #expect(resumed.output.components(separatedBy: "complete already").count == done.count + 1)
    #expect(try folder.names("captures") == (1...6).map { "n\($0).h5" })
    let whole = try CommandLineProgram.run(arguments + ["whole"], in: folder.path)
    try #require(whole.status == 0, "\(whole)")
    for number in 1...6 {
      let (a, b) = (
        try CaptureReader(folder.file("captures/n\(number).h5")),
        try CaptureReader(folder.file("whole/n\(number).h5"))
      )
      #expect(a.metadata.isComplete && a.metadata.done == b.metadata.done)
      #expect(
        try a.values(of: "readout", as: Float.self).elements
          == b.values(of: "readout", as: Float.self).elements)
    }
  }
}
