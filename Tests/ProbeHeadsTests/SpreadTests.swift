import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct SpreadTests {
  @Test("k90 of an even, a single, a halving and a slowly falling row of 128")
  func closedForms() {
    #expect(keysForNineTenths(Array(repeating: 1.0 / 128, count: 128)) == 116)
    #expect(keysForNineTenths([1.0] + Array(repeating: 0, count: 127)) == 1)
    func normalised(_ ratio: Double) -> [Double] {
      let weights = (0..<128).map { pow(ratio, Double($0)) }
      return weights.map { $0 / weights.reduce(0, +) }.reversed()
    }
    #expect(keysForNineTenths(normalised(0.5)) == 4)
    #expect(keysForNineTenths(normalised(0.9)) == 22)
  }

  @Test("nine tenths in tenths is nine keys, rounding notwithstanding; what never reaches 0.9 needs all")
  func tolerance() {
    #expect(Array(repeating: 0.1, count: 9).reduce(0, +) < 0.9)
    #expect(keysForNineTenths(Array(repeating: 0.1, count: 10)) == 9)
    #expect(keysForNineTenths([0.5, 0.25]) == 2)
    #expect(keysForNineTenths([Double]()) == 0)
  }

  @Test("classes change just above 1/2, 1/8 and 1/32")
  func classes() {
    #expect(HopfieldClass(share: 1)?.rawValue == "I")
    #expect(HopfieldClass(share: 0.5) == .largeMetastable)
    #expect(HopfieldClass(share: 0.5.nextUp) == .averaging)
    #expect(HopfieldClass(share: 0.125) == .mediumMetastable)
    #expect(HopfieldClass(share: 0.125.nextUp) == .largeMetastable)
    #expect(HopfieldClass(share: 0.03125) == .singlePattern)
    #expect(HopfieldClass(share: 0.03125.nextUp) == .mediumMetastable)
    #expect(HopfieldClass(share: .nan) == nil)
  }

  @Test("an even causal head averages; a sharp one holds single patterns")
  func medians() throws {
    let tokens = Array(0..<200)
    let even = try uniformPattern(tokens: tokens)
    let share = try #require(even.shareForNineTenths)
    #expect(share >= 0.9 && share < 1)
    let sharp = try pattern(tokens: tokens) { $0 == $1 ? 1 : 0 }
    // The median of 1/N over N = 1...200 lies between N = 100 and 101.
    #expect(sharp.shareForNineTenths == (1.0 / 100 + 1.0 / 101) / 2)
    #expect(HopfieldClass(share: try #require(sharp.shareForNineTenths)) == .singlePattern)
  }

  @Test("streamed numbers give the same median, from any first query")
  func streamed() throws {
    let pattern = try randomPattern(tokens: Array(0..<30), seed: 4)
    let keys = (0..<30).map { pattern.keysForNineTenths(query: $0) }
    #expect(medianShare(keys) == pattern.shareForNineTenths)
    #expect(medianShare([3, 4, 30], first: 9) == 4.0 / 11)
    #expect(medianShare([]) == nil)
  }

  @Test("entropy of an even row is log N; entropies agree with SciPy")
  func entropy() throws {
    let even = try uniformPattern(tokens: Array(0..<50))
    #expect(abs(even.entropy(query: 49) - log(50)) <= 100 * unitRoundoff * log(50))
    for peer in try HeadFixture.read().patterns {
      let pattern = try DensePattern(
        weights: .init(rows: peer.tokens.count, columns: peer.tokens.count, elements: peer.weights),
        tokens: peer.tokens)
      for (query, expected) in peer.entropy.enumerated() {
        #expect(abs(pattern.entropy(query: query) - expected) <= 40 * unitRoundoff * 3)
      }
    }
  }
}
