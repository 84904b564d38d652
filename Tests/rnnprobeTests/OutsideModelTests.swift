import Foundation
import Testing

/// `--map`: a program in the place of captures.
@Suite("Outside models")
struct OutsideModelTests {
  /// The program of ProbeOutside's tests, in a mode.
  private func child(_ mode: String) throws -> String {
    let program = try #require(CommandLineProgram.path)
    return "'\(URL(filePath: program).deletingLastPathComponent().path())OutsideChild' \(mode)"
  }

  /// The rows of a table as dictionaries; its cells have no commas.
  private func rows(_ folder: TemporaryFolder, _ name: String) throws -> [[String: String]] {
    let lines = try folder.text(name).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  @Test(
    "a program's map has the nine fixed points of its formula, with tables and a page, whatever the threads")
  func fixedPoints() throws {
    let folder = try TemporaryFolder()
    var tables: [String] = []
    for threads in ["1", "2"] {
      let result = try CommandLineProgram.run(
        [
          "analyze", "fixed-points", "--map", try child("all"), "-o", "report\(threads)", "--starts", "64",
          "--fresh-starts", "32", "--states", "64", "--threads", threads, "--assets", "linked",
        ], in: folder.path)
      try #require(result.status == 0, "\(result)")
      #expect(result.output.hasPrefix("9 fixed points at input zero, numerical: 4 attract every drawn state"))
      #expect(result.error.contains("nothing is certified"))
      #expect(result.error.contains("that the map keeps its box is the program's claim"))
      #expect(try folder.text("report\(threads)/index.html").contains("Fixed points of child"))
      tables.append(try folder.text("report\(threads)/fixed_points.csv"))
    }
    #expect(tables[0] == tables[1])
    let points = try rows(folder, "report1/fixed_points.csv")
    #expect(points.count == 9)
    #expect(points.allSatisfy { $0["certified"] == "numerical" && $0["capture"] == "child" })
    #expect(points.map { $0["index"] }.count { $0 == "1" } == 5)
    let summary = try folder.text("report1/summary.json")
    #expect(summary.contains("\"family\": \"outside program\""))
  }

  @Test("spectra of a program's map are those of its formula")
  func spectra() throws {
    let folder = try TemporaryFolder()
    let result = try CommandLineProgram.run(
      [
        "analyze", "spectra", "--map", try child("jacobian"), "-o", "report", "--states", "16",
        "--lyapunov-steps",
        "400", "--lyapunov-discard", "100", "--assets", "linked",
      ], in: folder.path)
    try #require(result.status == 0, "\(result)")
    // Both units end at a = tanh(2 a) or -a, where the slope is 2 (1 - a²) = 0.16637...
    let root = 0.957504024077287
    for row in try rows(folder, "report/lyapunov.csv") {
      let exponent = try #require(row["exponent"].flatMap(Double.init))
      #expect(abs(exponent - log(2 * (1 - root * root))) < 1e-9)
    }
    let jacobians = try rows(folder, "report/trajectory_jacobians.csv")
    #expect(jacobians.count == 16)
    #expect(jacobians.allSatisfy { $0["trial"] == "" && Double($0["spectral_radius"] ?? "") ?? 9 <= 2 })
  }

  @Test("commands that cannot be, programs that fail and answers that are wrong end with their codes")
  func errors() throws {
    let folder = try TemporaryFolder()
    func run(_ arguments: [String]) throws -> CommandLineProgram.Result {
      try CommandLineProgram.run(["analyze"] + arguments, in: folder.path)
    }
    let both = try run(["fixed-points", "--map", "true", "x.h5"])
    #expect(both.status == 2 && both.error.contains("--map 'true' stands in the place of captures"))
    let none = try run(["fixed-points"])
    #expect(none.status == 2 && none.error.contains("Missing expected argument '<captures> ...'"))
    let heads = try run(["heads", "--map", try child("all")])
    #expect(heads.status == 2 && heads.error.contains("heads reads captures and cannot ask a program"))
    let token = try run(["fixed-points", "--map", try child("all"), "--input", "token:1"])
    #expect(token.status == 2 && token.error.contains("token:1 is no token of the model"))
    let trials = try run(["spectra", "--map", try child("all"), "--lyapunov-input", "trials"])
    #expect(trials.status == 2 && trials.error.contains("a program has no trials"))
    let ended = try run(["fixed-points", "--map", "echo no such weights >&2; exit 5"])
    #expect(
      ended.status == 1 && ended.error.contains("ended with status 5")
        && ended.error.contains("no such weights"))
    let noise = try run(["fixed-points", "--map", try child("noise")])
    #expect(noise.status == 3 && noise.error.contains("switch noise and dropout off"))
    let late = try run(["fixed-points", "--map", try child("late"), "--noise", "20"])
    #expect(late.status == 1 && late.error.contains("ended with status 7"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(
    "the Dale network has the fixed points that its weights have as a built-in leaky-rate cell",
    .enabled(if: OutsidePython.numpy != nil, "no python3 (or RNNPROBE_PYTHON) that has numpy"))
  func dale() throws {
    let folder = try TemporaryFolder()
    let python = try #require(OutsidePython.numpy)
    let script = CommandLineProgram.packageFolder + "/notebooks-data/outside/dale_rnn.py"
    let options = ["--starts", "128", "--fresh-starts", "0", "--states", "128", "--assets", "linked"]
    let outside = try CommandLineProgram.run(
      ["analyze", "fixed-points", "--map", "'\(python)' -B '\(script)'", "-o", "outside"] + options,
      in: folder.path)
    try #require(outside.status == 0, "\(outside)")
    #expect(
      outside.output.hasPrefix("3 fixed points at input zero, numerical: 2 attract every offered state"))

