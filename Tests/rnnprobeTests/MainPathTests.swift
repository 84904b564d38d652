import Foundation
import ProbeCapture
import Testing

/// From a shipped model to the tables that other programs rely on.
@Suite struct MainPathTests {
  /// The columns each table starts with.
  static let contract: [(table: String, columns: [String])] = [
    (
      "fixed_points",
      [
        "capture", "input", "id", "q", "residual", "stable", "marginal", "n_unstable", "spectral_radius",
        "index",
        "certified", "radius", "unique_radius", "basin_share", "distance_to_trajectories", "sigma_min",
        "found_by",
      ]
    ), ("fixed_point_states", ["id", "unit_0", "unit_1"]),
    ("eigenvalues", ["id", "rank", "re", "im", "modulus", "time_constant", "frequency"]),
  ]
  static let summaryKeys = [
    "analysis", "captures", "format", "headline", "model", "numbers", "options", "seeds", "versions",
    "wall_seconds",
    "warnings",
  ]

  @Test(
    "capture and fixed-points find and certify the 27 fixed points of a 3-bit flip-flop",
    .timeLimit(.minutes(10)), arguments: ["flipflop-gru", "flipflop-elman", "flipflop-lstm"])
  func flipFlop(name: String) throws {
    let folder = try TemporaryFolder()
    let captured = try CommandLineProgram.run(
      ["capture", CommandLineProgram.model(name), "--task", "flipflop:trials=128,steps=64", "-o", "f.h5"],
      in: folder.path)
    #expect(captured.status == 0, "\(captured)")
    #expect(captured.output.hasPrefix("f.h5: 128 trials"))
    #expect(captured.error.isEmpty, "progress belongs on a terminal alone: \(captured.error)")
    let analyzed = try CommandLineProgram.run(
      [
        "analyze", "fixed-points", "f.h5", "-o", "report", "--starts", "512", "--fresh-starts", "64",
        "--states", "512",
      ],
      in: folder.path, timeLimit: 600)
    try #require(analyzed.status == 0, "\(analyzed)")
    #expect(
      analyzed.output.contains(
        "27 fixed points at input zero, each certified: 8 attract every captured state"))
    #expect(analyzed.output.contains("19 are saddles"))
    #expect(analyzed.output.contains("as the task asks in 56 of 56 transitions"))
    #expect(analyzed.output.hasSuffix("report/index.html\n"))
    for name in ["index.html", "summary.json", "attractor_transitions.csv", "selection_vectors.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("report/" + name)), "\(name)")
    }
    for (table, columns) in Self.contract {
      let header = try CSVFile(folder.file("report/\(table).csv")).header
      #expect(Array(header.prefix(columns.count)) == columns, "\(table)")
    }
    let points = try CSVFile(folder.file("report/fixed_points.csv"))
    #expect(points.rows.count == 27)
    #expect(Set(points.column("certified")) == ["certified"])
    #expect(points.column("stable").count { $0 == "stable" } == 8)
    // A product of three bistable bits: binom(3, k) 2^(3-k) points with k unstable directions, k = 0...3.
    let unstable = points.column("n_unstable")
    #expect((0...3).map { k in unstable.count { $0 == "\(k)" } } == [8, 12, 6, 1])
    #expect(points.column("index").compactMap { Int($0) }.reduce(0, +) == 1)
    let residuals = points.column("residual").compactMap { Double($0) }
    #expect(residuals.count == 27 && residuals.allSatisfy { $0 <= 1e-12 })
    let shares = points.column("basin_share").compactMap { Double($0) }
    #expect(shares.count == 8 && abs(shares.reduce(0, +) - 1) < 1e-12)
    let states = try CSVFile(folder.file("report/fixed_point_states.csv"))
    #expect(states.column("id") == points.column("id"))
    let units = states.header.count - 1
    #expect(units == ["flipflop-gru": 48, "flipflop-elman": 64, "flipflop-lstm": 48][name])
    #expect(try CSVFile(folder.file("report/eigenvalues.csv")).rows.count == 27 * units)
    let transitions = try CSVFile(folder.file("report/attractor_transitions.csv"))
    // Eight attractors times seven inputs: a pulse of either sign on each bit, and none.
    #expect(transitions.rows.count == 56 && Set(transitions.column("right")) == ["true"])

    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.bytes("report/summary.json"))) as? [String: Any])
    #expect(summary.keys.sorted() == Self.summaryKeys)
    #expect(summary["analysis"] as? String == "fixed-points")
    let numbers = try #require(summary["numbers"] as? [String: Any])
    #expect(numbers["fixed_points"] as? Int == 27 && numbers["certified"] as? Int == 27)
  }

  @Test("analyze without a name runs what applies, in a folder each, with an index; --json is one document")
  func everyAnalysis() throws {
    let folder = try TemporaryFolder()
    // A separable network of two units, quick to analyse: h' = tanh(2 h).
    _ = try SmallModels.separable(in: folder)
    let captured = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5", "--json"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let object = try JSONSerialization.jsonObject(with: Data(captured.output.utf8)) as? [String: Any]
    #expect(object?["trials"] as? Int == 16 && object?["output"] as? String == "s.h5")
    let analyzed = try CommandLineProgram.run(
      ["analyze", "s.h5", "-o", "reports", "--json"], in: folder.path)
    try #require(analyzed.status == 0, "\(analyzed)")
    #expect(analyzed.error.contains("skipped degeneracy: one network is fewer than three"), "\(analyzed)")
    let summaries = try JSONSerialization.jsonObject(with: Data(analyzed.output.utf8)) as? [[String: Any]]
    #expect(summaries?.map { $0["analysis"] as? String } == ["fixed-points", "spectra", "markov-states"])
    #expect(try folder.names("reports") == ["fixed-points", "index.html", "markov-states", "spectra"])
    #expect(try folder.text("reports/index.html").contains("fixed-points/index.html"))
    let spectra = try CSVFile(folder.file("reports/spectra/spectra.csv"))
    #expect(spectra.header.starts(with: ["capture", "matrix", "rank", "re", "im", "modulus"]))
    // The recurrent matrix is 2 I.
    let own = spectra.rows.filter { $0[1] == "weight_hh_l0" }
    #expect(own.map { Double($0[5]) } == [2, 2])
    let lyapunov = try CSVFile(folder.file("reports/spectra/lyapunov.csv"))
    #expect(lyapunov.header.starts(with: ["capture", "rank", "exponent", "standard_error"]))
    #expect(lyapunov.rows.count == 2)
    let points = try CSVFile(folder.file("reports/fixed-points/fixed_points.csv"))
    #expect(points.rows.count == 9)
  }

  @Test("several captures make one report with a row set each, named by their files")
  func severalCaptures() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    for name in ["one", "two"] {
      let captured = try CommandLineProgram.run(
        ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", name + ".h5"], in: folder.path)
      try #require(captured.status == 0, "\(captured)")
    }
    let analyzed = try CommandLineProgram.run(
      [
        "analyze", "fixed-points", "one.h5", "two.h5", "-o", "both", "--starts", "64", "--fresh-starts", "16",
      ],
      in: folder.path)
    try #require(analyzed.status == 0, "\(analyzed)")
    let points = try CSVFile(folder.file("both/fixed_points.csv"))
    #expect(Set(points.column("capture")) == ["one", "two"])
    #expect(Set(points.column("id")).count == points.rows.count)
  }

  @Test("inspect and list say what there is")
  func inspectAndList() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    _ = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5"], in: folder.path)
    let capture = try CommandLineProgram.run(["inspect", "s.h5"], in: folder.path)
    #expect(capture.status == 0 && capture.output.contains("16 trials of up to 12 steps"), "\(capture)")
    #expect(capture.output.contains("layers.0.hidden [16, 12, 2] float32"), "\(capture)")
    let model = try CommandLineProgram.run(["inspect", CommandLineProgram.model("flipflop-gru")])
    #expect(model.status == 0 && model.output.contains("gates.reset"), "\(model)")
    let needle = try CommandLineProgram.run(["list", "tasks", "needle"])
    #expect(needle.status == 0 && needle.output.contains("depths=0..100/10"), "\(needle)")
    for (subject, word) in [
      ("tasks", "flipflop"), ("tasks", "repeated-tokens"), ("cells", "gru-original"),
      ("analyses", "fixed-points"),
    ] {
      let list = try CommandLineProgram.run(["list", subject])
      #expect(list.status == 0 && list.output.contains(word), "\(list)")
    }
    let sites = try CommandLineProgram.run(["list", "sites", CommandLineProgram.model("flipflop-lstm")])
    #expect(sites.status == 0 && sites.output.contains("layers.0.gates.forget"), "\(sites)")
    let version = try CommandLineProgram.run(["--version"])
    #expect(version.status == 0 && !version.output.isEmpty, "\(version)")
  }

  @Test(
    "every help ends in an example",
    arguments: [
      [], ["capture"], ["analyze"], ["analyze", "fixed-points"], ["analyze", "spectra"], ["inspect"],
      ["list"],
    ])
  func help(words: [String]) throws {
    let help = try CommandLineProgram.run(words + ["--help"])
    #expect(help.status == 0 && help.error.isEmpty)
    #expect(help.output.contains("Example"), "\(help)")
    #expect(help.output.contains("rnnprobe " + words.joined(separator: " ")), "\(help)")
  }
}
