import ComplexModule
import Foundation
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import RealModule
import Testing

@Suite struct StabilityTests {
  private func stability(
    _ elements: [Double], error: Double = 0, rounding: Double = 0, trial: Double = 100,
    differentiable: Bool = true
  ) throws -> Stability {
    let size = Int(Double(elements.count).squareRoot())
    return try Stability(
      jacobian: Matrix(rows: size, columns: size, elements: elements), jacobianError: error,
      weightRounding: rounding, trialLength: trial, isDifferentiable: differentiable)
  }

  @Test("moduli below one are stable, one above is unstable")
  func verdicts() throws {
    let stable = try stability([0.5, 0, 0, -0.9])
    #expect(stable.verdict == .stable && stable.unstableCount == 0 && stable.spectralRadius == 0.9)
    let unstable = try stability([1.5, 0, 0, 0.2])
    #expect(unstable.verdict == .unstable && unstable.unstableCount == 1 && unstable.spectralRadius == 1.5)
    let spiral = try stability([0.8, -0.8, 0.8, 0.8])
    #expect(spiral.verdict == .unstable && spiral.unstableCount == 2)
    #expect(abs(spiral.spectralRadius - 1.28.squareRoot()) <= 8 * 0x1p-52)
  }

  @Test("a modulus within its error of one is undecided, whatever the error's source")
  func undecided() throws {
    #expect(try stability([0.999]).verdict == .stable)
    #expect(try stability([0.999], error: 2e-3).verdict == .undecided)
    #expect(try stability([0.999], rounding: 2e-3).verdict == .undecided)
    #expect(try stability([1.001], error: 2e-3).verdict == .undecided)
    #expect(try stability([1.001], error: 5e-4).verdict == .unstable)
    #expect(try stability([1]).verdict == .undecided)
    #expect(try stability([-1]).verdict == .undecided)
    #expect(try stability([0.5], differentiable: false).verdict == .undecided)
  }

  @Test("one surely unstable mode decides, however uncertain the others")
  func mixed() throws {
    let mixed = try stability([3, 0, 0, 1], error: 0.1)
    #expect(mixed.verdict == .unstable && mixed.isMarginal)
  }