    let written = try CommandLineProgram.run(
      ["analyze", "fixed-points", "--map", "'\(python)' -B '\(script)' weights.npz; exit 4"], in: folder.path)
    #expect(written.status == 1 && written.error.contains("ended with status 4"))
    _ = try folder.write(
      Array(#"{"weights": "weights.npz", "cell": "leaky-rate", "nonlinearity": "relu"}"#.utf8),
      to: "model.json")
    let inputs = (0..<1280).map { (index: Int) -> Double in
      let step = (index / 2) % 40
      return step < 20 ? sin(Double(index)) : 0
    }
    _ = try folder.write(npyBytes([16, 40, 2], inputs), to: "inputs.npy")
    let captured = try CommandLineProgram.run(
      ["capture", "model.json", "--inputs", "inputs.npy", "-o", "dale.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let inside = try CommandLineProgram.run(
      ["analyze", "fixed-points", "dale.h5", "-o", "inside"] + options, in: folder.path)
    try #require(inside.status == 0, "\(inside)")

    func states(_ report: String) throws -> [[Double]] {
      try rows(folder, report + "/fixed_point_states.csv").map { row in
        (0..<20).map { Double(row["unit_\($0)"] ?? "") ?? .nan }
      }
    }
    let (ours, theirs) = (try states("inside"), try states("outside"))
    try #require(ours.count == 3 && theirs.count == 3)
    // Both residuals are at most 1e-12 times a state of at most 2, and sigma_min(I - J) is above 0.04.
    for state in theirs {
      #expect(ours.contains { other in zip(state, other).allSatisfy { abs($0 - $1) <= 20 * 4e-12 / 0.04 } })
    }
    let eigenvalues = try rows(folder, "outside/eigenvalues.csv").compactMap { Double($0["modulus"] ?? "") }
    let builtIn = try rows(folder, "inside/eigenvalues.csv").compactMap { Double($0["modulus"] ?? "") }
    #expect(eigenvalues.count == 60 && builtIn.count == 60)
    // The maps are linear where the points lie, so that J is the same to rounding; defective eigenvalues keep half the digits.
    for (a, b) in zip(eigenvalues.sorted(), builtIn.sorted()) { #expect(abs(a - b) <= 1e-6) }
  }

  @Test(
    "a PyTorch module with plastic synapses is analysed, its automatic Jacobian held against differences",
    .enabled(if: OutsidePython.torch != nil, "no python3 (or RNNPROBE_PYTHON) that has torch"),
    .timeLimit(.minutes(5)))
  func plastic() throws {
    let folder = try TemporaryFolder()
    let python = try #require(OutsidePython.torch)
    let script = CommandLineProgram.packageFolder + "/notebooks-data/outside/plastic_rnn.py"
    let result = try CommandLineProgram.run(
      [
        "analyze", "spectra", "--map", "'\(python)' -B '\(script)'", "-o", "report", "--states", "8",
        "--lyapunov-steps", "40", "--lyapunov-discard", "10", "--assets", "linked",
      ], in: folder.path)
    try #require(result.status == 0, "\(result)")
    #expect(!result.error.contains("single precision") && !result.error.contains("central differences"))
    #expect(try rows(folder, "report/trajectory_jacobians.csv").count == 8)
  }
}

/// Pythons that can run the examples.
private enum OutsidePython {
  static let numpy = OtherPrograms.python("import numpy")
  static let torch = OtherPrograms.python("import numpy, torch")
}
