import Foundation
import Testing

/// The scripts that share a degeneracy analysis out over a cluster, without a cluster.
@Suite("Cluster scripts") struct ClusterTests {
  private static let scripts = "\(CommandLineProgram.packageFolder)/scripts/cluster"
  private static let task = "flipflop:bits=1,steps=32,trials=8"
  private static let settings = [
    "--samples", "60", "--trials", "6", "--delays", "2", "--rank", "4", "--starts", "1", "--null-draws", "2",
    "--permutations", "49", "--harder-trials", "4",
  ]
  /// What a report must have in common with that of one run over all pairs.
  private static let tables = ["pairs", "degeneracy", "networks", "metrics"]

  /// Three shipped networks in `models`, their captures in `captures`, and the report of one run in `whole`.
  private func ensemble() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("models"), withIntermediateDirectories: true)
    let shipped = "\(CommandLineProgram.packageFolder)/notebooks-data/ensembles/flipflop-1bit"
    for name in (1...3).map({ "flipflop-1bit-0\($0).safetensors" }) {
      try FileManager.default.copyItem(atPath: "\(shipped)/\(name)", toPath: folder.file("models/\(name)"))
    }
    let captured = try CommandLineProgram.run(
      ["capture", "models", "--task", Self.task, "-o", "captures"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let captures = try folder.names("captures").map { "captures/\($0)" }
    let whole = try CommandLineProgram.run(
      ["analyze", "degeneracy"] + captures + Self.settings + ["-o", "whole"], in: folder.path)
    try #require(whole.status == 0, "\(whole)")
    return folder
  }

  /// Runs the Slurm script as Slurm would run a task of an array.
  private func slurm(
    _ arguments: [String], in folder: TemporaryFolder, task: Int? = nil, numbers: ClosedRange<Int> = 1...2,
    count: Int? = nil, shards: Int? = nil
  ) throws -> EndedProcess {
    var environment = ["RNNPROBE": try #require(CommandLineProgram.path), "SLURM_CPUS_PER_TASK": "2"]
    if let task {
      environment["SLURM_ARRAY_TASK_ID"] = "\(task)"
      environment["SLURM_ARRAY_TASK_MIN"] = "\(numbers.lowerBound)"
      environment["SLURM_ARRAY_TASK_MAX"] = "\(numbers.upperBound)"
      environment["SLURM_ARRAY_TASK_COUNT"] = "\(count ?? numbers.count)"
    }
    environment["SHARDS"] = shards.map { "\($0)" } ?? ""
    return try EndedProcess(
      "/usr/bin/env", ["bash", "\(Self.scripts)/degeneracy.slurm"] + arguments, in: folder.path,
      environment: environment)
  }

  @Test(
    "tasks of a Slurm array and its merge give the tables of one run, wherever the array's numbers begin",
    arguments: [1...2, 0...2, 7...8])
  func array(numbers: ClosedRange<Int>) throws {
    let folder = try ensemble()
    for task in numbers {
      let part = try slurm(
        ["out", "captures", "--"] + Self.settings, in: folder, task: task, numbers: numbers)
      try #require(part.status == 0, "\(part.output)")
    }
    #expect(try folder.names("out/parts").count == numbers.count)
    let merged = try slurm(["--merge", "out"], in: folder)
    try #require(merged.status == 0, "\(merged.output)")
    for table in Self.tables {
      #expect(try folder.bytes("whole/\(table).csv") == folder.bytes("out/report/\(table).csv"), "\(table)")
    }
  }

  @Test("a failed task is run again by its part's number, and until then the merge says what is missing")
  func failedTask() throws {
    let folder = try ensemble()
    let captures = try folder.names("captures").map { "captures/\($0)" }
    let first = try slurm(["out"] + captures + ["--"] + Self.settings, in: folder, task: 1, numbers: 1...2)
    try #require(first.status == 0, "\(first.output)")
    let early = try slurm(["--merge", "out"], in: folder)
    #expect(early.status == 2 && early.output.contains("2 of 3 pairs are in no part"), "\(early.output)")
    let second = try slurm(
      ["out"] + captures + ["--"] + Self.settings, in: folder, task: 2, numbers: 2...2, shards: 2)
    try #require(second.status == 0, "\(second.output)")
    let merged = try slurm(["--merge", "out"], in: folder)
    try #require(merged.status == 0, "\(merged.output)")
    #expect(try folder.bytes("whole/pairs.csv") == folder.bytes("out/report/pairs.csv"))
  }

  @Test("the Slurm script refuses gaps in an array's numbers, a missing array and missing captures in words")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let gaps = try slurm(["out", "a.h5"], in: folder, task: 12, numbers: 7...12, count: 2)
    #expect(gaps.status == 2 && gaps.output.contains("2 numbers from 7 to 12 have gaps; set SHARDS"))
    let alone = try slurm(["out", "a.h5"], in: folder)
    #expect(alone.status == 2 && alone.output.contains("SLURM_ARRAY_TASK_ID is not set"))
    let none = try slurm(["out"], in: folder, task: 1)
    #expect(none.status == 2 && none.output.contains("degeneracy.slurm OUTPUT CAPTURES..."))
    let empty = try slurm(["out", folder.path], in: folder, task: 1)
    #expect(empty.status == 2 && empty.output.contains("there is no .h5 file in \(folder.path)"))
  }

  @Test(
    "the Snakemake workflow captures, compares in parts and merges to the tables of one run, and has nothing to do again",
    .enabled(
      if: OtherPrograms.snakemake != nil,
      "no snakemake in PATH, and none as a module of python3 (or RNNPROBE_PYTHON)"),
    .timeLimit(.minutes(10)))
  func snakemake() throws {
    let folder = try ensemble()
    let words = try #require(OtherPrograms.snakemake)
    let program = try #require(CommandLineProgram.path)
    let options = Self.settings.map { "\"\($0)\"" }.joined(separator: ", ")
    let configuration = """
      output: from models
      models: {bits1: {folder: models, arguments: "--task \(Self.task)"}}
      shards: 2
      options: [\(options)]
      threads: 2
      rnnprobe: "\(program)"
      """
    _ = try folder.write(Array(configuration.utf8), to: "models.yaml")
    func run(_ name: String) throws -> EndedProcess {
      try EndedProcess(
        "/usr/bin/env",
        words + [
          "--snakefile", "\(Self.scripts)/Snakefile", "--configfile", "\(name).yaml", "--cores", "2",
          "--executor", "local",
        ], in: folder.path)
    }
    let first = try run("models")
    try #require(first.status == 0, "\(first.output)")
    for table in Self.tables {
      #expect(
        try folder.bytes("whole/\(table).csv") == folder.bytes("from models/report/\(table).csv"), "\(table)")
    }
    #expect(
      try folder.names("from models/captures/bits1").filter { $0.hasSuffix(".h5") }
        == folder.names("captures"))
    let again = try run("models")
    #expect(again.status == 0 && again.output.contains("Nothing to be done"), "\(again.output)")

    // Captures that are there already, in more parts than there are pairs.
    let ready = configuration.replacing("from models", with: "ready").replacing(
      "shards: 2", with: "shards: 4"
    )
    .replacing(/models: \{.*/, with: "captures: [captures]")
    _ = try folder.write(Array(ready.utf8), to: "ready.yaml")
    let second = try run("ready")
    try #require(second.status == 0, "\(second.output)")
    #expect(try folder.bytes("whole/pairs.csv") == folder.bytes("ready/report/pairs.csv"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("ready/captures")))
  }

  @Test("the settings shipped beside the Snakefile name folders of models that are there")
  func settings() throws {
    let text = try String(contentsOfFile: "\(Self.scripts)/degeneracy.yaml", encoding: .utf8)
    let folders = text.matches(of: /folder: (\S+)/).map { String($0.1) }
    #expect(folders.count == 2)
    for folder in folders {
      #expect(
        FileManager.default.fileExists(
          atPath:
            "\(CommandLineProgram.packageFolder)/\(folder)/\(URL(filePath: folder).lastPathComponent)-01.safetensors"
        ))
    }
  }
}
