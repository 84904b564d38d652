import ProbeDegeneracy
import ProbeLinearAlgebra
import RealModule
import Testing

@Suite("Procrustes over vector fields")
struct VectorFieldProcrustesTests {
  private func align(
    _ a: Matrix<Double>, _ b: Matrix<Double>, seed: UInt64 = 0
  ) throws -> VectorFieldAlignment {
    var method = VectorFieldProcrustes()
    method.seed = seed
    return try method.align(OperatorProfile(a), OperatorProfile(b))
  }

  /// The optimum pairs sorted eigenvalues (Hoffman-Wielandt): arccos(Σ λ(A) λ(B) / ‖A‖‖B‖).
  @Test("pairs the sorted eigenvalues of symmetric operators")
  func symmetric() throws {
    let result = try align(.diagonal([0.9, 0.5, 0.1]), .diagonal([0.8, 0.6, -0.2]))
    #expect(abs(result.angle - 0.3240202333) < 1e-10)
    #expect(abs(result.distance - 0.3226046508) < 1e-10)
    #expect(result.gap <= 1e-12)
  }

  /// Within one determinant the best angle of these is |0.3 + 1.1|.
  @Test("compares scaled rotations by the difference of their angles' moduli")
  func rotations() throws {
    let result = try align(.rotation(0.3, scale: 0.9), .rotation(-1.1, scale: 0.7))
    #expect(abs(result.angle - 0.8) < 1e-14)
    #expect(result.determinant == -1)
    #expect(result.gap <= 1e-12)
  }

  /// A = I/2 commutes with C, so nothing depends on it: cos = tr(B) / (√2 ‖B‖) = 1 / √3, as tr B = 1 and ‖B‖² = 3/2.
  @Test("tells operators of one spectrum apart")
  func jordanBlock() throws {
    let a = Matrix<Double>.diagonal([0.5, 0.5])
    let b = Matrix(rows: 2, columns: 2, elements: [0.5, 1, 0, 0.5])
    let result = try align(a, b)
    #expect(abs(result.angle - 0.9553166181245093) < 1e-14)
    #expect(abs(result.distance - 0.9194016867619662) < 1e-14)
    #expect(result.lowerBound <= result.distance)
  }

  @Test("finds rotated and reflected copies", arguments: [1, 2, 3, 5, 10, 30])
  func copies(size: Int) throws {
    for seed in 0..<(size > 10 ? 2 : 6) as Range<UInt64> {
      var generator = RandomGenerator(seed: 11, stream: seed)
      let a = Matrix.gaussian(size, size, &generator)
      let frame = try Matrix.randomRotation(size, &generator)
      let result = try align(a, frame * a * frame.transposed)
      // Rounding of the two products, in units of the operator's norm 1.
      #expect(result.distance <= 64 * Double(size) * .ulpOfOne)
      #expect(result.lowerBound <= result.distance + 64 * Double(size) * .ulpOfOne)
    }
  }

  /// dsa-metric 2.0.1 with its defaults, on random operators and a perturbed copy (8 rows).
  @Test("comes no less near than dsa-metric")
  func peer() throws {
    for entry in try DSAFixture().alignments {
      let a = Matrix(rows: entry.size, columns: entry.size, elements: entry.first)
      let b = Matrix(rows: entry.size, columns: entry.size, elements: entry.second)
      let result = try align(a, b)
      #expect(result.isStationary)
      #expect(result.distance <= entry.euclidean + 1e-12)
      #expect(result.angle <= entry.angular + 1e-12)
      #expect(result.lowerBound <= result.distance + 1e-12)
      // The rotation is orthogonal and attains what is said.
      let identity = Matrix<Double>.identity(entry.size)
      let slack = 64 * Double(entry.size) * Double.ulpOfOne
      #expect((result.rotation * result.rotation.transposed).distance(to: identity) <= slack)
      let moved = result.rotation * b * result.rotation.transposed
      let residual =
        a.scaled(by: 1 / a.frobeniusNorm) - moved.scaled(by: 1 / b.frobeniusNorm)
      #expect(abs(residual.frobeniusNorm - result.distance) <= slack)
    }
  }

  @Test("never goes below the bound, nor the bound above a distance at a random basis")
  func bound() throws {
    for stream in 0..<40 as Range<UInt64> {
      var generator = RandomGenerator(seed: 12, stream: stream)
      let size = 1 + generator.integer(below: 6)
      var a = Matrix.gaussian(size, size, &generator)
      let b = Matrix.gaussian(size, size, &generator)
      // Symmetric, skew and normal ones are where a part of the bound is tight.
      if stream % 4 == 1 { for i in 0..<size { for j in 0..<i { a[i, j] = a[j, i] } } }
      if stream % 4 == 2 {
        for i in 0..<size { for j in 0...i { a[i, j] = i == j ? 0 : -a[j, i] } }
        if size == 1 { a[0, 0] = 1 }
      }
      if stream % 4 == 3 { a = try .randomRotation(size, &generator) }
      let result = try align(a, b)
      let frame = try Matrix.randomRotation(size, &generator)
      let elsewhere =
        a.scaled(by: 1 / a.frobeniusNorm) - (frame * b * frame.transposed).scaled(by: 1 / b.frobeniusNorm)
      #expect(result.lowerBound <= result.distance + 1e-13)
      #expect(result.distance <= elsewhere.frobeniusNorm + 1e-13)
      #expect(result.distance <= 2 + 1e-13)
      #expect(result.gap >= 0)
    }
  }

