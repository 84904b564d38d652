import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import RealModule
import Testing

@Suite struct FixedPointSearchTests {
  /// Weights of deviation gain / n^0.5.
  private func randomWeight(_ n: Int, gain: Double, seed: UInt64) -> Matrix<Double> {
    var random = RandomGenerator(seed: seed)
    let scale = gain / Double(n).squareRoot()
    return Matrix(rows: n, columns: n, elements: (0..<n * n).map { _ in scale * random.normal() })
  }

  /// A random tanh network.
  private func randomNetwork(_ n: Int, gain: Double, seed: UInt64) throws -> RecurrentMap {
    try tanhMap(randomWeight(n, gain: gain, seed: seed))
  }

  @Test("the result is the same to the last bit for one thread and for two")
  func threads() throws {
    var weight = randomWeight(3, gain: 0.2, seed: 3)
    for unit in 0..<3 { weight[unit, unit] += 2 }
    let network = try tanhMap(weight)
    let given = starts(count: 200, dimension: 3)
    let one = try FixedPointSearch().run(network, starts: given, threads: 1)
    let two = try FixedPointSearch().run(network, starts: given, threads: 2)
    // Three weakly coupled bits: the 27 points of separate ones persist.
    #expect(one.points.count == 27)
    #expect(one.points.map(\.state) == two.points.map(\.state))
    #expect(one.points.map(\.origin) == two.points.map(\.origin))
    #expect(one.points.map(\.certificate.radius) == two.points.map(\.certificate.radius))
    #expect(one.slowPoints.map(\.state) == two.slowPoints.map(\.state))
    #expect(one.startCount == two.startCount && one.failedCount == two.failedCount)
  }

  @Test("points are sorted by unstable directions, then by coordinates")
  func order() throws {
    let points = try FixedPointSearch().run(
      separableFlipFlop(bits: 2), starts: starts(count: 64, dimension: 2), threads: 1
    ).points
    #expect(points.count == 9)
    for (earlier, later) in zip(points, points.dropFirst()) {
      #expect(FixedPointSearch.comesBefore(earlier, later))
      #expect(!FixedPointSearch.comesBefore(later, earlier))
    }
  }

