import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeModels

/// The softmax of the algebras in which cells write their equations.
@Suite struct SoftmaxAlgebraTests {
  /// softmax in 80 bits: its error is 2000 times smaller than that of f64.
  static func reference(_ values: [Double]) -> [Double] {
    #if arch(x86_64)
      let highest = values.max() ?? 0
      let weights = values.map { Foundation.exp(Float80($0) - Float80(highest)) }
      let total = weights.reduce(0, +)
      return weights.map { Double($0 / total) }
    #else
      let highest = values.max() ?? 0
      let weights = values.map { Foundation.exp($0 - highest) }
      return weights.map { $0 / weights.reduce(0, +) }
    #endif
  }

  static func vectors(seed: UInt64, count: Int, scale: Double) -> [[Double]] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { index in (0...(index % 7)).map { _ in scale * random.normal() } }
  }

  @Test("softmax of exact values is within its error of extended precision", arguments: [0.1, 1, 30, 1000])
  func roundingErrors(scale: Double) {
    for values in Self.vectors(seed: 1, count: 100, scale: scale) {
      let got = PointEnclosureAlgebra().softmax(.init(state: values))
      for (index, want) in Self.reference(values).enumerated() {
        #expect(abs(got.value[index] - want) <= got.error[index])
        // Differences reach 10 times the scale; an argument's rounding is 2^-53 of them, a function's error 2^-50.
        #expect(got.error[index] <= 4 * (10 * scale * 0x1p-53 + 10 * 0x1p-50))
      }
    }
  }

  @Test("softmax of inexact values encloses the softmax of every value within the error")
  func carriedErrors() {
    var random = RandomGenerator(seed: 2)
    for values in Self.vectors(seed: 3, count: 60, scale: 2) {
      for size in [1e-9, 1e-3, 1, 800] {
        var vector = PointEnclosureAlgebra.Vector(state: values)
        vector.error = values.map { _ in size * random.uniform() }
        let got = PointEnclosureAlgebra().softmax(vector)
        for _ in 0..<10 {
          let moved = zip(values, vector.error).map {
            $0 + (random.bernoulli(0.5) ? 1 : random.uniform(-1, 1)) * $1
          }
          for (index, want) in Self.reference(moved).enumerated() {
            #expect(abs(got.value[index] - want) <= got.error[index] * (1 + 1e-12) + 1e-15)
          }
        }
        #expect(got.error.allSatisfy { $0 <= 1 })
      }
    }
  }

  @Test("the derivative of softmax is diag(p) - p p^T, within its error")
  func derivative() throws {
    for values in Self.vectors(seed: 4, count: 60, scale: 3) {
      let got = PointEnclosureAlgebra().softmax(.init(state: values))
      let p = Self.reference(values)
      let jacobian = try #require(got.jacobian)
      for row in p.indices {
        let want = p.indices.map { (row == $0 ? p[row] : 0) - p[row] * p[$0] }
        let difference = zip(jacobian.row(row), want).map { $0 - $1 }
        #expect(euclideanNorm(difference) <= got.rowError[row] + 1e-16)
        #expect(got.rowError[row] <= 1e-13)
      }
    }
  }

  @Test("softmax of one value is one, with no derivative")
  func oneValue() throws {
    let point = PointEnclosureAlgebra().softmax(.init(state: [3]))
    #expect(point.value == [1])
    #expect(try #require(point.jacobian).elements == [0])
    let ball = BallBoundAlgebra(radius: 1, norms: WeightNorms()).softmax(.init(state: [3]))
    #expect(ball.center == [1])
    #expect(ball.gradient[0] < 1e-300 && ball.slope < 1e-300 && ball.curvature < 1e-300)
  }

  @Test("the first derivative's bound is reached by two equal values: half")
  func largestSlope() {
    let got = BallBoundAlgebra(radius: 1e-9, norms: WeightNorms()).softmax(.init(state: [0, 0, -60]))
    #expect(got.slope >= 0.5 && got.slope <= 0.5 * (1 + 1e-5))
    // Row 0 of diag(p) - p p^T at p = (1/2, 1/2, 0) is (1/4, -1/4, 0).
    #expect(got.gradient[0] >= 0.125.squareRoot() && got.gradient[0] <= 0.125.squareRoot() * (1 + 1e-5))
  }

  @Test("the second derivative's bound is reached where sigma's curvature is largest: 2^0.5 / (3 3^0.5)")
  func largestCurvature() {
    // p = (q, 1 - q) with q (1 - q) (1 - 2 q) largest: q = (3 - 3^0.5) / 6, v = (log(q / (1 - q)), 0). Along the unit
    // direction (1, -1) / 2^0.5 the difference of the values grows by 2^0.5, and the second derivative of q along it
    // is 2 sigma''; that of p has the norm 2^0.5 times that, sigma'' = 1 / (6 3^0.5).
    let q = (3 - 3.0.squareRoot()) / 6
    let exact = 2 * 2.0.squareRoot() / (6 * 3.0.squareRoot())
    let got = BallBoundAlgebra(radius: 1e-9, norms: WeightNorms()).softmax(
      .init(state: [log(q / (1 - q)), 0]))
    #expect(got.curvature >= exact && got.curvature <= exact * (1 + 1e-5))
  }

  @Test(
    "the bounds vanish as softmax becomes one-hot, no faster than the derivatives do",
    arguments: [5.0, 20, 300])
  func oneHot(gap: Double) {
    // p = (1 - e, e) with e = 1 / (1 + exp(gap)): ||J|| = 2 e (1 - e), ||D²p|| = 2 2^0.5 e (1 - e) (1 - 2 e).
    let e = 1 / (1 + exp(gap))
    let got = BallBoundAlgebra(radius: 1e-9, norms: WeightNorms()).softmax(.init(state: [gap, 0]))
    let slope = 2 * e * (1 - e)
    #expect(got.slope >= slope && got.slope <= slope * (1 + 1e-5))
    let curvature = slope * 2.0.squareRoot()
    #expect(got.curvature >= curvature * (1 - 2 * e) && got.curvature <= curvature * (1 + 1e-5))
  }

  @Test("the ball's bounds hold for the derivatives at random points of the ball", arguments: [0.01, 0.5, 3])
  func ballBounds(radius: Double) throws {
    var random = RandomGenerator(seed: 6)
    for center in Self.vectors(seed: 7, count: 60, scale: 2) {
      let bound = BallBoundAlgebra(radius: radius, norms: WeightNorms()).softmax(.init(state: center))
      var last: (point: [Double], jacobian: Matrix<Double>)?
      for _ in 0..<10 {
        let direction = center.map { _ in random.normal() }
        let length = radius * random.uniform() / euclideanNorm(direction)
        let point = zip(center, direction).map { $0 + length * $1 }
        let p = Self.reference(point)
        var jacobian = Matrix<Double>(rows: p.count, columns: p.count)
        for row in p.indices {
          for column in p.indices {
            jacobian[row, column] = (row == column ? p[row] : 0) - p[row] * p[column]
          }
          #expect(euclideanNorm(jacobian.row(row)) <= bound.gradient[row] + 1e-15)
        }
        #expect(try jacobian.singularValues()[0] <= bound.slope + 1e-15)
        if let last {
          let distance = euclideanNorm(zip(last.point, point).map { $0 - $1 })
          let change = try (jacobian - last.jacobian).singularValues()[0]
          #expect(change <= bound.curvature * distance + 1e-14)
        }
        last = (point, jacobian)
      }
    }
  }
}
