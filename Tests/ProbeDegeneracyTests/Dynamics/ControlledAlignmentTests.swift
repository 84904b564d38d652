import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

@Suite("Systems with inputs")
struct ControlledAlignmentTests {
  @Test("a rotated copy is at distance 0")
  func rotated() throws {
    for stream in 0..<5 as Range<UInt64> {
      var generator = RandomGenerator(seed: 51, stream: stream)
      let a = Matrix.gaussian(6, 6, &generator).scaled(by: 0.4)
      let b = Matrix.gaussian(6, 2, &generator)
      let frame = try Matrix.randomRotation(6, &generator)
      let system = try ControlledOperator(state: a, input: b)
      let copy = try ControlledOperator(state: frame * a * frame.transposed, input: frame * b)
      let result = try ControlledAlignment(system, copy)
      let scale = system.reachable.frobeniusNorm
      #expect(result.distance <= 1e-13 * scale)
      #expect(result.angle <= 1e-13)
      #expect(result.stateDistance <= 1e-12 * scale)
      #expect(result.inputDistance <= 1e-12 * scale)
      #expect(result.rotation.distance(to: frame.transposed) <= 1e-12)
    }
  }

  @Test("agrees with SciPy's orthogonal Procrustes and dsa-metric's components")
  func peer() throws {
    let fixture = try DSAFixture().controlled
    let systems = try (0..<2).map {
      try ControlledOperator(
        state: Matrix(rows: 4, columns: 4, elements: fixture.states[$0]),
        input: Matrix(rows: 4, columns: 2, elements: fixture.inputs[$0]))
    }
    let result = try ControlledAlignment(systems[0], systems[1])
    #expect(abs(result.distance - fixture.distance) <= 1e-12)
    #expect(abs(result.angle - fixture.angle) <= 1e-13)
    #expect(abs(result.stateDistance - fixture.stateDistance) <= 1e-12)
    #expect(abs(result.inputDistance - fixture.inputDistance) <= 1e-12)
  }

  @Test("the distance is symmetric and obeys the triangle inequality, the angle too")
  func metric() throws {
    for stream in 0..<20 as Range<UInt64> {
      var generator = RandomGenerator(seed: 52, stream: stream)
      let systems = try (0..<3).map { _ in
        try ControlledOperator(
          state: Matrix.gaussian(3, 3, &generator).scaled(by: 0.5), input: .gaussian(3, 1, &generator))
      }
      func d(_ i: Int, _ j: Int) throws -> ControlledAlignment {
        try ControlledAlignment(systems[i], systems[j])
      }
      let (ab, bc, ac, ba) = (try d(0, 1), try d(1, 2), try d(0, 2), try d(1, 0))
      #expect(abs(ab.distance - ba.distance) <= 1e-12)
      #expect(abs(ab.angle - ba.angle) <= 1e-12)
      #expect(ac.distance <= ab.distance + bc.distance + 1e-12)
      #expect(ac.angle <= ab.angle + bc.angle + 1e-12)
      #expect(try d(0, 0).distance <= 1e-12)
    }
  }

  @Test("is fitted exactly without noise, and the same when data are rotated and scaled")
  func fit() throws {
    var generator = RandomGenerator(seed: 53)
    let a = Matrix.gaussian(3, 3, &generator).scaled(by: 0.4)
    let b = Matrix.gaussian(3, 2, &generator)
    var trials: [Matrix<Double>] = []
    var inputs: [Matrix<Double>] = []
    for _ in 0..<4 {
      let input = Matrix.gaussian(30, 2, &generator)
      var states = Matrix.gaussian(30, 3, &generator)
      for time in 1..<30 {
        let next = zip(a.times(Array(states.row(time - 1))), b.times(Array(input.row(time - 1)))).map(+)
        for unit in 0..<3 { states[time, unit] = next[unit] }
      }
      trials.append(states)
      inputs.append(input)
    }
    let fitted = try ControlledOperator(trials: trials, inputs: inputs)
    let truth = try EigenDecomposition(a, vectors: false).values
    let found = try EigenDecomposition(fitted.state, vectors: false).values
    #expect(try SpectrumDistance()(truth, found) <= 1e-12)
    // The gain from input to state, in the data's units, does not depend on coordinates: W S B.
    let model = try DelayDMD(trials)
    var weighted = fitted.input
    for row in 0..<3 {
      for column in 0..<2 { weighted[row, column] *= model.singularValues[row] }
    }
    #expect((model.directions.transposed * weighted).distance(to: b) <= 1e-12)
    let frame = try Matrix.randomRotation(3, &generator)
    let turned = try ControlledOperator(trials: trials.map { ($0 * frame).scaled(by: 3) }, inputs: inputs)
    #expect(try ControlledAlignment(fitted, turned).distance <= 1e-11)
  }

  @Test("refuses what does not fit, and says why")
  func errors() throws {
    func text(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      text { _ = try ControlledOperator(state: .identity(2), input: Matrix(rows: 3, columns: 1)) }
        == "the input's operator should be [2, inputs]; it is [3, 1]")
    let one = try ControlledOperator(state: .identity(2), input: Matrix(rows: 2, columns: 1, repeating: 1))
    let other = try ControlledOperator(state: .identity(2), input: Matrix(rows: 2, columns: 2, repeating: 1))
    #expect(
      text { _ = try ControlledAlignment(one, other) }
        == "the second system should be 2 states and 1 inputs; it is 2 states and 2 inputs")
    let still = try ControlledOperator(state: .identity(2), input: Matrix(rows: 2, columns: 1))
    #expect(
      text { _ = try ControlledAlignment(one, still) }
        == "what the second system's inputs reach is 0 and has no direction to compare; compare networks whose state moves"
    )
    #expect(
      text {
        _ = try ControlledOperator(
          trials: [Matrix(rows: 4, columns: 2, repeating: 1)], inputs: [Matrix(rows: 3, columns: 1)])
      } == "the input of trial 0 should be [4, 1]; it is [3, 1]")
  }
}
