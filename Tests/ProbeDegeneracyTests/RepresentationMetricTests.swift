import Foundation
import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

private let metrics: [any RepresentationMetric] =
  RepresentationComparison.allMetrics + [
    KernelAlignment(.biased, form: .angular), KernelAlignment(.debiased, form: .angular),
    DissimilarityAnalysis(.squaredEuclidean, .pearson), DissimilarityAnalysis(.correlation, .spearman),
  ]

@Suite("A comparison of representations")
struct RepresentationMetricTests {
  private func value(
    _ metric: any RepresentationMetric, _ x: Matrix<Double>, _ y: Matrix<Double>
  ) throws -> DirectedValue {
    try metric.compare(
      RepresentationFactors(name: "x", states: x), RepresentationFactors(name: "y", states: y))
  }

  /// Two networks that share a part of what they hold.
  private func pair(_ seed: UInt64) -> (x: Matrix<Double>, y: Matrix<Double>) {
    var generator = RandomGenerator(seed: seed)
    let common = Matrix.normal(40, 3, &generator)
    let noise = (Matrix.normal(40, 5, &generator), Matrix.normal(40, 6, &generator))
    let mixing = (Matrix.normal(3, 5, &generator), Matrix.normal(3, 6, &generator))
    return (common * mixing.0 - noise.0.scaled(0.3), common * mixing.1 - noise.1.scaled(0.3))
  }

