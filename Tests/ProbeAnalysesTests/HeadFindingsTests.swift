import ArgumentParser
import Foundation
import ProbeCapture
import ProbeFindings
import ProbeHeads
import Testing

@testable import ProbeAnalyses

/// What weights and forward passes say of the circuit whose numbers are known.
@Suite struct HeadFindingsTests {
  static let previous = InductionCircuit.previousHead
  static let induction = InductionCircuit.heads + InductionCircuit.inductionHead

  static func findings(_ options: [String] = []) throws -> Findings {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(trials: 3), task: "repeated-tokens", in: folder, name: "repeats")
    return try HeadsAnalysis.run(
      [capture], options: try HeadsOptions.parse(["--resamples", "50"] + options),
      context: HeadPruningTests.context)
  }

  static func table(_ name: String, of findings: Findings) throws -> Table {
    try #require(findings.tables.first { $0.name == name })
  }

  @Test(
    "the induction head's keys read what the previous-token head writes, and nothing else composes by keys")
  func composition() throws {
    let table = try Self.table("composition", of: Self.findings())
    let keys = try HeadPruningTests.reals(table, "k")
    let from = try HeadPruningTests.integers(table, "from_head")
    let to = try HeadPruningTests.integers(table, "to_head")
    #expect(keys.count == 16)
    for row in keys.indices {
      guard to[row] == InductionCircuit.inductionHead else {
        // Readers without queries and keys have no score.
        #expect(keys[row] == nil)
        continue
      }
      // W_V W_O has 20 entries 1 and 20 of -1, W_K W_Qᵀ 20 of 50 and 20 of -100, their product 20 of 50:
      // sqrt(20 50² / (40 (20 50² + 20 100²))).
      let expected = from[row] == Self.previous ? 0.005.squareRoot() : 0
      #expect(abs(try #require(keys[row]) - expected) <= 160 * 0x1p-52)
    }
  }

  @Test("the target's logit is the induction head's alone: 10 less the mean 10 / 20")
  func attribution() throws {
    let findings = try Self.findings()
    let heads = try Self.table("heads", of: findings)
    let values = try HeadPruningTests.reals(heads, "attribution")
    let null = try HeadPruningTests.reals(heads, "attribution_null")
    // f32 over a residual 160 wide.
    let tolerance = 160 * 10 * Double(Float.ulpOfOne)
    for head in values.indices {
      #expect(abs(try #require(values[head]) - (head == Self.induction ? 9.5 : 0)) <= tolerance)
      #expect(abs(try #require(null[head]) - (head == Self.induction ? -0.5 : 0)) <= tolerance)
    }
    let components = try Self.table("attribution_components", of: findings)
    let parts = try HeadPruningTests.strings(components, "component")
    let amounts = try HeadPruningTests.reals(components, "attribution")
    let logit = try #require(parts.firstIndex(of: "logit"))
    #expect(abs(try #require(amounts[logit]) - 9.5) <= tolerance)
    #expect(!findings.warnings.contains { $0.contains("parts sum") })
  }

  @Test("the lens sees the answer after the last layer alone")
  func lens() throws {
    let table = try Self.table("logit_lens", of: Self.findings(["--lens-prompts", "1"]))
    let layers = try HeadPruningTests.integers(table, "layer")
    let ranks = try HeadPruningTests.integers(table, "rank")
    let targets = try HeadPruningTests.reals(table, "target_probability")
    let positions = try HeadPruningTests.integers(table, "position")
    #expect(Set(layers) == [-1, 0, 1])
    let last = try #require(positions.compactMap { $0 }.max())
    let certain = exp(10.0) / (exp(10.0) + 19)
    for row in layers.indices where positions[row] == last && ranks[row] == 0 {
      let expected = layers[row] == 1 ? certain : 1.0 / 20
      #expect(abs(try #require(targets[row]) - expected) <= 160 * 10 * Double(Float.ulpOfOne))
    }
  }

  @Test("patterns shown are of the heads that scores put first, with the prompt's texts")
  func patterns() throws {
    let findings = try Self.findings(["--pattern-heads", "3"])
    let figure = try #require(findings.figures.first { $0.name == "heads" })
    guard case .headMap(let map) = figure.content else {
      Issue.record("not a map of heads")
      return
    }
    let prompt = try #require(map.patterns.prompts.first)
    #expect(prompt.tokens.allSatisfy { $0.hasPrefix("t") })
    #expect(map.patterns.patterns.count == 3)
    let pattern = try #require(
      map.patterns.patterns.first { $0.layer == 1 && $0.head == InductionCircuit.inductionHead })
    let count = prompt.tokens.count
    let query = count - 2
    for key in 0..<count {
      let weight = pattern.weights[query * count + key]
      let follows = key > 0 && key <= query && prompt.tokens[key - 1] == prompt.tokens[query]
      #expect(follows ? weight > 0.3 : weight < 1e-6)
    }
  }

  @Test("what cannot be scored says why, and every option is listed")
  func warnings() throws {
    let findings = try Self.findings(["--process-weights", "--composition-pairs", "0"])
    #expect(
      findings.warnings.contains { $0.hasPrefix("The successor score is left out: by the texts of the") })
    #expect(!findings.tables.contains { $0.name == "composition" })
    for name in ["mlp0-input", "successor-candidates", "no-fold-norms", "process-weights", "lens-prompts"] {
      #expect(findings.options.contains { $0.name == name })
    }
    #expect(throws: (any Error).self) { try HeadsOptions.parse(["--process-weights", "--no-fold-norms"]) }
    #expect(throws: (any Error).self) { try HeadsOptions.parse(["--successor-candidates", "some"]) }
    #expect(throws: (any Error).self) { try HeadsOptions.parse(["--lens-prompts=-1"]) }
  }
}
