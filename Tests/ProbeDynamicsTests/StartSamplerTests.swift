import ProbeDynamics
import ProbeLinearAlgebra
import Testing

@Suite struct StartSamplerTests {
  private let states = uniformStates(count: 200, dimension: 4, halfWidth: 1, seed: 41)

  @Test("the same seed draws the same starts, another seed or stream others")
  func determinism() {
    let sampler = StartSampler(seed: 5)
    let drawn = sampler.draw(from: states, count: 40)
    #expect(drawn.map(\.state) == sampler.draw(from: states, count: 40).map(\.state))
    #expect(drawn.map(\.state) != StartSampler(seed: 6).draw(from: states, count: 40).map(\.state))
    #expect(drawn.map(\.state) != sampler.draw(from: states, count: 40, stream: 1).map(\.state))
    // Each start has a stream of its own: fewer starts are the first of more.
    #expect(Array(drawn.map(\.state).prefix(7)) == sampler.draw(from: states, count: 7).map(\.state))
  }

  @Test("widths are cycled through; without noise a start is a recorded state")
  func widths() {
    let drawn = StartSampler(seed: 7).draw(from: states, count: 400)
    let spread = StartSampler.spread(of: states)
    let rows = (0..<states.rows).map { Array(states.row($0)) }
    var squares = [Double](repeating: 0, count: 4)
    for (index, start) in drawn.enumerated() {
      let width = [0, 0.25, 1, 2][index % 4]
      #expect(start.origin == .recorded(noise: width))
      if width == 0 {
        #expect(rows.contains(start.state))
      } else {
        // A uniform state plus noise: per unit spread² (1 + width²) on average.
        squares[index % 4] += start.state.reduce(0) { $0 + $1 * $1 } / 4 / 100 / (spread * spread)
      }
    }
    for (position, width) in [0.25, 1.0, 2.0].enumerated() {
      let expected = 1 + width * width
      // 400 squares of variance at most 2 expected².
      #expect(abs(squares[position + 1] - expected) <= 5 * expected * (2.0 / 400).squareRoot())
    }
  }

  @Test("the spread is the root mean square standard deviation, and 1 where all states are equal")
  func spread() {
    let states = Matrix<Double>(rows: 2, columns: 2, elements: [0, 0, 2, 6])
    #expect(abs(StartSampler.spread(of: states) - 5.0.squareRoot()) <= 4 * 0x1p-52)
    #expect(StartSampler.spread(of: Matrix(rows: 3, columns: 2, repeating: 4)) == 1)
    #expect(StartSampler.spread(of: Matrix(rows: 0, columns: 2)) == 1)
  }

  @Test("origins are named as in the table, and can be replaced")
  func origins() {
    let fresh = StartSampler(seed: 1).draw(from: states, count: 3, origin: .fresh)
    #expect(fresh.allSatisfy { $0.origin == .fresh })
    #expect(StartSampler(seed: 1).draw(from: Matrix(rows: 0, columns: 4), count: 0).isEmpty)
    let names: [Start.Origin] = [
      .recorded(noise: 0), .recorded(noise: 0.25), .origin, .interpolation, .deflation, .fresh, .given,
    ]
    #expect(
      names.map(\.description)
        == ["recorded", "recorded+noise 0.25", "origin", "interpolation", "deflation", "fresh", "given"])
  }
}