  /// In two dimensions C is one angle and a sign: a grid of 20,000 angles a sign misses at most (2π / 20,000)² / 2 · 4.
  @Test("agrees with a search over all rotations and reflections of the plane")
  func plane() throws {
    var generator = RandomGenerator(seed: 13)
    for _ in 0..<6 {
      let a = Matrix.gaussian(2, 2, &generator)
      let b = Matrix.gaussian(2, 2, &generator)
      let result = try align(a, b)
      let (x, y) = (a.elements.map { $0 / a.frobeniusNorm }, b.elements.map { $0 / b.frobeniusNorm })
      var best = -1.0
      for sign in [1.0, -1.0] {
        let z = [y[0], sign * y[1], sign * y[2], y[3]]
        for step in 0..<20_000 {
          let angle = 2 * Double.pi * Double(step) / 20_000
          let (c, s) = (Double.cos(angle), Double.sin(angle))
          let left = [c * z[0] - s * z[2], c * z[1] - s * z[3], s * z[0] + c * z[2], s * z[1] + c * z[3]]
          let moved = [
            c * left[0] - s * left[1], s * left[0] + c * left[1], c * left[2] - s * left[3],
            s * left[2] + c * left[3],
          ]
          best = max(best, zip(x, moved).reduce(0) { $0 + $1.0 * $1.1 })
        }
      }
      let cosine = Double.cos(result.angle)
      #expect(cosine >= best - 1e-13)
      #expect(cosine <= best + 2 * (2 * Double.pi / 20_000) * (2 * Double.pi / 20_000))
    }
  }

  @Test("is symmetric, 0 on itself, and obeys the triangle inequality where minima are certain")
  func metric() throws {
    for stream in 0..<8 as Range<UInt64> {
      var generator = RandomGenerator(seed: 14, stream: stream)
      let operators = (0..<3).map { _ in Matrix.gaussian(3, 3, &generator) }
      func d(_ i: Int, _ j: Int) throws -> VectorFieldAlignment { try align(operators[i], operators[j]) }
      #expect(try d(0, 0).distance <= 1e-13)
      #expect(abs(try d(0, 1).distance - d(1, 0).distance) <= 1e-9)
      #expect(try d(0, 2).distance <= d(0, 1).distance + d(1, 2).distance + 1e-9)
      #expect(try d(0, 2).angle <= d(0, 1).angle + d(1, 2).angle + 1e-9)
    }
  }

  @Test("does not see the operator's scale, and has opposite scalars at pi")
  func scale() throws {
    var generator = RandomGenerator(seed: 15)
    let a = Matrix.gaussian(4, 4, &generator)
    let b = Matrix.gaussian(4, 4, &generator)
    let plain = try align(a, b)
    let scaled = try align(a.scaled(by: 1e-30), b.scaled(by: 1e30))
    #expect(abs(plain.distance - scaled.distance) <= 1e-9)
    let opposite = try align(.diagonal([2]), .diagonal([-3]))
    #expect(opposite.distance == 2)
    #expect(opposite.angle == Double.pi)
    #expect(opposite.gap == 0)
  }

  @Test("gives the same bits for the same seed")
  func seeded() throws {
    var generator = RandomGenerator(seed: 16)
    let a = Matrix.gaussian(6, 6, &generator)
    let b = Matrix.gaussian(6, 6, &generator)
    #expect(try align(a, b, seed: 3) == align(a, b, seed: 3))
  }

  @Test("refuses what it cannot compare, and says why")
  func errors() throws {
    let two = try OperatorProfile(.identity(2))
    let three = try OperatorProfile(.identity(3))
    func text(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      text { _ = try VectorFieldProcrustes().align(two, three) }
        == "the second operator should be [2, 2] as the first; it is [3, 3]")
    #expect(
      text { _ = try OperatorProfile(Matrix(rows: 2, columns: 2), name: "network 4") }
        == "network 4 is 0 and has no direction to compare; compare networks whose state moves")
    #expect(
      text { _ = try OperatorProfile(.diagonal([1, .nan]), name: "network 4") }
        == "network 4 holds an infinity or a NaN at row 1, column 1; comparisons need finite numbers")
    #expect(
      text { _ = try OperatorProfile(Matrix(rows: 2, columns: 3), name: "network 4") }
        == "network 4 should be square; it is [2, 3]")
    #expect(
      text { _ = try OperatorProfile(Matrix(rows: 0, columns: 0), name: "network 4") }
        == "0 rows of network 4 are too few; at least 1 are needed")
  }
}
