import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import Testing

@Suite struct SpeedMinimizerTests {
  private func q(_ map: RecurrentMap, _ state: [Double]) -> Double {
    zip(map.apply(state), state).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
  }

  /// Two units beyond a fold: no fixed point near the ghost.
  private func folded() throws -> RecurrentMap {
    try tanhMap(Matrix(rows: 2, columns: 2, elements: [2, 0.3, -0.2, 0.6]), bias: [-0.7, 0.1])
  }

  @Test("where the descent ends the speed is stationary, by central differences")
  func stationarity() throws {
    let network = try folded()
    let slow = try #require(SpeedMinimizer().descend(network, from: [0.7, 0.1]))
    #expect(slow.speed > 1e-3)
    #expect(slow.gradient <= 1e-6)
    #expect(slow.q == q(network, slow.state))
    let width = 1e-4
    for unit in 0..<2 {
      var (ahead, behind) = (slow.state, slow.state)
      ahead[unit] += width
      behind[unit] -= width
      let slope = (q(network, ahead) - q(network, behind)) / (2 * width)
      // |grad q| = |A^T f| <= 1e-6 |f|; the difference errs by h² |q'''| / 6 < 1e-8 * 10.
      #expect(abs(slope) <= 1e-6 * slow.speed + 1e-7)
      #expect(q(network, ahead) > slow.q && q(network, behind) > slow.q)
    }
  }

  @Test("the descent never raises the speed", arguments: 0..<10 as Range<UInt64>)
  func descent(seed: UInt64) throws {
    let network = try folded()
    let start = starts(count: 1, dimension: 2, seed: seed)[0].state
    let slow = try #require(SpeedMinimizer().descend(network, from: start))
    #expect(slow.q <= q(network, start))
  }

  @Test("at a fixed point the descent ends at once, with speed zero")
  func fixedPointStart() throws {
    let slow = try #require(SpeedMinimizer().descend(separableFlipFlop(bits: 2), from: [0, 0]))
    #expect(slow.state == [0, 0] && slow.q == 0 && slow.speed == 0 && slow.gradient == 0)
  }

  @Test("a start that is not finite leads nowhere")
  func nonFinite() throws {
    let network = try linearMap(Matrix(rows: 1, columns: 1, elements: [2]))
    #expect(SpeedMinimizer().descend(network, from: [.nan]) == nil)
  }
}
