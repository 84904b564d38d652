import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("A graph of symbols")
struct SymbolGraphTests {
  @Test("of a map with two regions counts every step, those that stay included")
  func twoRegions() throws {
    // z' = z - 1 where z > 0, z + 2 elsewhere: 2 1 0 2 1 0 ...: on, on, off.
    var z = 2.0
    let trajectory = Matrix(
      rows: 10, columns: 1,
      elements: (0..<10).map { _ in
        defer { z += z > 0 ? -1 : 2 }
        return z
      })
    let code = try SignCode(trajectory)
    let graph = SymbolGraph([trajectory], code)
    #expect(graph.paths == [[0, 0, 1, 0, 0, 1, 0, 0, 1, 0]])
    #expect(code.signs(of: 0) == [true] && code.signs(of: 1) == [false])
    #expect(graph.visits == [7, 3])
    #expect(graph.counts.counts.elements == [3, 3, 3, 0])
    let third = 3.0 / 9
    #expect(graph.counts.joint.elements == [third, third, third, 0])
    #expect(graph.counts.rowStochastic.elements == [0.5, 0.5, 1, 0])
    // Stays in 0: 2 (its begin unseen), 2, 2, 1 (its end unseen).
    #expect(graph.dwell.steps == [7, 3])
    #expect(graph.dwell.exits == [3, 3])
    #expect(graph.dwell.complete == [[2, 2], [1, 1, 1]])
    #expect(graph.dwell.means == [7.0 / 3, 1])
    #expect(graph.dwell.standardErrors[1] == 0)
    // The symbol before last decides: never three on, never two off.
    #expect(graph.order.degreesOfFreedom == 1)
    // Triples 001 x3, 010 x3, 100 x2: in the middle 0, 0|0 -> 1 three times, 1|0 -> 0 twice: 2 (3 ln(5/3) + 2 ln(5/2)).
    #expect(abs(graph.order.statistic - 6.730116670092565) <= 1e-14)
    #expect(graph.order.triples == 8)
  }

  @Test("has stays that gaps end unseen, infinite where a symbol is never left, NaN where it is never seen")
  func gaps() {
    let dwell = DwellTimes([[0, 0, -1, 0, 1, 1, 0, 1], [], [2, 2]], stateCount: 4)
    #expect(dwell.steps == [4, 3, 2, 0])
    #expect(dwell.exits == [2, 1, 0, 0])
    #expect(dwell.complete == [[1], [2], [], []])
    #expect(dwell.means[0] == 2 && dwell.means[1] == 3 && dwell.means[2] == .infinity)
    #expect(dwell.means[3].isNaN)
  }

  @Test("has the order test of scipy's likelihood ratios: chance passes, memory fails")
  func order() throws {
    for peer in try QuantizationFixture.load().order {
      let test = OrderTest([peer.path], stateCount: 3)
      // Some thirty terms of up to a few hundred.
      #expect(abs(test.statistic - peer.statistic) <= 27.0 * 4 * 300 * Double.ulpOfOne)
      #expect(test.degreesOfFreedom == peer.freedom)
      #expect(abs(test.pValue - peer.p) <= 1e-11 * peer.p)
    }
    let none = OrderTest([[0, 1], []], stateCount: 2)
    #expect(none == OrderTest([], stateCount: 2))
    #expect(none.pValue == 1 && none.triples == 0)
    // Every second state, so that triples share states only.
    #expect(OrderTest([[0, 1, 1, 0, 0, 1, 1]], stateCount: 2, lag: 2).triples == 2)
  }

  @Test("has tail probabilities of chi-square that agree with scipy's")
  func chiSquare() throws {
    for row in try QuantizationFixture.load().chiSquare {
      let mine = chiSquareSurvival(row[0], degreesOfFreedom: Int(row[1]))
      // The exponent, of up to 230, errs by its last bit, and so does its exponential by as many.
      #expect(abs(mine - row[2]) <= 400 * Double.ulpOfOne * row[2], "\(row)")
    }
    #expect(chiSquareSurvival(.infinity, degreesOfFreedom: 3) == 0)
    #expect(chiSquareSurvival(.nan, degreesOfFreedom: 3).isNaN)
  }
}
