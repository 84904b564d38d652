import Foundation
import ProbeDynamics
import ProbeLinearAlgebra
import Testing

@Suite struct LyapunovTests {
  @Test("the exponents of the Henon map are 0.4192 and -1.6232, and sum to ln 0.3")
  func henon() throws {
    var (x, y) = (0.1, 0.1)
    let spectrum = try LyapunovSpectrum(dimension: 2, count: 2, steps: 60_000, discarded: 1000) { _ in
      let jacobian = Matrix<Double>(rows: 2, columns: 2, elements: [-2.8 * x, 1, 0.3, 0])
      (x, y) = (1 - 1.4 * x * x + y, 0.3 * x)
      return jacobian
    }
    // |det J| = 0.3 at every step: each factorisation errs by a few eps, of logarithms below 10.
    #expect(abs(spectrum.exponents[0] + spectrum.exponents[1] - log(0.3)) <= 100 * 0x1p-52 * 10)
    // Sprott, Chaos and Time-Series Analysis (2003), table 5.1: 0.41922, -1.62319.
    #expect(abs(spectrum.exponents[0] - 0.41922) <= 4 * spectrum.standardErrors[0] + 5e-6)
    #expect(abs(spectrum.exponents[1] + 1.62319) <= 4 * spectrum.standardErrors[1] + 5e-6)
    #expect(spectrum.standardErrors[0] < 5e-3)
    #expect(spectrum.steps == 59_000)
    // 1 + 0.41922 / 1.62319 = 1.258.
    #expect(abs(spectrum.kaplanYorkeDimension - 1.25827) <= 0.01)
    #expect(spectrum.convergence.count >= 100)
    #expect(spectrum.convergence.last?.step == 59_000)
    #expect(spectrum.convergence.last?.exponents == spectrum.exponents)
  }

  @Test("the exponent of the logistic map at r = 4 is ln 2")
  func logistic() throws {
    var x = 0.3
    let spectrum = try LyapunovSpectrum(dimension: 1, count: 1, steps: 50_000, discarded: 100) { _ in
      let slope = 4 - 8 * x
      x = 4 * x * (1 - x)
      return Matrix(rows: 1, columns: 1, elements: [slope])
    }
    #expect(abs(spectrum.exponents[0] - log(2.0)) <= 4 * spectrum.standardErrors[0])
    #expect(spectrum.standardErrors[0] < 0.01)
    #expect(spectrum.kaplanYorkeDimension == 1)
  }

  @Test("the exponents of a linear map are the logarithms of its eigenvalues' moduli")
  func linear() throws {
    // Upper triangular, so the eigenvalues are on the diagonal; not normal.
    let jacobian = Matrix<Double>(rows: 3, columns: 3, elements: [1.25, 3, -1, 0, -0.5, 2, 0, 0, 0.125])
    let spectrum = try LyapunovSpectrum(dimension: 3, count: 3, steps: 1200, discarded: 200) { _ in jacobian }
    for (got, modulus) in zip(spectrum.exponents, [1.25, 0.5, 0.125]) {
      // Directions align at a rate of at most 0.5 / 1.25 a step: after 200 steps only rounding is left.
      #expect(abs(got - log(modulus)) <= 1e-12)
    }
    for error in spectrum.standardErrors { #expect(error <= 1e-12) }
    let sum = log(1.25) + log(0.5)
    #expect(sum < 0)
    #expect(abs(spectrum.kaplanYorkeDimension - (1 + log(1.25) / log(2.0))) <= 1e-11)
  }

  @Test("fewer exponents than dimensions are the largest ones")
  func leading() throws {
    let jacobian = Matrix<Double>(rows: 3, columns: 3, elements: [0.1, 0, 0, 0, 0.9, 0, 0, 0, 0.5])
    let spectrum = try LyapunovSpectrum(dimension: 3, count: 2, steps: 600, discarded: 300) { _ in jacobian }
    #expect(spectrum.exponents.count == 2)
    #expect(abs(spectrum.exponents[0] - log(0.9)) <= 1e-12 && abs(spectrum.exponents[1] - log(0.5)) <= 1e-12)
  }

  @Test("standard errors of independent factors cover the true exponent")
  func coverage() throws {
    // ln|J| is normal with mean -0.2 and deviation 0.5: the error of 2000 steps is 0.5 / 2000^0.5 = 0.0112.
    var covered = 0
    for seed in 0..<40 as Range<UInt64> {
      var random = RandomGenerator(seed: seed)
      let spectrum = try LyapunovSpectrum(dimension: 1, count: 1, steps: 2000, discarded: 0) { _ in
        Matrix(rows: 1, columns: 1, elements: [exp(-0.2 + 0.5 * random.normal())])
      }
      if abs(spectrum.exponents[0] + 0.2) <= 2.1 * spectrum.standardErrors[0] { covered += 1 }
      #expect(abs(spectrum.standardErrors[0] / 0.01118 - 1) < 0.7)
    }
    // 95 % (Student's t of 19 degrees of freedom): 40 trials fall below 32 with a probability under 1e-4.
    #expect(covered >= 32)
  }

  @Test("a direction that is wiped out has the exponent minus infinity")
  func singular() throws {
    let jacobian = Matrix<Double>(rows: 2, columns: 2, elements: [2, 0, 0, 0])
    let spectrum = try LyapunovSpectrum(dimension: 2, count: 2, steps: 200, discarded: 50) { _ in jacobian }
    #expect(abs(spectrum.exponents[0] - log(2.0)) <= 1e-12)
    #expect(spectrum.exponents[1] == -.infinity)
  }

  @Test("too few steps give no standard error, and none no exponent")
  func short() throws {
    let short = try LyapunovSpectrum(dimension: 1, count: 1, steps: 5, discarded: 0) { _ in .identity(1) }
    #expect(short.exponents == [0] && short.standardErrors[0].isNaN)
    let none = try LyapunovSpectrum(dimension: 1, count: 1, steps: 5, discarded: 5) { _ in .identity(1) }
    #expect(none.exponents[0].isNaN && none.steps == 0)
  }

  @Test("a Jacobian that is not finite is refused")
  func refusal() {
    #expect(throws: LinearAlgebraError.notFinite(routine: "dgeqrf")) {
      _ = try LyapunovSpectrum(dimension: 1, count: 1, steps: 5, discarded: 0) { _ in
        Matrix(rows: 1, columns: 1, elements: [.infinity])
      }
    }
  }
}
