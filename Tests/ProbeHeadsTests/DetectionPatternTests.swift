import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct DetectionPatternTests {
  private let exclusions = [(false, false), (false, true), (true, false), (true, true)]

  /// Of the 8 rows' even weights: sums of 1/(i+1) over i = 1...7, divided by what is left of 8.
  @Test("an even spread over 8 tokens has the published measures' closed forms for a previous-token head")
  func closedForms() throws {
    let pattern = try uniformPattern(tokens: Array(0..<8))
    let harmonic = 761.0 / 280
    // Leaving out the first key also leaves out the hit at (1, 0).
    let expected = [
      (harmonic - 1) / 8, (harmonic - 1) / (8 - harmonic), (harmonic - 1.5) / (8 - harmonic),
      (harmonic - 1.5) / (9 - 2 * harmonic),
    ]
    for (value, published) in zip(expected, [0.21473214, 0.32521975, 0.23056119, 0.34168337]) {
      // Published in single precision.
      #expect(abs(value - published) <= 0x1p-24)
    }
    for (index, (first, current)) in exclusions.enumerated() {
      let score = try #require(
        DetectionPattern.previousToken.score(pattern, excludesFirst: first, excludesCurrent: current))
      #expect(abs(score - expected[index]) <= 100 * unitRoundoff)
    }
    let score = try #require(DetectionPattern.previousToken.score(pattern, measure: .absoluteError))
    // Rounded to thousandths, then one subtraction.
    #expect(abs(score - -0.446) <= 4 * unitRoundoff)
  }

  @Test("all measures and exclusions agree with TransformerLens on random patterns", arguments: 0..<3)
  func transformerLens(index: Int) throws {
    let peer = try HeadFixture.read().patterns[index]
    let count = peer.tokens.count
    let pattern = try DensePattern(
      weights: Matrix(rows: count, columns: count, elements: peer.weights), tokens: peer.tokens)
    for (kind, expected) in zip(DetectionPattern.allCases, peer.detected) {
      for (half, measure) in DetectionPattern.Measure.allCases.enumerated() {
        for (place, (first, current)) in exclusions.enumerated() {
          let score = try #require(
            kind.score(pattern, measure: measure, excludesFirst: first, excludesCurrent: current))
          #expect(abs(score - expected[half * 4 + place]) <= Double(count * count) * unitRoundoff * 2)
        }
      }
    }
  }

  @Test("scoring leaves out whole patterns only as nothing over nothing")
  func undefined() throws {
    let sink = try pattern(tokens: [1, 2, 3]) { $1 == 0 ? 1 : 0 }
    #expect(DetectionPattern.induction.score(sink, excludesFirst: true) == nil)
    #expect(DetectionPattern.induction.score(sink) == 0)
    let none = try uniformPattern(tokens: [])
    #expect(DetectionPattern.induction.score(none, measure: .absoluteError) == nil)
  }
}
