import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

/// Degeneracy of a shipped ensemble from the command line: captures of a folder, shards and their merge.
@Suite("Degeneracy command")
struct DegeneracyCommandTests {
  private static let settings = [
    "--samples", "60", "--trials", "6", "--delays", "2", "--rank", "4", "--starts", "1", "--null-draws", "2",
    "--permutations", "49", "--harder-trials", "4", "--no-fixed-points",
  ]

  /// Three shipped networks in a folder of their own, captured.
  private func captures(_ folder: TemporaryFolder) throws -> [String] {
    let models = folder.file("models")
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    let shipped = "\(CommandLineProgram.packageFolder)/notebooks-data/ensembles/flipflop-1bit"
    let names = (1...3).map { "flipflop-1bit-0\($0)" }
    for name in names {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/\(name).safetensors", toPath: "\(models)/\(name).safetensors")
    }
    let arguments = [
      "capture", models, "--task", "flipflop:bits=1,steps=32,trials=8", "-o", folder.file("captures"),
    ]
    let result = try CommandLineProgram.run(arguments)
    try #require(result.status == 0, "\(result)")
    return names.map { folder.file("captures/\($0).h5") }
  }

  private func analyze(_ captures: [String], _ more: [String]) throws -> CommandLineProgram.Result {
    let initial = "\(CommandLineProgram.packageFolder)/notebooks-data/ensembles/flipflop-1bit-initial"
    return try CommandLineProgram.run(
      ["analyze", "degeneracy"] + captures + Self.settings + ["--initial", initial] + more)
  }

