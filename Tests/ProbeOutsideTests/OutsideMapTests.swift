import Foundation
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeOutside

/// a = tanh(2 a), to all digits of f64 (mpmath, 50 digits: 0.95750402407728742...).
private let root = 0.957504024077287

@Suite struct OutsideMapTests {
  @Test("values and the program's own Jacobians are those of the formula")
  func values() throws {
    let map = try OutsideMap(try child("jacobian"), input: [0.25, -0.5])
    #expect(map.derivatives == .program)
    let states: [Double] = [0.5, 0, -1, 3]
    var next = [Double](repeating: 0, count: 4)
    map.apply(states, count: 2, into: &next)
    // The child's tanh is the same library's.
    #expect(next == [tanh(1.25), tanh(-0.5), tanh(-1.75), tanh(5.5)])
    let jacobian = map.jacobian(at: [0.5, 0])
    #expect(
      jacobian.elements == [2 * (1 - pow(tanh(1.25), 2)), 0, 0, 2 * (1 - pow(tanh(-0.5), 2))])
    #expect(map.hasProvenBounds == false)
  }

  @Test("the result may be written over the states, and no states are no question")
  func inPlace() throws {
    let map = try OutsideMap(try child("jacobian"), input: [0, 0])
    var states: [Double] = [1, 2]
    states.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      map.apply(base, count: 1, into: base)
      map.apply(base, count: 0, into: base)
    }
    #expect(states == [tanh(2), tanh(4)])
  }

  @Test("Jacobians by differences are those of the formula to the two thirds of the digits that they promise")
  func differences() throws {
    let map = try OutsideMap(try child("differences"), input: [0.25, -0.5])
    #expect(map.derivatives == .differences)
    let jacobian = map.jacobian(at: [0.5, -0.25])
    let first = 1 - pow(tanh(1.125), 2)
    let second = 1 - pow(tanh(-1.0), 2)
    // |F'''| <= 2 * 2^3, so h^2 |F'''| / 6 with h = 2^-17, and rounding 2^-53 / h.
    let bound = 0x1p-34 * 16 / 6 + 0x1p-53 * 0x1p17
    for (value, exact) in zip(jacobian.elements, [2 * first, 0.5 * first, 0, 2 * second]) {
      #expect(abs(value - exact) <= bound)
    }
    let input = map.inputJacobian(at: [0.5, -0.25])
    for (value, exact) in zip(input.elements, [first, 0, 0, second]) { #expect(abs(value - exact) <= bound) }
    // The estimate of the error holds the error.
    let enclosure = map.enclosure(at: [0.5, -0.25])
    #expect(enclosure.jacobianRowErrors[0] <= 8 * bound)
    #expect(abs(jacobian[1, 1] - 2 * second) <= enclosure.jacobianRowErrors[1] + 0x1p-36)
  }

  @Test("the fixed points are the nine known ones, numerical and never certified", arguments: [1, 2])
  func fixedPoints(threads: Int) throws {
    let program = try child("all")
    let map = try OutsideMap(program, input: [0, 0])
    let drawn = try map.starts(count: 64, seed: 3)
    #expect(drawn.elements.allSatisfy { abs($0) <= 1 })
    var sampler = StartSampler(seed: 1)
    sampler.widths = [0, 0.25]
    let result = try program.checked {
      try FixedPointSearch().run(map, starts: sampler.draw(from: drawn, count: 64), threads: threads)
    }
    try #require(result.points.count == 9)
    for point in result.points {
      // The residual is at most 1e-12 and |(I - J)^-1| at most 1 / (1 - 2 (1 - root²)) = 1.2.
      for value in point.state { #expect([-root, 0, root].contains { abs($0 - value) <= 2e-12 }) }
      #expect(point.certificate.verdict == .numerical)
      #expect(point.certificate.radius.isNaN)
      #expect(point.stability.verdict == (point.state.allSatisfy { abs($0) > 0.5 } ? .stable : .unstable))
      #expect(point.index == (point.state.count { abs($0) < 0.5 } == 1 ? -1 : 1))
    }
    #expect(IndexSum(map, points: result.points) == .consistent)
  }

  @Test("with Jacobians by differences they are nine too")
  func fixedPointsByDifferences() throws {
    let program = try child("uncoupled-differences")
    let map = try OutsideMap(program, input: [0, 0])
    let result = try program.checked {
      try FixedPointSearch().run(
        map, starts: StartSampler(seed: 1).draw(from: try map.starts(count: 64, seed: 3), count: 64),
        threads: 1)
    }
    #expect(result.points.count == 9)
    #expect(result.points.allSatisfy { $0.certificate.verdict == .numerical && $0.residual <= 1e-12 })
    #expect(result.points.count { $0.stability.verdict == .stable } == 4)
  }

  @Test("noise, a transposed Jacobian and a wrong input are refused, each in words")
  func refused() throws {
    let noise = errorText { _ = try OutsideMap(try child("noise"), input: [0, 0]) }
    #expect(
      noise.contains("answered the same 3 states twice with what cannot be: variable 1 of state 0 was "))
    #expect(noise.contains("switch noise and dropout off"))
    let transposed = errorText { _ = try OutsideMap(try child("transposed"), input: [0, 0]) }
    #expect(transposed.contains("d next["))
    #expect(transposed.contains("jacobian must be [count, next, state], or leave it out"))
    let input = errorText { _ = try OutsideMap(try child("all"), input: [0]) }
    #expect(input.contains("the fixed input has 1 features; the program's map reads 2"))
  }

  @Test("single precision shows in the answers, and only there")
  func precision() throws {
    #expect(try OutsideMap(try child("single"), input: [0, 0]).isSinglePrecision)
    #expect(try OutsideMap(try child("all"), input: [0, 0]).isSinglePrecision == false)
  }

  @Test("a program that dies in the middle gives NaN, and its error to whoever asks")
  func late() throws {
    let program = try child("late")
    let map = try OutsideMap(program, input: [0, 0])
    #expect(map.apply([1, 0]) == [tanh(2), 0])
    let text = errorText {
      try program.checked {
        #expect(map.apply([11, 0]).allSatisfy { $0.isNaN })
        #expect(map.apply([1, 0]).allSatisfy { $0.isNaN })
        #expect(map.jacobian(at: [1, 0]).elements.allSatisfy { $0.isNaN })
        throw LinearAlgebraError.notFinite(routine: "what followed")
      }
    }
    #expect(
      text.hasSuffix("OutsideChild' late' ended with status 7 instead of answering 1 states of its map"))
  }

  @Test("questions beyond one message go in parts")
  func parts() throws {
    let map = try OutsideMap(try child("jacobian"), input: [0, 0])
    let count = 1_100_000
    let states = (0..<2 * count).map { Double($0) / Double(count) }
    var next = [Double](repeating: 0, count: 2 * count)
    map.apply(states, count: count, into: &next)
    for index in [0, 1, count, 2 * count - 1] { #expect(next[index] == tanh(2 * states[index])) }
  }
}
