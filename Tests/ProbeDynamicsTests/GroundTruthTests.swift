import ComplexModule
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import RealModule
import Testing

/// Networks whose fixed points are known.
@Suite struct GroundTruthTests {
  /// FixedPointFinder's ground truth: h' = tanh(h W), row i of W is -linspace(-1, 1, n) rolled by -i
  /// (github.com/mattgolub/fixed-point-finder, test/test_utils.py).
  private func cyclicNetwork(_ n: Int) throws -> RecurrentMap {
    var weight = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      // h W is U h with U the transpose of W.
      for j in 0..<n { weight[j, i] = 1 - Double(2 * ((i + j) % n)) / Double(n - 1) }
    }
    return try tanhMap(weight)
  }

  /// One fixed point, and the eigenvalues of its Jacobian by decreasing modulus.
  struct Expected: Sendable {
    let size: Int
    let state: [Double]
    let eigenvalues: [Double]
    let unstable: Int
  }

  /// From mpmath with 40 digits: `findroot` on tanh(h W) - h, `eig` of the Jacobian.
  static let expected = [
    Expected(
      size: 2, state: [0.957504024077268741, -0.957504024077268741], eigenvalues: [0.16637208775167],
      unstable: 0),
    Expected(size: 2, state: [0, 0], eigenvalues: [2], unstable: 1),
    Expected(
      size: 3, state: [0.949795711386598024, -0.425502295112647521, -0.87989400315524125],
      eigenvalues: [-1.0064061705947, 0.28534648037244], unstable: 1),
    Expected(size: 3, state: [0, 0, 0], eigenvalues: [1.7320508075689, 1.7320508075689], unstable: 2),
    Expected(
      size: 4,
      state: [0.775516313851923163, -0.775516313851923163, 0.775516313851923163, -0.775516313851923163],
      eigenvalues: [0.75155918465517, 0.75155918465517, 0.5314325959327], unstable: 0),
    Expected(
      size: 4,
      state: [0.962891906717895989, 0.525235230965372475, -0.962891906717895989, -0.525235230965372475],
      eigenvalues: [-1.0474302406747, 0.53131141875328, 0.17904520577394], unstable: 1),
    Expected(
      size: 4,
      state: [0.877263141750038593, -0.569696163135321594, 0.339744995541853454, -0.789647670964919972],
      eigenvalues: [1.3159566789408, -1.0000245334335, 0.44841629347434], unstable: 2),
    Expected(
      size: 4, state: [0, 0, 0, 0], eigenvalues: [1.8856180831641, 1.8856180831641, 1.3333333333333],
      unstable: 3),
    Expected(
      size: 5,
      state: [
        0.97567097431446662, 0.915212162346960759, -0.704951600657757012, -0.989082711313315496,
        -0.270678210496174193,
      ], eigenvalues: [-1.0000391648577, -0.29112798827363, 0.2592171277758, 0.12446397641502], unstable: 1),
    Expected(
      size: 5,
      state: [
        0.845293014467079582, -0.487851813389086151, 0.0372388754294480704, 0.199467506573193647,
        -0.737796869205447918,
      ], eigenvalues: [1.6421398697749, -1.6111732721942, -0.9999694650136, 0.50814778798477], unstable: 2),
    Expected(
      size: 5, state: [0, 0, 0, 0, 0],
      eigenvalues: [2.1266270208801, 2.1266270208801, 1.3143277802978, 1.3143277802978], unstable: 4),
  ]

  @Test(
    "the cyclic networks have 3, 3, 9 and 5 fixed points, all certified, with indices that sum to one",
    arguments: zip([2, 3, 4, 5], [3, 3, 9, 5]))
  func counts(size: Int, count: Int) throws {
    let network = try cyclicNetwork(size)
    let result = try FixedPointSearch().run(network, starts: starts(count: 128, dimension: size), threads: 2)
    #expect(result.points.count == count)
    #expect(result.points.allSatisfy { $0.certificate.verdict == .certified })
    #expect(IndexSum(network, points: result.points) == .consistent)
    // x -> -x is a symmetry.
    for point in result.points {
      let mirrored = point.state.map { -$0 }
      #expect(result.points.contains { distance($0.state, mirrored) <= $0.certificate.uniqueRadius })
    }
  }

  @Test("the cyclic networks' points and eigenvalues agree with 40-digit arithmetic", arguments: expected)
  func points(expected: Expected) throws {
    let network = try cyclicNetwork(expected.size)
    let result = try FixedPointSearch().run(
      network, starts: starts(count: 128, dimension: expected.size), threads: 1)
    let found = result.points.min { distance($0.state, expected.state) < distance($1.state, expected.state) }
    let point = try #require(found)
    // Thirds are rounded for n = 4: that moves a point by at most |(I - J)^-1| n eps, with a norm below 100 here.
    let rounding = expected.size == 4 ? 100 * 4 * 0x1p-52 : 0
    #expect(distance(point.state, expected.state) <= point.certificate.radius + rounding + 0x1p-52)
    #expect(point.certificate.radius < 1e-10)
    #expect(point.stability.unstableCount == expected.unstable)
    for (k, value) in expected.eigenvalues.enumerated() {
      // The reference is cut after 13 decimals; -1 and +1 times the same modulus may come in either order.
      let error = point.stability.errors[k] + 1e-13
      #expect(abs(point.stability.eigen.values[k].length - abs(value)) <= error)
      #expect(point.stability.eigen.values.contains { abs($0.real - value) <= error && $0.imaginary == 0 })
    }
  }

  @Test(
    "a modulus of 1.00003916 is unstable even if the weights were rounded to f32, at 1e-4 it is not decided")
  func tightEigenvalue() throws {
    let network = try cyclicNetwork(5)
    let state = Self.expected[8].state
    #expect(try fixedPoint(network, at: state).stability.verdict == .unstable)
    var options = NeighbourhoodOptions()
    options.weightRounding = 1e-4
    let coarse = try fixedPoint(network, at: state, options: options)
    #expect(coarse.stability.verdict == .undecided)
    #expect(coarse.stability.isMarginal)
  }

  @Test(
    "N separable bits have 3^N points, C(N, k) 2^(N - k) of them with k unstable directions", arguments: 1...4
  )
  func separable(bits: Int) throws {
    let network = try separableFlipFlop(bits: bits)
    let result = try FixedPointSearch().run(
      network, starts: starts(count: 256, dimension: bits), threads: 2)
    var choose = 1
    for unstable in 0...bits {
      let expected = choose << (bits - unstable)
      #expect(result.points.count { $0.stability.unstableCount == unstable } == expected)
      choose = choose * (bits - unstable) / (unstable + 1)
    }
    #expect(result.points.count == [1, 3, 9, 27, 81][bits])
    #expect(IndexSum(network, points: result.points) == .consistent)
    #expect(result.slowPoints.isEmpty)
    for point in result.points {
      #expect(point.certificate.verdict == .certified)
      let exact = point.state.map { $0 > 0.5 ? flipFlopRoot : ($0 < -0.5 ? -flipFlopRoot : 0) }
      #expect(distance(point.state, exact) <= point.certificate.radius + Double(bits) * 0x1p-53)
      #expect(point.stability.verdict == (point.stability.unstableCount == 0 ? .stable : .unstable))
      #expect(point.index == (point.stability.unstableCount % 2 == 0 ? 1 : -1))
      for (value, error) in zip(point.stability.eigen.values, point.stability.errors) {
        #expect(min((value - 2).length, (value - Complex(flipFlopEigenvalue)).length) <= error)
      }
    }
  }

  /// A network z' = A z + W relu(z) + h with W = [[0, w1], [w2, 0]] and its fixed point (I - A - W D)^-1 h.
  ///
  /// Parameters and counts: the tests of SCYFI (Eisenmann, Monfared, Göring & Durstewitz 2023, arXiv:2310.17561).
  struct PiecewiseLinear: Sendable {
    let diagonal: [Double]
    let coupling: Double
    let state: [Double]
    let moduli: [Double]
  }

  @Test(
    "the piecewise-linear networks of the SCYFI paper have their one fixed point",
    arguments: [
      PiecewiseLinear(
        diagonal: [0.7, -0.7], coupling: -0.14375, state: [1.2432751, -0.1920761703], moduli: [0.7, 0.7]),
      PiecewiseLinear(
        diagonal: [-0.0222311, 0.96461297], coupling: -0.64375, state: [0.3648710453, -22.2606487139],
        moduli: [0.96461297, 0.0222311]),
      PiecewiseLinear(
        diagonal: [0.8377689, 0.96461297], coupling: -0.64375, state: [1.8724198744, 0.107522787],
        moduli: [1.07057259, 1.07057259]),
      PiecewiseLinear(
        diagonal: [0.9777689, 0.96461297], coupling: -0.14375, state: [2.0190015499, 2.2824202062],
        moduli: [1.00927942, 1.00927942]),
    ])
  func piecewiseLinear(expected: PiecewiseLinear) throws {
    let weight = Matrix(rows: 2, columns: 2, elements: [0, expected.coupling, 0.52505308, 0])
    let network = try piecewiseLinearMap(expected.diagonal, weight, [0.37298253, -0.97931491])
    let result = try FixedPointSearch().run(
      network, starts: starts(count: 128, dimension: 2, halfWidth: 10), threads: 2)
    let point = try #require(result.points.first)
    #expect(result.points.count == 1)
    // States are given to at least 7 decimals, moduli to 8.
    #expect(distance(point.state, expected.state) <= 1e-7)
    #expect(point.certificate.verdict == .certified)
    for (value, modulus) in zip(point.stability.eigen.values, expected.moduli) {
      #expect(abs(value.length - modulus) <= 1e-8)
    }
    #expect(point.stability.verdict == (expected.moduli[0] < 1 ? .stable : .unstable))
    #expect(IndexSum(network, points: result.points) == .noClaim)
  }
}
