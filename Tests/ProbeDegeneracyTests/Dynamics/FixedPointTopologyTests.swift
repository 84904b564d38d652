import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

@Suite("The distance between fixed points' types")
struct FixedPointTopologyTests {
  private func stable(_ radius: Double) -> FixedPointType {
    FixedPointType(index: 1, isStable: true, unstableDirections: 0, spectralRadius: radius)
  }
  private func saddle(_ radius: Double) -> FixedPointType {
    FixedPointType(index: -1, isStable: false, unstableDirections: 1, spectralRadius: radius)
  }

  @Test("matches points of one type by their spectral radii, whatever their order")
  func matching() throws {
    let result = try FixedPointTopology(
      [stable(0.5), saddle(1.5), stable(0.9)], [saddle(1.25), stable(0.875), stable(0.5)])
    #expect(result.matched.map(\.first) == [0, 1, 2])
    #expect(result.matched.map(\.second) == [2, 0, 1])
    #expect(abs(result.distance - (0.25 + 0.025) / 3) <= 1e-16)
    #expect(result.onlyFirst.isEmpty && result.onlySecond.isEmpty)
  }

  @Test("counts 1 for a point without a partner, over the larger number")
  func unmatched() throws {
    let result = try FixedPointTopology([stable(0.5), saddle(2)], [stable(0.5), stable(0.5), stable(0.5)])
    #expect(result.distance == 2.0 / 3)
    #expect(result.onlyFirst == [1])
    #expect(result.onlySecond.count == 2)
    #expect(try FixedPointTopology([], []).distance == 0)
    #expect(try FixedPointTopology([], [stable(0)]).distance == 1)
    #expect(try FixedPointTopology([saddle(2)], [stable(0)]).distance == 1)
    #expect(try FixedPointTopology([saddle(1e9)], [saddle(2)]).distance == 1)
  }

  @Test("is symmetric, 0 on itself, at most 1, and obeys the triangle inequality")
  func metric() throws {
    for stream in 0..<60 as Range<UInt64> {
      var generator = RandomGenerator(seed: 41, stream: stream)
      let sets = (0..<3).map { _ in
        (0..<generator.integer(below: 5)).map { _ in
          generator.bernoulli(0.5) ? stable(generator.uniform()) : saddle(1 + generator.uniform())
        }
      }
      func d(_ i: Int, _ j: Int) throws -> Double { try FixedPointTopology(sets[i], sets[j]).distance }
      #expect(try d(0, 0) == 0)
      #expect(abs(try d(0, 1) - d(1, 0)) <= 1e-15)
      #expect(try d(0, 1) <= 1)
      #expect(try d(0, 2) <= d(0, 1) + d(1, 2) + 1e-15)
    }
  }

  @Test("refuses a radius that is no number")
  func errors() {
    #expect(
      throws: DegeneracyError.notFinite(object: "the second network's fixed points", row: 1, column: 0)
    ) { try FixedPointTopology([], [stable(0), stable(.nan)]) }
  }
}
