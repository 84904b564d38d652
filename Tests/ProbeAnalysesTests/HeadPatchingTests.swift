import ArgumentParser
import Foundation
import ProbeFindings
import ProbeTasks
import Testing

@testable import ProbeAnalyses

@Suite struct HeadPatchingTests {
  /// Logits are sums of products with 10 whose terms are wrong by a few ulp, and differ by 10.
  static let tolerance = 1e-5

  static func findings(_ trials: [TokenTrial], _ arguments: [String], in folder: TemporaryFolder) throws
    -> Findings
  {
    let capture = try InductionCircuit.capture(trials, task: "repeated-tokens", in: folder, name: "repeats")
    return try HeadsAnalysis.run(
      [capture],
      options: try HeadsOptions.parse(["--resamples", "100", "--prune", "none"] + arguments),
      context: HeadPruningTests.context)
  }

  struct Cell {
    let prompt: Int
    let layer: Int
    let position: Int
    let step: Int
    let isChanged: Bool
    let isAfterAll: Bool
    let restored: Double
  }

  static func cells(_ findings: Findings) throws -> [Cell] {
    let table = try #require(findings.tables.first { $0.name == "patching" })
    let prompts = try HeadPruningTests.integers(table, "prompt")
    let layers = try HeadPruningTests.integers(table, "layer")
    let positions = try HeadPruningTests.integers(table, "position")
    let steps = try HeadPruningTests.integers(table, "step")
    let clean = try HeadPruningTests.strings(table, "token")
    let corrupt = try HeadPruningTests.strings(table, "corrupt_token")
    let sites = try HeadPruningTests.strings(table, "site")
    let restored = try HeadPruningTests.reals(table, "restored")
    return try restored.indices.map {
      Cell(
        prompt: try #require(prompts[$0]), layer: try #require(layers[$0]),
        position: try #require(positions[$0]), step: try #require(steps[$0]),
        isChanged: clean[$0] != corrupt[$0], isAfterAll: sites[$0] == "resid_post",
        restored: try #require(restored[$0]))
    }
  }

  @Test(
    "patching the residual stream restores exactly 1 where the circuit carries the answer, and 0 elsewhere")
  func residual() throws {
    let cells = try Self.cells(
      Self.findings(try InductionCircuit.repeats(trials: 3), [], in: TemporaryFolder()))
    #expect(Set(cells.map(\.prompt)) == [0, 1, 2])
    for prompt in 0..<3 {
      let own = cells.filter { $0.prompt == prompt }
      // The second token of the block is the answer to its first, asked where the block begins again.
      #expect(own.filter(\.isChanged).map(\.position) == [1, 1, 1])
      #expect(own.filter { $0.layer == 0 && $0.isChanged }.map(\.restored) == [1])
    }
    for cell in cells {
      // Before a layer the answer stands where its token does, after the last one at the asked step.
      let isThere = cell.isAfterAll ? cell.position == cell.step : cell.isChanged
      #expect(abs(cell.restored - (isThere ? 1 : 0)) <= Self.tolerance, "\(cell)")
      #expect(cell.position <= cell.step)
    }
    let full = cells.filter { $0.prompt == 0 }
    #expect(full.count == 3 * full[0].step)
  }

  @Test("patching the output of attention restores 1 in the induction head's layer at the asked step alone")
  func attention() throws {
    let cells = try Self.cells(
      Self.findings(
        try InductionCircuit.repeats(trials: 3), ["--patch-site", "attn_out"], in: TemporaryFolder()))
    for cell in cells {
      let expected: Double = cell.layer == 1 && cell.position == cell.step ? 1 : 0
      #expect(abs(cell.restored - expected) <= Self.tolerance, "\(cell)")
    }
  }

  @Test("the circuit's perceptrons do nothing: patching them restores nothing")
  func perceptron() throws {
    let cells = try Self.cells(
      Self.findings(
        try InductionCircuit.repeats(trials: 2), ["--patch-site", "mlp_out", "--patch-prompts", "1"],
        in: TemporaryFolder()))
    #expect(Set(cells.map(\.prompt)) == [0])
    #expect(cells.allSatisfy { $0.restored == 0 })
  }

  @Test("the user's own corrupt prompts are patched, against what the model says to them")
  func ownPrompts() throws {
    let folder = try TemporaryFolder()
    let trials = try InductionCircuit.repeats(trials: 2)
    let steps = trials.map(\.steps).max() ?? 0
    // The third token of every block of the first prompt is one that it has not; the second prompt is as it was.
    let length = trials[0].labels["block"] ?? 0
    let other = try #require((1..<20).first { !trials[0].tokens.contains($0) })
    let rows = trials.enumerated().map { index, trial in
      trial.tokens.enumerated().map { step, token in index == 0 && step % length == 2 ? other : token }
        + Array(repeating: -1, count: steps - trial.tokens.count)
    }
    let path = folder.path + "/corrupt.npy"
    try Self.npy(rows, steps: steps).write(to: URL(filePath: path))
    let cells = try Self.cells(Self.findings(trials, ["--corrupt", path], in: folder))
    #expect(Set(cells.map(\.prompt)) == [0])
    #expect(Set(cells.filter(\.isChanged).map(\.position)) == [2])
    #expect(Set(cells.map(\.step)) == [length + 1])
    for cell in cells where !cell.isAfterAll {
      #expect(abs(cell.restored - (cell.isChanged ? 1 : 0)) <= Self.tolerance, "\(cell)")
    }
    // A file of another shape says which shapes there are.
    try Self.npy(Array(rows.prefix(1)), steps: steps).write(to: URL(filePath: path))
    do {
      _ = try Self.findings(trials, ["--corrupt", path], in: TemporaryFolder())
      Issue.record("a file of another shape was taken")
    } catch {
      #expect(
        "\(error)".contains("has shape [1, \(steps)]; the tokens of repeats have [2, \(steps)]"), "\(error)")
    }
  }

  @Test("positions: all from the first change to the asked step, or those nearest to both")
  func positions() {
    let clean = Array(0..<100)
    var corrupt = clean
    corrupt[10] = 1000
    corrupt[50] = 1000
    let example = PatchingCase(trial: 0, clean: clean, corrupt: corrupt, answer: 1, corruptAnswer: 2)
    #expect(example.changed == [10, 50])
    #expect(example.positions(most: 90) == Array(10..<100))
    // The asked step, then both changes with what follows and precedes them, then the step before.
    #expect(example.positions(most: 8) == [10, 11, 49, 50, 51, 97, 98, 99])
    #expect(
      PatchingCase(trial: 0, clean: clean, corrupt: clean, answer: 1, corruptAnswer: 2).positions(most: 8)
        .isEmpty)
  }

  /// A NumPy file of version 1 of whole numbers, `[trial, time]`.
  static func npy(_ rows: [[Int]], steps: Int) -> Data {
    var header = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(rows.count), \(steps)), }"
    header += String(repeating: " ", count: 128 - 10 - 1 - header.utf8.count) + "\n"
    var data =
      Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(header.utf8.count), 0]) + Data(header.utf8)
    for value in rows.flatMap({ $0 }) { withUnsafeBytes(of: Int64(value).littleEndian) { data += $0 } }
    return data
  }
}