  @Test("non-normal matrices have eigenvalues with larger errors, a Jordan block unbounded ones")
  func conditioning() throws {
    let normal = try stability([0.5, 0, 0, 0.4], error: 1e-6)
    for error in normal.errors { #expect(abs(error / 1e-6 - 1) <= 1e-6) }
    // [[a, c], [0, b]] has |w^H v| = 1 / (1 + (c / (a - b))²)^0.5.
    let shear = try stability([0.5, 10, 0, 0.4], error: 1e-6)
    for error in shear.errors { #expect(abs(error / (1e-6 * (1 + 1e4).squareRoot()) - 1) <= 1e-5) }
    #expect(try stability([0.5, 1, 0, 0.5]).verdict == .undecided)
  }

  @Test("errors bound what a perturbation of the stated size does")
  func perturbation() throws {
    var random = RandomGenerator(seed: 21)
    let size = 6
    let elements = (0..<size * size).map { _ in random.normal() }
    let bound = 1e-7
    let judged = try stability(elements, error: bound)
    for _ in 0..<20 {
      let noise = (0..<size * size).map { _ in random.normal() }
      let scale = bound / euclideanNorm(noise)
      let moved = try EigenDecomposition(
        Matrix(rows: size, columns: size, elements: zip(elements, noise).map { $0 + scale * $1 }))
      for (k, value) in judged.eigen.values.enumerated() {
        let nearest = moved.values.map { ($0 - value).length }.min() ?? .infinity
        // First order: the second-order term is below 1e-14 times squared condition numbers, below 1e-10.
        #expect(nearest <= judged.errors[k] + 1e-10)
      }
    }
  }

  @Test("a mode that outlasts the trial is marginal")
  func marginal() throws {
    // |ln 0.99| = 0.01005 and |ln 1.0101| = 0.01005.
    #expect(try stability([0.99], trial: 99).isMarginal)
    #expect(try stability([0.99], trial: 101).isMarginal == false)
    #expect(try stability([1 / 0.99], trial: 99).isMarginal)
    #expect(try stability([1], trial: 1e12).isMarginal)
    #expect(try stability([0.1, 0, 0, 0]).isMarginal == false)
  }

  @Test("time constants are -1 / ln|lambda|")
  func timeConstants() {
    #expect(abs(Stability.timeConstant(exp(-1.0)) - 1) <= 4 * 0x1p-52)
    #expect(abs(Stability.timeConstant(0.5) - 1 / log(2.0)) <= 4 * 0x1p-52)
    #expect(Stability.timeConstant(1) == .infinity)
    #expect(Stability.timeConstant(0) == 0)
    #expect(abs(Stability.timeConstant(exp(0.5)) + 2) <= 16 * 0x1p-52)
  }

  @Test("Henrici's number is 0 for normal matrices and 1 for [[0, 1], [0, 0]]")
  func nonNormality() throws {
    #expect(try stability([0, 1, 0, 0]).nonNormality == 1)
    // The square root of a rounding error of a few eps.
    #expect(try stability([0.6, -0.8, 0.8, 0.6]).nonNormality <= 1e-7)
    #expect(try stability([2, 1, 1, 3]).nonNormality <= 1e-7)
    #expect(abs(try stability([0.5, 3, 0, 0.2]).nonNormality - 3) <= 1e-12)
  }

  @Test("the stability radius of a normal matrix is the distance of its spectrum from the circle")
  func radius() throws {
    func relative(_ elements: [Double]) throws -> Double {
      let size = Int(Double(elements.count).squareRoot())
      let matrix = Matrix(rows: size, columns: size, elements: elements)
      return try fixedPoint(linearMap(matrix), at: Array(repeating: 0, count: size)).stabilityRadius()
    }
    #expect(abs(try relative([0.5, 0, 0, 0.25]) - 1) <= 1e-14)
    #expect(abs(try relative([-0.8, 0, 0, 0.25]) - 0.2 / 0.8) <= 1e-14)
    let (c, s) = (0.9 * cos(1.0), 0.9 * sin(1.0))
    #expect(abs(try relative([c, -s, s, c]) - 0.1 / 0.9) <= 1e-14)
    #expect(abs(try relative([1.5, 0, 0, 0.1]) - 0.5 / 1.5) <= 1e-14)
    #expect(try relative([0, 0, 0, 0]).isNaN)
    // A shear brings the circle nearer: sigma_min([[0.5, -4], [0, 0.5]]) = 0.25 / sigma_max = 0.0615...
    let largest = ((0.5 + 16 + (16 * 16 + 16.0).squareRoot()) / 2).squareRoot()
    let norm = try Matrix<Double>(rows: 2, columns: 2, elements: [0.5, 4, 0, 0.5]).singularValues()[0]
    #expect(abs(try relative([0.5, 4, 0, 0.5]) - 0.25 / largest / norm) <= 1e-14)
  }

  @Test("a NaN in the Jacobian is refused")
  func refusal() {
    #expect(throws: LinearAlgebraError.notFinite(routine: "dgeev")) { try stability([.nan]) }
  }

  @Test("sigma_min and the continuum's dimension are those of I - J")
  func singularValues() throws {
    let point = try fixedPoint(
      linearMap(Matrix(rows: 3, columns: 3, elements: [0.5, 0, 0, 0, -1, 0, 0, 0, 1 - 1e-10])), at: [0, 0, 0])
    #expect(abs(point.singularValues[0] - 2) <= 1e-14 && abs(point.singularValues[1] - 0.5) <= 1e-14)
    // 1 - 1e-10 is rounded by 2^-54.
    #expect(abs(point.sigmaMin - 1e-10) <= 4 * 0x1p-53)
    #expect(point.continuumDimension() == 1)
    #expect(point.continuumDimension(tolerance: 1e-12) == 0)
    #expect(point.continuumDimension(tolerance: 0.3) == 2)
  }
}