  @Test("parts joined by merge give the tables of one run; overlaps and gaps are refused")
  func shards() throws {
    let folder = try TemporaryFolder()
    let captures = try captures(folder)
    let whole = try analyze(captures, ["-o", folder.file("whole")])
    try #require(whole.status == 0, "\(whole)")
    for part in 1...2 {
      let result = try analyze(captures, ["--shard", "\(part)/2", "-o", folder.file("part\(part)")])
      try #require(result.status == 0, "\(result)")
    }
    let parts = [folder.file("part1"), folder.file("part2")]
    let merged = try CommandLineProgram.run(["merge"] + parts + ["-o", folder.file("merged")])
    try #require(merged.status == 0, "\(merged)")
    for table in [
      "pairs", "degeneracy", "networks", "metrics", "learning", "clusters", "embedding", "network_details",
    ] {
      #expect(try folder.bytes("whole/\(table).csv") == folder.bytes("merged/\(table).csv"), "\(table)")
    }
    let header = try #require(try folder.text("whole/degeneracy.csv").split(separator: "\r\n").first)
    #expect(header.hasPrefix("level,metric,value,low,high,null,floor,ceiling"))
    #expect(try folder.text("whole/pairs.csv").hasPrefix("a,b,"))
    // The task is known, so one network is set against itself on fresh trials, in losses and dynamics.
    for metric in ["loss_difference", "harder_loss_difference", "dsa_angular", "input_dsa_angular"] {
      let row = try #require(
        try folder.text("whole/degeneracy.csv").split(separator: "\r\n").first { $0.contains(",\(metric),") })
      let floor = try #require(
        Double(row.split(separator: ",", omittingEmptySubsequences: false)[6]), "\(row)")
      #expect(floor > 0, "\(row)")
    }
    let learning = try folder.text("whole/learning.csv").split(separator: "\r\n")
    #expect(learning.first == "group,measure,mean,low,high,standard_deviation,networks,convention")
    #expect(learning.count == 4)
    #expect(
      try folder.text("whole/clusters.csv").hasPrefix("level,metric,clusters,silhouette,null_silhouette,p,"))
    #expect(try folder.text("whole/embedding.csv").hasPrefix("level,metric,network,group,x,y,cluster\r\n"))
    #expect(try folder.text("whole/network_details.csv").contains(",trajectory,2,"))
    let parted = try folder.text("part1/network_details.csv")
    try parted.replacing(",eigenvalue,", with: ",eigenvector,").write(
      toFile: folder.file("part1/network_details.csv"), atomically: true, encoding: .utf8)
    let damaged = try CommandLineProgram.run(["merge"] + parts + ["-o", folder.file("damaged")])
    #expect(damaged.status == 2)
    #expect(damaged.error.contains("has the unknown kind 'eigenvector'"), "\(damaged)")
    try parted.write(toFile: folder.file("part1/network_details.csv"), atomically: true, encoding: .utf8)

    let gap = try CommandLineProgram.run(["merge", parts[0], "-o", folder.file("gap")])
    #expect(gap.status == 2)
    #expect(gap.error.contains("2 of 3 pairs are in no part"), "\(gap)")
    let overlap = try CommandLineProgram.run(["merge"] + parts + [parts[1], "-o", folder.file("overlap")])
    #expect(overlap.status == 2)
    #expect(overlap.error.contains("it overlaps"), "\(overlap)")
    let other = try analyze(captures, ["--shard", "2/2", "--seed", "5", "-o", folder.file("other")])
    try #require(other.status == 0, "\(other)")
    let mixed = try CommandLineProgram.run([
      "merge", parts[0], folder.file("other"), "-o", folder.file("mixed"),
    ])
    #expect(mixed.status == 2)
    #expect(mixed.error.contains("merge parts of one run"), "\(mixed)")
  }

  @Test("--resume keeps a folder's complete captures and refuses those of other trials")
  func resume() throws {
    let folder = try TemporaryFolder()
    let captures = try captures(folder)
    let before = try folder.bytes("captures/flipflop-1bit-01.h5")
    try FileManager.default.removeItem(atPath: captures[1])
    let task = ["--task", "flipflop:bits=1,steps=32,trials=8", "-o", folder.file("captures"), "--resume"]
    let again = try CommandLineProgram.run(["capture", folder.file("models")] + task)
    #expect(again.status == 0, "\(again)")
    #expect(again.output.components(separatedBy: "complete already").count == 3)
    #expect(FileManager.default.fileExists(atPath: captures[1]))
    #expect(try folder.bytes("captures/flipflop-1bit-01.h5") == before)
    let others = try CommandLineProgram.run([
      "capture", folder.file("models"), "--task", "flipflop:bits=1,steps=32,trials=9", "-o",
      folder.file("captures"), "--resume",
    ])
    #expect(others.status == 2)
    #expect(others.error.contains("is a capture of other weights or trials"), "\(others)")
  }

  @Test("two networks are refused with exit code 2 and the reason")
  func tooFew() throws {
    let folder = try TemporaryFolder()
    let captures = try captures(folder)
    let two = try analyze(Array(captures.prefix(2)), ["-o", folder.file("two")])
    #expect(two.status == 2)
    #expect(two.error.contains("2 networks are fewer than three"), "\(two)")
  }

  @Test("an attention model's capture is refused by its kind, one capture alone by its number")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let captured = try CommandLineProgram.run(
      [
        "capture", "\(CommandLineProgram.packageFolder)/notebooks-data/models/heads-demo", "--task",
        "repeated-tokens:trials=2", "-o", "heads.h5",
      ], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    for name in ["b.h5", "c.h5"] {
      try FileManager.default.copyItem(atPath: folder.file("heads.h5"), toPath: folder.file(name))
    }
    let heads = try CommandLineProgram.run(
      ["analyze", "degeneracy", "heads.h5", "b.h5", "c.h5", "-o", "report"], in: folder.path)
    #expect(heads.status == 2)
    #expect(
      heads.error.hasPrefix("rnnprobe: cannot run degeneracy on heads.h5: it is of a model of the kind ")
        && heads.error.contains("degeneracy compares recurrent networks"), "\(heads)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("report")))
    let one = try captures(folder)[0]
    let alone = try analyze([one], ["-o", folder.file("report")])
    #expect(alone.status == 2)
    #expect(alone.error.contains("on 1 capture: one network is fewer than three"), "\(alone)")
  }

  @Test(
    "of three captures one diverged: two are left and the third is named; a fourth good one is compared without it"
  )
  func diverged() throws {
    let folder = try TemporaryFolder()
    var captures = try captures(folder)
    // The third network's recurrent weights, thirty million times as large, without a bound on the states.
    let shipped = "\(CommandLineProgram.packageFolder)/notebooks-data/ensembles/flipflop-1bit"
    let checkpoint = try Checkpoint.open(path: "\(shipped)/flipflop-1bit-04.safetensors")
    var tensors: [String: Tensor<Double>] = [:]
    for name in checkpoint.names { tensors[name] = try checkpoint.tensor(name, as: Double.self) }
    tensors["rnn.weight_hh_l0"] = tensors["rnn.weight_hh_l0"].map {
      Tensor(shape: $0.shape, elements: $0.elements.map { 3e7 * $0 })
    }
    try writeSafetensors(
      tensors, to: folder.file("diverged.safetensors"), metadata: ["rnnprobe.cell": "elman-relu"])
    let bad = try CommandLineProgram.run([
      "capture", folder.file("diverged.safetensors"), "--task", "flipflop:bits=1,steps=32,trials=8", "-o",
      folder.file("diverged.h5"),
    ])
    try #require(bad.status == 0, "\(bad)")
    let two = try analyze(
      [captures[0], captures[1], folder.file("diverged.h5")], ["-o", folder.file("two")])
    #expect(two.status == 2)
    #expect(
      two.error.contains("2 networks are left, fewer than three: diverged: its states are not finite"),
      "\(two)")
    captures.append(folder.file("diverged.h5"))
    let four = try analyze(captures, ["-o", folder.file("four"), "--groups", "none"])
    try #require(four.status == 0, "\(four)")
    #expect(
      four.error.contains("1 of 4 networks are left out: diverged (its states are not finite)"), "\(four)")
    let networks = try CSVFile(folder.file("four/networks.csv"))
    #expect(networks.column("compared") == ["true", "true", "true", "false"])
    #expect(try CSVFile(folder.file("four/pairs.csv")).rows.count == 3)
    // What is said of the three is what three captures alone give.
    let three = try analyze(Array(captures.prefix(3)), ["-o", folder.file("three"), "--groups", "none"])
    try #require(three.status == 0, "\(three)")
    #expect(try folder.bytes("three/pairs.csv") == folder.bytes("four/pairs.csv"))
  }
}
