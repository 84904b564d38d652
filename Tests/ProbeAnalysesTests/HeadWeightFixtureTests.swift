import ArgumentParser
import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

/// `Fixtures/gpt2-heads.json`, made with numpy and transformers by `scripts/fixtures/make_head_weight_fixtures.py`.
@Suite struct HeadWeightFixtureTests {
  struct Fixture: Decodable {
    let tokens: [Int]
    let steps: [Int]
    let targets: [Int]
    let ov: [Double]
    let qk: [Double]
    let ov_full: [Double]
    /// For each head of layer 0 and each of layer 1: through queries, keys, values.
    let composition: [[Double]]
    /// `[step][head]`.
    let attribution: [[Double]]
    /// The target's probability, `[depth][step]`.
    let lens: [[Double]]

    init() throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/gpt2-heads.json")
      self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }
  }

  @Test("copying of circuits is that of the whole products' eigenvalues")
  func copying() throws {
    let fixture = try Fixture()
    let model = try AttentionFixtures.model("gpt2")
    let report = try CircuitReport(HeadCircuits(model, options: .parse([])), threads: 2)
    for (name, expected) in [
      ("ov_copying", fixture.ov), ("qk_matching", fixture.qk), ("ov_copying_full", fixture.ov_full),
    ] {
      let column = try #require(report.columns.first { $0.name == name })
      #expect(column.values.count == expected.count)
      // Eigenvalues of products 61 wide, whose zeros are not exact in the reference.
      for (found, wanted) in zip(column.values, expected) {
        #expect(abs(try #require(found) - wanted) < 1e-11, "\(name)")
      }
    }
  }

  @Test("composition is that of the whole products")
  func composition() throws {
    let fixture = try Fixture()
    let model = try AttentionFixtures.model("gpt2")
    let report = try CompositionReport(HeadCircuits(model, options: .parse([])), threads: 2, seed: 0)
    #expect(report.pairs.count == fixture.composition.count)
    for (pair, expected) in zip(report.pairs, fixture.composition) {
      let found = [pair.scores.query, pair.scores.key, pair.scores.value].map { $0 ?? .nan }
      #expect(isClose(found, expected, terms: 8 * model.width))
    }
  }

  @Test("attribution and the lens are those of transformers in f64")
  func forwardPasses() throws {
    let fixture = try Fixture()
    let model = try AttentionFixtures.model("gpt2")
    let prompt = ResidualParts.Prompt(tokens: fixture.tokens, steps: fixture.steps, targets: fixture.targets)
    let attribution = DirectAttribution(
      try ResidualParts(model, prompts: [prompt], threads: 1, precision: .f64), targets: fixture.targets,
      mean: try #require(model.meanUnembedding()))
    let terms = 64 * model.width * model.layers
    for row in fixture.steps.indices {
      #expect(isClose(attribution.heads.row(row), fixture.attribution[row], terms: terms))
    }
    var targets = [Int?](repeating: nil, count: fixture.tokens.count)
    for (step, target) in zip(fixture.steps, fixture.targets) { targets[step] = target }
    let lens = try LogitLens(
      model, tokens: fixture.tokens, targets: targets, positions: fixture.tokens.indices, threads: 1,
      precision: .f64)
    #expect(lens.cells.count == fixture.lens.count)
    for (line, expected) in zip(lens.cells, fixture.lens) {
      #expect(
        isClose(fixture.steps.map { line[$0].targetProbability ?? .nan }, expected, terms: terms))
    }
  }
}
