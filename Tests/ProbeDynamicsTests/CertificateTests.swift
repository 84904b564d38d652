import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import Testing

@Suite struct CertificateTests {
  private func certificate(_ map: RecurrentMap, _ state: [Double]) -> Certificate {
    Certificate(map, state: state, enclosure: map.enclosure(at: state), norms: WeightNorms())
  }

  @Test("the exact root of tanh(2 h) = h lies within the radius, which is of the size of rounding")
  func exactRoot() throws {
    let proof = certificate(try separableFlipFlop(bits: 1), [flipFlopRoot])
    #expect(proof.verdict == .certified)
    // The constant is rounded: half an ulp of a number below 1 is 2^-54.
    #expect(0x1p-54 <= proof.radius && proof.radius < 1e-14)
    // beta = 1 / (1 - 0.16637) and K = sup |F''| <= 4 * 4 / 27^0.5.
    #expect(abs(proof.inverseNorm * (1 - flipFlopEigenvalue) - 1) <= 1e-5)
    #expect(proof.curvature <= 16 / 27.0.squareRoot() * (1 + 1e-5))
    #expect(proof.curvature > 0)
  }

  @Test(
    "a state moved off the root certifies the same root within its radius, until the residual is too large",
    arguments: [1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2])
  func movedState(distance moved: Double) throws {
    let network = try separableFlipFlop(bits: 1)
    for sign in [-1.0, 1] {
      let proof = certificate(network, [flipFlopRoot + sign * moved])
      #expect(proof.verdict == .certified)
      #expect(proof.radius >= moved * (1 - 1e-3) - 2 * 0x1p-53)
      #expect(proof.radius <= 2 * moved + 1e-14)
      #expect(proof.uniqueRadius > proof.radius)
    }
  }

  @Test("in several dimensions too the radius covers the displacement", arguments: 0..<20 as Range<UInt64>)
  func movedStates(seed: UInt64) throws {
    let network = try separableFlipFlop(bits: 3)
    var random = RandomGenerator(seed: seed)
    let exact = (0..<3).map { _ in [-flipFlopRoot, 0, flipFlopRoot][random.integer(below: 3)] }
    let width = 1e-10 * Double(1 << random.integer(below: 20))
    let state = exact.map { $0 + width * random.normal() }
    let proof = certificate(network, state)
    #expect(proof.verdict == .certified)
    #expect(proof.radius >= distance(state, exact) - 3 * 0x1p-53)
  }

  @Test("no other root lies within the unique radius", arguments: [-1, 0, 1])
  func uniqueness(which: Int) throws {
    let network = try separableFlipFlop(bits: 2)
    let roots = [-flipFlopRoot, 0, flipFlopRoot]
    let center = [Double(which) * flipFlopRoot, flipFlopRoot]
    let proof = certificate(network, center)
    #expect(proof.verdict == .certified)
    #expect(proof.uniqueRadius > 0.01)
    for first in roots {
      for second in roots where distance([first, second], center) > 1e-9 {
        #expect(distance([first, second], center) > proof.uniqueRadius)
      }
    }
  }

  @Test(
    "Newton's method from anywhere within the attraction radius ends at the point", arguments: [-1, 0, 1])
  func attraction(which: Int) throws {
    let network = try separableFlipFlop(bits: 1)
    let root = Double(which) * flipFlopRoot
    let proof = certificate(network, [root])
    #expect(proof.attractionRadius > 0.01 && proof.attractionRadius <= proof.uniqueRadius)
    for step in -10...10 {
      let start = root + proof.attractionRadius * 0.999 * Double(step) / 10
      var state = start
      for _ in 0..<60 {
        // The plain method that the theorem is about, without a line search.
        let (residual, slope) = (network.apply([state])[0] - state, network.jacobian(at: [state])[0, 0] - 1)
        state -= residual / slope
      }
      #expect(abs(state - root) <= 4 * 0x1p-53)
    }
  }

  @Test("a state that is no fixed point gets no proof", arguments: [0.5, 0.7, 2.0, -0.3])
  func noFixedPoint(state: Double) throws {
    let proof = certificate(try separableFlipFlop(bits: 1), [state])
    #expect(proof.verdict == .no)
    #expect(proof.radius.isNaN && proof.uniqueRadius.isNaN && proof.curvature.isNaN)
    #expect(proof.attractionRadius == 0)
  }

  @Test(
    "a map without fixed points never gets a proof, however near its fold",
    arguments: [1e-4, 1e-8, 1e-12, 1e-14])
  func nearFold(gap: Double) throws {
    // h' = h + relu'd drift: 1 h + gap has residual gap everywhere.
    let drift = try linearMap(Matrix(rows: 1, columns: 1, elements: [1]), bias: [gap])
    for state in [-1.0, 0, 3] {
      #expect(certificate(drift, [state]).verdict == (gap <= 1e-10 ? .numerical : .no))
    }
  }

  @Test(
    "the triple root of tanh(h) = h is found but never certified as simple", arguments: [0, 1e-7, 1e-5, 1e-4])
  func tripleRoot(state: Double) throws {
    let network = try tanhMap(.identity(1))
    #expect(certificate(network, [state]).verdict == .numerical)
  }

  @Test("on a linear map the certificate's ball is whole and its curvature zero")
  func linear() throws {
    let matrix = Matrix<Double>(rows: 2, columns: 2, elements: [0.5, 0.25, -0.25, 0.5])
    let network = try linearMap(matrix, bias: [1, 2])
    // (I - J)^-1 b with I - J = [[0.5, -0.25], [0.25, 0.5]], determinant 0.3125.
    let exact = [(0.5 * 1 + 0.25 * 2) / 0.3125, (0.5 * 2 - 0.25 * 1) / 0.3125]
    let proof = certificate(network, exact)
    #expect(proof.verdict == .certified && proof.curvature == 0)
    #expect(proof.radius < 1e-13)
    let moved = certificate(network, [exact[0] + 1e-3, exact[1]])
    #expect(moved.verdict == .certified)
    #expect(moved.radius >= 1e-3 && moved.radius < 1e-2)
  }

  @Test("on a linear piece the unique ball stops short of the kink")
  func piece() throws {
    // z' = 0.5 z + 0.2 relu(z) + h: the fixed point 0.03 / 0.3 = 0.1 lies 0.1 from the kink.
    let weight = Matrix<Double>(rows: 1, columns: 1, elements: [0.2])
    let proof = certificate(try piecewiseLinearMap([0.5], weight, [0.03]), [0.1])
    #expect(proof.verdict == .certified && proof.curvature == 0)
    #expect(proof.uniqueRadius < 0.1 && proof.uniqueRadius > 0.1 / 16)
    #expect(certificate(try piecewiseLinearMap([0.5], weight, [0]), [0]).verdict == .numerical)
  }

  @Test("NaN and infinite states get no proof", arguments: [Double.nan, .infinity])
  func nonFinite(bad: Double) throws {
    #expect(certificate(try separableFlipFlop(bits: 2), [bad, 0]).verdict == .no)
  }
}
