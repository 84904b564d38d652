import ProbeFindings
import ProbeHeads
import Testing

@testable import ProbeAnalyses

@Suite struct HeadReliabilityTests {
  static func score(_ name: String, _ perPrompt: [[Double?]]) -> HeadScore {
    var score = HeadScore(
      name: name, title: name, note: "", estimates: PromptBootstrap(resamples: 10).estimates(perPrompt),
      intervalMeaning: "")
    score.perPrompt = perPrompt
    return score
  }

  @Test("heads that lead in every prompt lead in both halves: the whole top set reappears")
  func agreement() throws {
    let values: [[Double?]] = (0..<10).map { _ in (0..<40).map { Double($0) } }
    let report = ReliabilityReport([Self.score("steady", values)], top: 20, seed: 1)
    let table = try #require(report.table)
    #expect(
      table.columns.map(\.name).prefix(7)
        == ["score", "k", "heads", "overlap", "expected", "probability", "prompts"])
    // A quarter of 40 heads bounds the larger set.
    #expect(try HeadPruningTests.integers(table, "k") == [5, 10])
    #expect(try HeadPruningTests.integers(table, "overlap") == [5, 10])
    #expect(try HeadPruningTests.reals(table, "expected") == [25.0 / 40, 2.5])
    // One of the 658,008 sets of 5 out of 40.
    let probability = try #require(try HeadPruningTests.reals(table, "probability")[0])
    #expect(abs(probability * 658_008 - 1) < 1e-9)
    #expect(try HeadPruningTests.reals(table, "mean_overlap") == [5, 10])
    #expect(report.warnings.isEmpty)
  }

  @Test("heads that all score zero agree no better than chance, and that is warned of")
  func chance() throws {
    let values: [[Double?]] = (0..<10).map { _ in (0..<400).map { _ in 0 } }
    let report = ReliabilityReport([Self.score("nothing", values)], top: 20, seed: 1)
    let mean = try HeadPruningTests.reals(try #require(report.table), "mean_overlap")
    // Fifty splits of an overlap with mean 20 x 20 / 400 = 1 and variance below 1: five standard errors.
    #expect(abs(try #require(mean[1]) - 1) < 5 / 50.0.squareRoot())
    #expect(report.warnings.count == 1)
    #expect(report.warnings[0].contains("nothing (0 of 5 heads"), "\(report.warnings)")
  }

  @Test("heads that no prompt defines are not counted, and a single prompt has no halves")
  func undefined() throws {
    let values: [[Double?]] = (0..<4).map { _ in (0..<40).map { $0 < 20 ? nil : Double($0) } }
    let table = try #require(ReliabilityReport([Self.score("late", values)], top: 20, seed: 1).table)
    #expect(try HeadPruningTests.integers(table, "heads") == [20])
    #expect(try HeadPruningTests.integers(table, "k") == [5])
    #expect(ReliabilityReport([Self.score("one", Array(values.prefix(1)))], top: 20, seed: 1).table == nil)
    #expect(ReliabilityReport([Self.score("exact", [])], top: 20, seed: 1).table == nil)
  }
}