  @Test("agrees with netrep, scikit-learn and scipy", arguments: metrics.indices)
  func peers(_ index: Int) throws {
    let fixture = try SimilarityFixture.load()
    let metric = metrics[index]
    let name = metric.convention.name
    let cases = [(Matrix(fixture.x), Matrix(fixture.y), fixture.values)]
    let wide = [(Matrix(fixture.wide.x), Matrix(fixture.wide.y), fixture.wide.values)]
    if name != "cka_debiased_angular" { #expect(fixture.values[name] != nil) }
    // scikit-learn's canonical correlations come from an iteration that stops at differences of 1e-15 in squared weights,
    // after which deflation adds its own; sqrt(1e-15) = 3e-8. The root of a singular Gram matrix is as good as sqrt(60 eps).
    let isRough = ["cca", "svcca", "pwcca", "bures_similarity"].contains(name)
    let tolerance = isRough ? 1.2e-7 : 1e-11
    for (x, y, values) in cases + wide {
      guard let expected = values[name] else { continue }
      let found = try value(metric, x, y)
      #expect(abs(found.forward - expected[0]) <= tolerance * max(1, abs(expected[0])), "\(name)")
      let backward = expected.last ?? .nan
      #expect(abs(found.backward - backward) <= tolerance * max(1, abs(backward)), "\(name)")
    }
  }

  @Test("has the invariances it claims, and lacks those it does not", arguments: metrics.indices)
  func invariances(_ index: Int) throws {
    let metric = metrics[index]
    let (x, y) = pair(7)
    var generator = RandomGenerator(seed: 8)
    let before = try value(metric, x, y)
    var shifted = x
    for i in 0..<x.rows { for j in 0..<x.columns { shifted[i, j] += Double(j + 1) } }
    let order = [3, 1, 4, 0, 2]
    var exchanged = x
    var flipped = x
    for i in 0..<x.rows {
      for j in 0..<x.columns { exchanged[i, j] = x[i, order[j]] }
      flipped[i, 2] = -x[i, 2]
    }
    let linear = Matrix.normal(5, 5, &generator)
    let changes: [(MetricConvention.Property, Matrix<Double>)] = [
      (.orthogonalInvariance, x * (try Matrix.orthogonal(5, &generator))),
      (.scaleInvariance, x.scaled(3.7)), (.translationInvariance, shifted),
      (.linearInvariance, x * linear), (.permutationInvariance, exchanged), (.signInvariance, flipped),
    ]
    for (property, changed) in changes {
      let after = try value(metric, changed, y)
      let change = max(abs(after.forward - before.forward), abs(after.backward - before.backward))
      // A map of condition c costs c² ulps in X'X; that of the map above is below 100.
      if metric.convention.properties.contains(property) {
        #expect(change <= 1e-9 * max(1, before.forward), "\(metric.convention.name) \(property)")
      } else {
        #expect(change > 1e-6, "\(metric.convention.name) \(property)")
      }
    }
  }

  @Test(
    "is symmetric, zero on itself and keeps the triangle inequality where it says so",
    arguments: metrics.indices)
  func distances(_ index: Int) throws {
    let metric = metrics[index]
    let properties = metric.convention.properties
    var sawAsymmetry = false
    for seed in 0..<20 as Range<UInt64> {
      let (x, y) = pair(seed)
      let z = pair(seed + 100).x
      let forth = try value(metric, x, y)
      let back = try value(metric, y, x)
      #expect(abs(forth.forward - back.backward) < 1e-9 * max(1, abs(forth.forward)))
      if properties.contains(.symmetric) {
        #expect(abs(forth.forward - back.forward) < 1e-9 * max(1, abs(forth.forward)))
      } else {
        sawAsymmetry = sawAsymmetry || abs(forth.forward - back.forward) > 1e-3
      }
      let own = try value(metric, x, x)
      if properties.contains(.zeroOnItself) {
        // The root of about a hundred roundings relative to the states' norm, about 30.
        #expect(abs(own.forward) < 30 * (100 * Double.ulpOfOne).squareRoot())
      } else if metric.convention.name != "linear_predictivity" {
        #expect(abs(own.forward - 1) < 1e-9, "a similarity is 1 on itself: \(metric.convention.name)")
      }
      if properties.contains(.triangleInequality) {
        let (xz, zy) = (try value(metric, x, z), try value(metric, z, y))
        #expect(forth.forward <= xz.forward + zy.forward + 1e-9)
        // A third network half way makes the inequality tight.
        let middle = Matrix(
          rows: 40, columns: 5, elements: zip(x.elements, z.elements).map { ($0 + $1) / 2 })
        let halves = try value(metric, x, middle).forward + value(metric, middle, z).forward
        #expect(xz.forward <= halves + 1e-9)
      }
    }
    if !properties.contains(.symmetric) { #expect(sawAsymmetry) }
  }

  @Test("of orthonormal states is a function of their principal angles")
  func principalAngles() throws {
    // Columns c e_k + s f_k with e, f orthonormal and orthogonal to the ones: the angles are known.
    var generator = RandomGenerator(seed: 3)
    var basis = Matrix.normal(30, 7, &generator)
    for i in 0..<30 { basis[i, 0] = 1 }
    _ = try basis.orthonormalize()
    let angles = [0.1, 0.7, 1.2]
    var (x, y) = (Matrix<Double>(rows: 30, columns: 3), Matrix<Double>(rows: 30, columns: 3))
    for i in 0..<30 {
      for (k, angle) in angles.enumerated() {
        x[i, k] = basis[i, 1 + k]
        y[i, k] = cos(angle) * basis[i, 1 + k] + sin(angle) * basis[i, 4 + k]
      }
    }
    let mean = angles.map { cos($0) }.reduce(0, +) / 3
    let squares = angles.map { cos($0) * cos($0) }.reduce(0, +) / 3
    #expect(abs(try value(ShapeDistance(.angular), x, y).forward - acos(mean)) < 1e-13)
    #expect(abs(try value(ShapeDistance(.euclidean), x, y).forward - (6 - 6 * mean).squareRoot()) < 1e-13)
    #expect(abs(try value(CanonicalCorrelation(), x, y).forward - mean) < 1e-13)
    #expect(abs(try value(KernelAlignment(.biased), x, y).forward - squares) < 1e-13)
  }

  @Test("finds independent networks unlike without bias where it claims none")
  func independentNetworks() throws {
    var generator = RandomGenerator(seed: 12)
    var (biased, debiased) = (0.0, [Double]())
    for _ in 0..<60 {
      let (x, y) = (Matrix.normal(20, 10, &generator), Matrix.normal(20, 10, &generator))
      biased += try value(KernelAlignment(.biased), x, y).forward / 60
      debiased.append(try value(KernelAlignment(.debiased), x, y).forward)
    }
    let mean = debiased.reduce(0, +) / 60
    let deviation = (debiased.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59).squareRoot()
    #expect(abs(mean) < 4 * deviation / 60.0.squareRoot())
    #expect(biased > 0.25)
  }

  @Test("in single precision agrees with double to single precision")
  func singlePrecision() throws {
    var generator = RandomGenerator(seed: 5)
    let common = Matrix.normal(5000, 6, &generator)
    let states = (0..<2).map { _ -> Matrix<Double> in
      let mixed = common * Matrix.normal(6, 8, &generator)
      // A mean a hundred times the spread, which must not cost digits of the products.
      return Matrix(
        rows: 5000, columns: 8, elements: mixed.elements.map { 100 + $0 + 0.5 * generator.normal() })
    }
    let singles = states.map {
      Matrix<Float>(rows: 5000, columns: 8, elements: $0.elements.map { Float($0) })
    }
    let rounded = singles.map { Matrix(rows: 5000, columns: 8, elements: $0.elements.map { Double($0) }) }
    for metric in [KernelAlignment(.debiased), ShapeDistance(.angular), CanonicalCorrelation()]
      as [any RepresentationMetric]
    {
      let exact = try value(metric, rounded[0], rounded[1]).forward
      let found = try metric.compare(
        RepresentationFactors(name: "x", states: singles[0]),
        RepresentationFactors(name: "y", states: singles[1]))
      // sqrt(1024) roundings within a block, times the covariances' condition for the whitened ones (below 300).
      #expect(abs(found.forward - exact) < 300 * 32 * Double(Float.ulpOfOne) / 100)
      #expect(found.forward != exact)
    }
  }

  @Test("of many networks gives every pair its own value, whatever the number of threads")
  func manyNetworks() throws {
    let networks = try (0..<7 as Range<UInt64>).map {
      try RepresentationFactors(name: "network \($0)", states: $0 % 2 == 0 ? pair($0).x : pair($0).y)
    }
    let comparison = RepresentationComparison(RepresentationComparison.allMetrics)
    let pairs = Array(NetworkPair.all(7).reversed())
    #expect(pairs.count == 21)
    let outcomes = try comparison.outcomes(of: networks, pairs: pairs, threads: 2)
    #expect(outcomes == (try comparison.outcomes(of: networks, pairs: pairs, threads: 1)))
    for (pair, row) in zip(pairs, outcomes) {
      for (metric, outcome) in zip(comparison.metrics, row) {
        let alone = try metric.compare(networks[pair.first], networks[pair.second])
        let found = try #require(outcome.value)
        #expect(abs(found.forward - alone.forward) < 1e-12 * max(1, abs(alone.forward)))
        #expect(abs(found.backward - alone.backward) < 1e-12 * max(1, abs(alone.backward)))
      }
    }
  }

  @Test("leaves out what cannot be compared, with the reason")
  func unavailable() throws {
    var generator = RandomGenerator(seed: 1)
    let networks = try [40, 40, 38, 12].enumerated().map { index, samples in
      try RepresentationFactors(
        name: "network \(index)", states: Matrix.normal(samples, index == 3 ? 6 : 5, &generator))
    }
    let comparison = RepresentationComparison([ShapeDistance(), CanonicalCorrelation()])
    let outcomes = try comparison.outcomes(of: networks, pairs: NetworkPair.all(4), threads: 1)
    #expect(outcomes[0].allSatisfy { $0.value != nil })
    #expect(
      outcomes[1][0]
        == .unavailable(
          .shapeMismatch(
            object: "network 2, to be compared with network 0,", expected: "of 40 samples", found: "of 38")))
    #expect(throws: DegeneracyError.self) { try CanonicalCorrelation().compare(networks[3], networks[3]) }
    #expect(try ShapeDistance().compare(networks[3], networks[3]).forward < 1e-6)
  }

  @Test("refuses states that are no states")
  func refusals() throws {
    var states = Matrix<Double>(rows: 4, columns: 2, repeating: 1)
    #expect(throws: DegeneracyError.noVariation(object: "constant")) {
      try RepresentationFactors(name: "constant", states: states)
    }
    states[2, 1] = .nan
    #expect(throws: DegeneracyError.notFinite(object: "broken", row: 2, column: 1)) {
      try RepresentationFactors(name: "broken", states: states)
    }
    #expect(throws: DegeneracyError.tooFew(object: "samples of single", needed: 2, found: 1)) {
      try RepresentationFactors(name: "single", states: Matrix<Double>(rows: 1, columns: 3))
    }
    #expect(throws: DegeneracyError.tooFew(object: "units of empty", needed: 1, found: 0)) {
      try RepresentationFactors(name: "empty", states: Matrix<Float>(rows: 3, columns: 0))
    }
  }

  @Test("names every convention once")
  func names() {
    #expect(Set(metrics.map(\.convention.name)).count == metrics.count)
    #expect(metrics.allSatisfy { $0.convention.level == .representation && $0.convention.text.count > 40 })
  }
}
