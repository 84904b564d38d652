import ComplexModule
import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

@Suite("The Wasserstein distance of spectra")
struct SpectrumDistanceTests {
  private func reals(_ values: [Double]) -> [Complex<Double>] { values.map { Complex($0) } }

  private func cloud(_ count: Int, _ generator: inout RandomGenerator) -> [Complex<Double>] {
    (0..<count).map { _ in Complex(generator.normal(), generator.normal()) }
  }

  @Test("of {0.9, 0.5} and {0.8, 0.4} is 0.1, and its square 0.01")
  func closedForm() throws {
    let distance = SpectrumDistance()
    #expect(abs(try distance(reals([0.9, 0.5]), reals([0.4, 0.8])) - 0.1) <= 1e-16)
    #expect(abs(try distance.squared(reals([0.9, 0.5]), reals([0.4, 0.8])) - 0.01) <= 1e-17)
  }

  @Test("of operators with one spectrum is 0, however they differ")
  func pseudometric() throws {
    let a = try OperatorProfile(.diagonal([0.5, 0.5]))
    let b = try OperatorProfile(Matrix(rows: 2, columns: 2, elements: [0.5, 1, 0, 0.5]))
    #expect(try SpectrumDistance()(a.eigenvalues, b.eigenvalues) <= 1e-15)
  }

  @Test("agrees with dsa-metric, with and without padding")
  func peer() throws {
    let fixture = try DSAFixture()
    let squared = try SpectrumDistance().squared(
      complex(fixture.models[0].eigenvalues), complex(fixture.models[1].eigenvalues))
    // POT works in double precision on weights of single precision.
    #expect(abs(squared - fixture.wasserstein) <= 1e-7 * fixture.wasserstein)
    let a = try OperatorProfile(Matrix(rows: 3, columns: 3, elements: fixture.padded.first))
    let b = try OperatorProfile(Matrix(rows: 5, columns: 5, elements: fixture.padded.second))
    let padded = try SpectrumDistance(padding: .zerosToLarger).squared(a.eigenvalues, b.eigenvalues)
    #expect(abs(padded - fixture.padded.squared) <= 1e-7 * fixture.padded.squared)
    #expect(
      try SpectrumDistance(padding: .zeros(count: 5)).squared(a.eigenvalues, b.eigenvalues) == padded)
  }

  @Test("is the least over all matchings")
  func allMatchings() throws {
    func permutations(_ items: [Int]) -> [[Int]] {
      items.isEmpty
        ? [[]] : items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
    }
    for stream in 0..<12 as Range<UInt64> {
      var generator = RandomGenerator(seed: 31, stream: stream)
      let size = 1 + Int(stream) % 6
      let (a, b) = (cloud(size, &generator), cloud(size, &generator))
      let least = permutations(Array(0..<size)).map { order in
        zip(a, order).reduce(0.0) { $0 + ($1.0 - b[$1.1]).lengthSquared } / Double(size)
      }.min()
      #expect(abs(try SpectrumDistance().squared(a, b) - (least ?? .nan)) <= 1e-14 * 20)
    }
  }

  @Test("is symmetric, 0 on itself in any order, and obeys the triangle inequality")
  func metric() throws {
    let distance = SpectrumDistance()
    for stream in 0..<50 as Range<UInt64> {
      var generator = RandomGenerator(seed: 32, stream: stream)
      let clouds = (0..<3).map { _ in cloud(7, &generator) }
      #expect(try distance(clouds[0], clouds[0].reversed()) == 0)
      let there = try distance(clouds[0], clouds[1])
      #expect(abs(there - (try distance(clouds[1], clouds[0]))) <= 1e-14)
      #expect(try distance(clouds[0], clouds[2]) <= there + distance(clouds[1], clouds[2]) + 1e-14)
    }
  }

  @Test("squared breaks the triangle inequality: 0, 1 and 2 on the line")
  func squareIsNoMetric() throws {
    let distance = SpectrumDistance()
    let (a, b, c) = (reals([0]), reals([1]), reals([2]))
    #expect(try distance.squared(a, c) == 4)
    #expect(try distance.squared(a, b) + distance.squared(b, c) == 2)
    #expect(!MetricConvention.spectrumWassersteinSquared.properties.contains(.triangleInequality))
  }

  @Test("padded to one count is a pseudometric on spectra of any sizes")
  func padded() throws {
    let distance = SpectrumDistance(padding: .zeros(count: 6))
    for stream in 0..<50 as Range<UInt64> {
      var generator = RandomGenerator(seed: 33, stream: stream)
      let clouds = [2, 6, 3].map { cloud($0, &generator) }
      #expect(
        try distance(clouds[0], clouds[2])
          <= distance(clouds[0], clouds[1]) + distance(clouds[1], clouds[2]) + 1e-14)
    }
  }

  @Test("of different sizes is refused unless asked for, as are broken numbers")
  func errors() {
    func text(_ distance: SpectrumDistance, _ a: [Double], _ b: [Double]) -> String {
      do { _ = try distance(reals(a), reals(b)) } catch { return "\(error)" }
      return ""
    }
    #expect(
      text(SpectrumDistance(), [1, 2], [1])
        == "the second spectrum should be 2 eigenvalues, or padded with zeros; it is 1 eigenvalues")
    #expect(
      text(SpectrumDistance(padding: .zeros(count: 1)), [1, 2], [1])
        == "a spectrum padded to 1 should be at most 1 eigenvalues; it is 2 eigenvalues")
    #expect(text(SpectrumDistance(), [], []) == "0 eigenvalues are too few; at least 1 are needed")
    #expect(
      text(SpectrumDistance(), [1, 2], [3, .nan])
        == "the second spectrum holds an infinity or a NaN at row 1, column 0; comparisons need finite numbers"
    )
  }
}
