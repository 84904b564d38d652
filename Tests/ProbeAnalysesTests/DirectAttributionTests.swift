import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

@Suite struct DirectAttributionTests {
  static let prompts = [
    ResidualParts.Prompt(tokens: [3, 1, 4, 1, 5, 9, 2, 6], steps: [2, 5, 7], targets: [7, 0, 11]),
    ResidualParts.Prompt(tokens: [8, 9, 7], steps: [0], targets: [3]),
  ]

  @Test(
    "the parts sum to the logit less the mean of all logits, as the model runs",
    arguments: AttentionFixtures.decoders)
  func sumsToLogit(_ name: String) throws {
    let model = try AttentionFixtures.model(name)
    let mean = try #require(model.meanUnembedding())
    let parts = try ResidualParts(model, prompts: Self.prompts, threads: 2, precision: .f64)
    let targets = Self.prompts.flatMap(\.targets)
    let attribution = DirectAttribution(parts, targets: targets, mean: mean)
    let cap = model.parts.head?.softCap
    var row = 0
    for prompt in Self.prompts {
      let logits = try model.values(
        of: ["logits"], tokens: prompt.tokens, steps: prompt.steps, precision: .f64)[0]
      for step in prompt.steps.indices {
        // Before the soft cap c tanh(x / c), which is undone.
        let all = logits.row(step).map { logit in cap.map { $0 * atanh(logit / $0) } ?? logit }
        let expected = all[prompt.targets[step]] - all.reduce(0, +) / Double(all.count)
        let size = abs(expected) + attribution.heads.row(row).reduce(1) { $0 + abs($1) }
        let bound = 16 * Double(model.width * model.layers) * 0x1p-52 * size
        #expect(abs(attribution.sums[row] - expected) <= bound, "\(name), row \(row)")
        #expect(abs(attribution.logits[row] - expected) <= bound)
        row += 1
      }
    }
    #expect(attribution.discrepancy < 1e-12)
  }

  @Test("a cycle's head is credited with the successor alone")
  func handBuilt() throws {
    let model = HandBuiltModel.cycle(12)
    let mean = try #require(model.meanUnembedding())
    let prompt = ResidualParts.Prompt(tokens: [4, 4, 4], steps: [2], targets: [5])
    let parts = try ResidualParts(model, prompts: [prompt], threads: 1, precision: .f64)
    let attribution = DirectAttribution(parts, targets: [5], mean: mean)
    // The residual before layer 1 is 2 e_4: head 0 writes 2 e_5, head 1 writes 2 e_4; the mean logit of each is 2/12.
    let expected = [0, 0, 2 - 2.0 / 12, -2.0 / 12]
    for (found, wanted) in zip(attribution.heads.row(0), expected) {
      #expect(abs(found - wanted) <= 24 * 0x1p-52)
    }
    #expect(abs(attribution.embedding[0] + 1.0 / 12) <= 24 * 0x1p-52)
  }

  @Test("models whose logits are no sum say why")
  func obstacles() throws {
    #expect(ResidualParts.obstacle(try AttentionFixtures.model("gpt2")) == nil)
    #expect(
      ResidualParts.obstacle(try AttentionFixtures.model("bert"))
        == "the output head has a nonlinear layer before the logits")
    #expect(ResidualParts.obstacle(try AttentionFixtures.model("vit")) != nil)
  }
}