  @Test("GMRES without a Jacobian finds the points that elimination finds")
  func krylov() throws {
    let network = try randomNetwork(16, gain: 1.6, seed: 5)
    let given = starts(count: 96, dimension: 16)
    var search = FixedPointSearch()
    search.deflationStarts = 0
    let dense = try search.run(network, starts: given, threads: 2).points
    search.solver.krylovSize = 1
    let iterative = try search.run(network, starts: given, threads: 2).points
    #expect(dense.count >= 3)
    #expect(iterative.count == dense.count)
    for point in iterative {
      #expect(point.certificate.verdict == .certified)
      #expect(
        dense.contains { distance($0.state, point.state) <= $0.certificate.radius + point.certificate.radius }
      )
    }
  }

  @Test("residuals and q are those of the state that is returned")
  func residuals() throws {
    let network = try randomNetwork(8, gain: 2, seed: 6)
    for point in try FixedPointSearch().run(network, starts: starts(count: 64, dimension: 8), threads: 1)
      .points
    {
      let differences = zip(network.apply(point.state), point.state).map { $0 - $1 }
      #expect(point.residual == differences.map(abs).max())
      #expect(point.q == differences.reduce(0) { $0 + $1 * $1 } / 2)
      #expect(point.residual <= 1e-12)
    }
  }

  @Test("deflation finds the points that lie away from a single start")
  func deflation() throws {
    // One start in the basin of a corner, without midpoints: only deflation can leave it.
    var search = FixedPointSearch()
    search.interpolationLimit = 0
    let network = try separableFlipFlop(bits: 1)
    let near = Start(state: [0.9], origin: .given)
    let result = try search.run(network, starts: [near], threads: 1)
    #expect(result.points.count > 1)
    #expect(result.points.contains { $0.origin == .deflation })
    search.deflationStarts = 0
    #expect(try search.run(network, starts: [near], threads: 1).points.count == 1)
  }

  @Test("midpoints between two attractors find the saddle that separates them")
  func interpolation() throws {
    var search = FixedPointSearch()
    search.deflationStarts = 0
    let corners = [Start(state: [1], origin: .given), Start(state: [-1], origin: .given)]
    let result = try search.run(separableFlipFlop(bits: 1), starts: corners, threads: 1)
    #expect(result.points.count == 3)
    #expect(result.points.last?.origin == .interpolation)
    #expect(result.points.last?.state == [0])
  }

  @Test("no start gives no point")
  func empty() throws {
    let result = try FixedPointSearch().run(separableFlipFlop(bits: 2), starts: [], threads: 2)
    #expect(result.points.isEmpty && result.slowPoints.isEmpty)
    #expect(result.startCount == 0 && result.failedCount == 0)
  }

  @Test("starts that are not finite are counted as failed")
  func nonFiniteStarts() throws {
    let bad = [[Double.nan, 0], [.infinity, 0]].map { Start(state: $0, origin: .given) }
    let result = try FixedPointSearch().run(
      piecewiseLinearMap([0.5, 0.5], Matrix(rows: 2, columns: 2), [1, 1]), starts: bad, threads: 1)
    #expect(result.points.isEmpty && result.failedCount == 2)
  }

  @Test("a line of fixed points is one-dimensional, has index 0 and no certificate")
  func lineAttractor() throws {
    let line = try linearMap(Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 0.5]))
    var search = FixedPointSearch()
    search.interpolationLimit = 0
    let result = try search.run(line, starts: starts(count: 20, dimension: 2), threads: 1)
    #expect(result.points.count >= 10)
    for point in result.points {
      #expect(point.continuumDimension() == 1)
      #expect(point.index == 0)
      #expect(point.certificate.verdict == .numerical)
      #expect(point.certificate.radius.isNaN)
      #expect(point.stability.verdict == .undecided && point.stability.isMarginal)
      #expect(point.sigmaMin == 0)
      #expect(abs(point.state[1]) <= 2e-12)
    }
    #expect(IndexSum(line, points: result.points) == .noClaim)
  }

  @Test("on a kink neither stability nor index is decided and nothing is certified")
  func kink() throws {
    let network = try piecewiseLinearMap([0.5], Matrix(rows: 1, columns: 1, elements: [0.2]), [0])
    let result = try FixedPointSearch().run(network, starts: starts(count: 8, dimension: 1), threads: 1)
    #expect(result.points.count == 1)
    let point = try #require(result.points.first)
    #expect(abs(point.state[0]) <= 1e-12)
    let exact = try fixedPoint(network, at: [0])
    #expect(exact.stability.verdict == .undecided)
    #expect(exact.index == 0)
    #expect(exact.certificate.verdict == .numerical)
  }

  @Test("a map that only drifts has no fixed point, but a slow one of the drift's speed")
  func drift() throws {
    let network = try linearMap(Matrix(rows: 1, columns: 1, elements: [1]), bias: [0.01])
    let result = try FixedPointSearch().run(network, starts: starts(count: 8, dimension: 1), threads: 1)
    #expect(result.points.isEmpty)
    #expect(result.failedCount == 8)
    let slow = try #require(result.slowPoints.first)
    #expect(abs(slow.speed - 0.01) <= 4 * 0x1p-52)
  }

  @Test("the ghost of a saddle-node is a slow point at the place where the slope is one")
  func ghost() throws {
    // h' = tanh(2 h + b) folds at b = artanh(t) - 2 t, t = 2^-0.5; a little beyond, the pair of points is gone and the
    // speed has a minimum where F' = 2 (1 - F²) = 1.
    let fold = 0.5.squareRoot()
    let artanh = Double.log((1 + fold) / (1 - fold)) / 2
    let bias = artanh - 2 * fold - 0.01
    let network = try tanhMap(Matrix(rows: 1, columns: 1, elements: [2]), bias: [bias])
    let result = try FixedPointSearch().run(network, starts: starts(count: 32, dimension: 1), threads: 2)
    #expect(result.points.count == 1)
    #expect(result.points.allSatisfy { $0.state[0] < 0 && $0.certificate.verdict == .certified })
    let slow = try #require(result.slowPoints.first)
    #expect(result.slowPoints.count == 1)
    let exact = (artanh - bias) / 2
    // The gradient is |F' - 1| <= 1e-6 and |F''| = 4 |F| F' = 2.8 there.
    #expect(abs(slow.state[0] - exact) <= 1e-6)
    #expect(abs(slow.speed - abs(fold - exact)) <= 1e-6)
    #expect(slow.gradient <= 1e-6)
  }

  @Test("at the triple root of tanh(h) = h and just beyond a fold nothing is decided, even for exact weights")
  func almostDegenerate() throws {
    var search = FixedPointSearch()
    search.neighbourhood.weightRounding = 0
    let triple = try tanhMap(.identity(1))
    let middle = try search.run(triple, starts: starts(count: 16, dimension: 1), threads: 1)
    #expect(!middle.points.isEmpty)
    // 2e-13 beyond the fold no point is left, but the residual is small enough to be taken for one.
    let fold = 0.5.squareRoot()
    let bias = Double.log((1 + fold) / (1 - fold)) / 2 - 2 * fold - 2e-13
    let folded = try tanhMap(Matrix(rows: 1, columns: 1, elements: [2]), bias: [bias])
    let ghosts = try search.run(folded, starts: starts(count: 16, dimension: 1), threads: 1).points
      .filter { $0.state[0] > 0 }
    #expect(!ghosts.isEmpty)
    for point in middle.points + ghosts {
      #expect(point.certificate.verdict == .numerical)
      #expect(point.stability.verdict == .undecided)
      #expect(point.index == 0)
    }
    #expect(IndexSum(triple, points: middle.points) == .undefined(points: middle.points.count))
  }

  @Test(
    "random GRUs and LSTMs have certified points whose indices sum to one", arguments: 0..<6 as Range<UInt64>)
  func gatedCells(seed: UInt64) throws {
    var random = RandomGenerator(seed: seed)
    func weight(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in 2.5 * random.normal() })
    }
    let n = 3
    let gru = try map(
      of: GRUCell(
        inputWeight: Matrix(rows: 3 * n, columns: 0), recurrentWeight: weight(3 * n, n),
        inputBias: weight(1, 3 * n).elements, recurrentBias: nil))
    let lstm = try map(
      of: LSTMCell(
        inputWeight: Matrix(rows: 4 * n, columns: 0), recurrentWeight: weight(4 * n, n),
        bias: weight(1, 4 * n).elements))
    for network in [gru, lstm] {
      let result = try FixedPointSearch().run(
        network, starts: starts(count: 128, dimension: network.dimension), threads: 2)
      #expect(!result.points.isEmpty)
      #expect(result.points.allSatisfy { $0.certificate.verdict == .certified })
      #expect(IndexSum(network, points: result.points) == .consistent)
    }
  }

  @Test("fresh starts that lead to known points bound the share of unknown ones by 1 - 0.05^(1/n)")
  func freshStarts() throws {
    let network = try separableFlipFlop(bits: 2)
    let search = FixedPointSearch()
    let points = try search.run(network, starts: starts(count: 64, dimension: 2), threads: 1).points
    let fresh = starts(count: 100, dimension: 2, seed: 77)
    let complete = try search.test(network, known: points, starts: fresh, threads: 2)
    #expect(complete.starts == 100 && complete.elsewhere == 0 && complete.newPoints.isEmpty)
    // 1 - 0.05^(1/100), from SciPy's beta.ppf(0.95, 1, 100).
    #expect(abs(complete.shareBound - 0.029513049607039925) <= 1e-14)
    let partial = try search.test(network, known: Array(points.prefix(1)), starts: fresh, threads: 2)
    #expect(partial.elsewhere > 10 && !partial.newPoints.isEmpty)
    #expect(partial.shareBound > 0.1)
    for point in partial.newPoints { #expect(distance(point.state, points[0].state) > 0.5) }
  }
}
