import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@testable import ProbeModels

@Suite("Rotary frequencies") struct RotaryTests {
  /// What transformers gives for published settings, in single precision.
  private let expected: Checkpoint

  init() throws {
    let path = AttentionFixture.root.appending(path: "frequencies.safetensors").path(percentEncoded: false)
    expected = try Checkpoint.open(path: path)
  }

  /// Base, dimensions that turn, and scaling; the names are those of the fixture.
  private static let settings: [String: (base: Double, size: Int, scaling: RotaryScaling)] = [
    "gpt-neox-20b": (10000, 24, .none),
    "phi-like": (10000, 80, .none),
    "llama-3.1-8b": (500000, 128, .llama3(factor: 8, low: 1, high: 4, original: 8192)),
    "qwen2.5-yarn": (1_000_000, 128, .yarn(YarnScaling(factor: 4, original: 32768))),
    "yarn-given-factor": (
      10000, 96,
      .yarn(
        YarnScaling(factor: 16, original: 4096, fast: 24, slow: 2, truncates: false, attentionFactor: 0.75))
    ),
    "linear": (10000, 100, .linear(factor: 2.5)),
  ]

  @Test("are those of transformers to two units in the last place", arguments: settings.keys.sorted())
  func published(_ name: String) throws {
    let setting = try #require(Self.settings[name])
    let rotary = RotaryEmbedding(base: setting.base, size: setting.size, scaling: setting.scaling)
    let wanted = try expected.tensor(name, as: Double.self).elements
    #expect(rotary.frequencies.count == wanted.count)
    // Two powers of a library each, whose last bit may differ, and one rounding of their reciprocals.
    for (frequency, reference) in zip(rotary.frequencies, wanted) {
      #expect(abs(frequency - reference) <= 2 * Double(Float(reference).ulp))
    }
    let factor = try expected.tensor(name + ".factor", as: Double.self).elements
    #expect(abs(rotary.attentionFactor - factor[0]) <= 1e-7)
  }

  @Test(
    "of dynamic scaling depend on the context beyond the original one alone",
    arguments: [1000, 4096, 4097, 10000])
  func dynamic(_ length: Int) throws {
    let rotary = RotaryEmbedding(base: 10000, size: 128, scaling: .dynamic(factor: 2, original: 4096))
    let wanted = try expected.tensor("dynamic.\(length)", as: Double.self).elements
    // The base itself is a product in single precision there: at most four more roundings.
    for (frequency, reference) in zip(rotary.frequencies(contextLength: length), wanted) {
      #expect(abs(frequency - reference) <= 6 * Double(Float(reference).ulp))
    }
  }

  @Test("of YaRN stretch cosine and sine by 0.1 ln s + 1, or by the ratio of two such terms")
  func attentionFactor() {
    #expect(YarnScaling.defaultAttentionFactor(1) == 1)
    #expect(YarnScaling.defaultAttentionFactor(0.5) == 1)
    #expect(abs(YarnScaling.defaultAttentionFactor(exp(1)) - 1.1) < 1e-15)
    let ratio = YarnScaling.defaultAttentionFactor(exp(1), magnitude: 2, wholeMagnitude: 0.5)
    #expect(abs(ratio - 1.2 / 1.05) < 1e-15)
    // A weight of 0 counts as none.
    #expect(abs(YarnScaling.defaultAttentionFactor(exp(1), magnitude: 2, wholeMagnitude: 0) - 1.1) < 1e-15)
  }
}

@Suite("Positions of patches") struct PositionTableTests {
  @Test("of the same size are left alone, bit for bit")
  func same() {
    let table = PositionTable(
      rows: 2, columns: 3, values: (0..<12).map { Float($0) / 7 }, resampling: .bicubic)
    #expect(table.resampled(rows: 2, columns: 3) == table)
  }

  @Test(
    "that are all equal stay so, as the weights sum to 1",
    arguments: [PositionTable.Resampling.bicubic, .smoothBicubic])
  func constant(_ resampling: PositionTable.Resampling) {
    let table = PositionTable(
      rows: 4, columns: 4, values: Array(repeating: 2.5, count: 32), resampling: resampling)
    for (rows, columns) in [(1, 1), (2, 9), (7, 3), (11, 16)] {
      let result = table.resampled(rows: rows, columns: columns)
      #expect(result.values.count == rows * columns * 2)
      // Sixteen products of weights below 1.3.
      #expect(result.values.allSatisfy { abs($0 - 2.5) <= 16 * 2.5 * 1.3 * .ulpOfOne })
    }
  }

  @Test("halfway between two are mixed by Keys' kernel")
  func halfway() {
    // Between 4 points, the middle of the doubled grid's places 3 and 4 lies a quarter of a step from points 1 and 2.
    let table = PositionTable(rows: 1, columns: 4, values: [0, 0, 1, 0], resampling: .bicubic)
    let result = table.resampled(rows: 1, columns: 8).values
    func kernel(_ x: Float, _ a: Float) -> Float {
      x < 1 ? (a + 2) * x * x * x - (a + 3) * x * x + 1 : a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a
    }
    #expect(abs(result[4] - kernel(0.25, -0.75)) < 1e-6)
    #expect(abs(result[3] - kernel(0.75, -0.75)) < 1e-6)
    #expect(abs(result[2] - kernel(1.25, -0.75)) < 1e-6)
  }
}
