import Foundation
import ProbeDynamics
import ProbeLinearAlgebra
import Testing

@Suite("An input given for ever") struct RepeatedInputTests {
  @Test("leads h' = tanh(2 h) to its fixed point, with the closed form's slope")
  func fixedPoint() throws {
    let found = try RepeatedInput(of: separableFlipFlop(bits: 2), from: [0.3, -0.1])
    #expect(found.period == 1)
    #expect(abs(found.cycle[0][0] - flipFlopRoot) <= 8 * 0x1p-53)
    #expect(abs(found.cycle[0][1] + flipFlopRoot) <= 8 * 0x1p-53)
    #expect(abs(found.spectralRadius - flipFlopEigenvalue) <= 32 * 0x1p-53)
    #expect(found.residual <= 4 * 0x1p-53)
  }

  @Test("leads h' = tanh(-2 h) round a cycle of two, whose multiplier is the square of the slope")
  func cycleOfTwo() throws {
    let map = try tanhMap(Matrix(rows: 1, columns: 1, elements: [-2]))
    let found = try RepeatedInput(of: map, from: [0.2])
    #expect(found.period == 2)
    #expect(found.cycle.map { abs($0[0]) }.allSatisfy { abs($0 - flipFlopRoot) <= 8 * 0x1p-53 })
    #expect(found.cycle[0][0] * found.cycle[1][0] < 0)
    #expect(abs(found.spectralRadius - flipFlopEigenvalue * flipFlopEigenvalue) <= 32 * 0x1p-53)
  }

  @Test("leads a rotation by a fifth of a turn round a cycle of five, which attracts nothing")
  func rotation() throws {
    let angle = 2 * Double.pi / 5
    let map = try linearMap(
      Matrix(rows: 2, columns: 2, elements: [cos(angle), -sin(angle), sin(angle), cos(angle)]))
    let found = try RepeatedInput(of: map, from: [1, 0], steps: 100)
    #expect(found.period == 5)
    #expect(found.cycle.count == 5)
    // Five products of matrices of norm 1.
    #expect(abs(found.spectralRadius - 1) <= 50 * 0x1p-52)
  }

  @Test("is said to lead nowhere where nothing comes back: an irrational rotation, a state that grows")
  func nothing() throws {
    let turning = try linearMap(
      Matrix(rows: 2, columns: 2, elements: [cos(1.0), -sin(1.0), sin(1.0), cos(1.0)]))
    let found = try RepeatedInput(of: turning, from: [1, 0], steps: 100)
    #expect(found.period == nil && found.spectralRadius.isNaN && found.cycle.count == 1)
    let growing = try linearMap(Matrix(rows: 1, columns: 1, elements: [2]))
    #expect(try RepeatedInput(of: growing, from: [1], steps: 3000).period == nil)
    #expect(try RepeatedInput(of: growing, from: [0], steps: 10).period == 1)
  }
}
