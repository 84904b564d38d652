import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeDegeneracy

/// Distances between Gaussian points, some of them moved along the first axis.
private func points(
  _ count: Int, dimensions: Int = 5, shifts: [Double] = [], spread: [Double] = [],
  _ generator: inout RandomGenerator
) throws -> PairMatrix {
  var matrix = Matrix.normal(count, dimensions, &generator)
  for (index, factor) in spread.enumerated() { for k in 0..<dimensions { matrix[index, k] *= factor } }
  for (index, shift) in shifts.enumerated() { matrix[index, 0] += shift }
  return try PairMatrix(
    count: count,
    values: NetworkPair.all(count).map { pair in
      euclideanNorm(zip(matrix.row(pair.first), matrix.row(pair.second)).map { $0 - $1 })
    })
}

@Suite("A matrix of pairs")
struct PairMatrixTests {
  @Test("gives every pair its place")
  func places() throws {
    let matrix = try PairMatrix(count: 4, values: [1, 2, 3, 4, 5, 6])
    #expect(matrix[0, 3] == 3 && matrix[1, 2] == 4 && matrix[3, 2] == 6 && matrix[2, 2] == 0)
    #expect(matrix.mean == 3.5)
    #expect(matrix.meanOfEach == [2, 10.0 / 3, 4, 14.0 / 3])
    #expect(matrix.restricted(to: [3, 1]).values == [5])
    #expect(NetworkPair.all(1).isEmpty && NetworkPair.all(0).isEmpty)
  }

  @Test("refuses numbers that are none and lists that do not fit")
  func refusals() throws {
    #expect(throws: DegeneracyError.notFinite(object: "the matrix of pairs", row: 1, column: 2)) {
      try PairMatrix(count: 3, values: [1, 2, .nan])
    }
    let error = try #require(throws: DegeneracyError.self) { try PairMatrix(count: 3, values: [1]) }
    #expect("\(error)" == "the list of pairs of 3 networks should be 3 long; it is 1")
  }
}

@Suite("An inference over networks")
struct InferenceTests {
  @Test("takes Student's t as scipy does")
  func student() throws {
    for row in try SimilarityFixture.load().student {
      let found = StudentDistribution.quantile(row[0], freedom: row[1])
      #expect(abs(found - row[2]) < 1e-9 * row[2])
      #expect(StudentDistribution.quantile(1 - row[0], freedom: row[1]) < 0)
    }
  }

  @Test("leaves out one network at a time")
  func jackknife() throws {
    var generator = RandomGenerator(seed: 1)
    let matrix = try points(7, &generator)
    let found = try MeanDistance(matrix)
    let without = (0..<7).map { left in matrix.restricted(to: (0..<7).filter { $0 != left }).mean }
    let centre = without.reduce(0, +) / 7
    let error = (without.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } * 6 / 7).squareRoot()
    #expect(abs(found.standardError - error) < 1e-13)
    for (value, mean) in zip(found.pseudoValues, without) {
      #expect(abs(value - (7 * matrix.mean - 6 * mean)) < 1e-12)
    }
    #expect(abs(found.high - found.mean - 2.4469118511449786 * error) < 1e-12)  // t(0.975, 6)
  }

  @Test("covers the truth as often as it says, where an interval over pairs does not")
  func coverage() throws {
    // E|x - y| of two standard normal points in 5 dimensions is 2 gamma(3) / gamma(5/2).
    let truth = 2 * tgamma(3.0) / tgamma(2.5)
    var generator = RandomGenerator(seed: 2)
    var (covered, naive) = (0, 0)
    for _ in 0..<400 {
      let matrix = try points(12, &generator)
      let found = try MeanDistance(matrix)
      if found.low <= truth && truth <= found.high { covered += 1 }
      let variance = matrix.values.reduce(0) { $0 + ($1 - matrix.mean) * ($1 - matrix.mean) } / 65
      if abs(matrix.mean - truth) <= 1.96 * (variance / 66).squareRoot() { naive += 1 }
    }
    // Binomial: 95 % of 400 has a standard deviation of 4.4.
    #expect(covered > 362)
    #expect(naive < 330)
  }

  @Test("finds a difference in spread when there is one, and as often as it says when there is none")
  func dispersion() throws {
    var generator = RandomGenerator(seed: 3)
    var rejected = 0
    for run in 0..<200 as Range<UInt64> {
      let test = try MeanDifferenceTest.ofSpread(
        points(8, &generator), points(10, &generator), permutations: 99, seed: run)
      if test.pValue <= 0.05 { rejected += 1 }
    }
    // 10 are expected, with a standard deviation of 3.1.
    #expect(rejected <= 20)
    let wide = try points(12, spread: [Double](repeating: 2, count: 12), &generator)
    let narrow = try points(12, &generator)
    let test = try MeanDifferenceTest.ofSpread(wide, narrow)
    #expect(test.pValue < 0.01 && test.effectSize > 1 && test.low > 0)
    #expect(abs(test.difference - (wide.mean - narrow.mean)) < 1e-14)
    #expect(
      test.detectableDifference > 2.5 * test.standardError && test.detectableDifference < test.difference)
    let reversed = try MeanDifferenceTest.ofSpread(narrow, wide)
    #expect(reversed.difference == -test.difference && abs(reversed.effectSize + test.effectSize) < 1e-12)
    #expect(
      try MeanDifferenceTest.ofSpread(wide, narrow, seed: 5)
        == MeanDifferenceTest.ofSpread(wide, narrow, seed: 5))
  }

  @Test("tells groups that lie apart, by networks and not by pairs")
  func separation() throws {
    var generator = RandomGenerator(seed: 4)
    let labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    let apart = try GroupSeparationTest(
      points(10, shifts: labels.map { 6 * Double($0) }, &generator), labels: labels)
    #expect(apart.pValue <= 0.02 && apart.share > 0.4 && apart.meanBetween > apart.meanWithin)
    // Of 252 labellings of ten networks two give this split: no p-value can be below 1/126 on average.
    #expect(apart.pValue >= 0.001)
    var rejected = 0
    for run in 0..<200 as Range<UInt64> {
      let test = try GroupSeparationTest(points(10, &generator), labels: labels, permutations: 99, seed: run)
      if test.pValue <= 0.05 { rejected += 1 }
    }
    #expect(rejected <= 20)
  }

  @Test("has the analysis of variance's F where distances are those of numbers on a line")
  func analysisOfVariance() throws {
    let values = [1.0, 2, 4, 7, 8, 12]
    let matrix = try PairMatrix(
      count: 6, values: NetworkPair.all(6).map { abs(values[$0.first] - values[$0.second]) })
    let found = try GroupSeparationTest(matrix, labels: [0, 0, 0, 1, 1, 1])
    // Means 7/3 and 9 about 17/3: between 3 (10/3)² 2 = 200/3; within 14/3 + 14 = 56/3; F = (200/3) / (56/3 / 4) = 100/7.
    #expect(abs(found.pseudoF - 100.0 / 7) < 1e-12)
    #expect(abs(found.share - 200.0 / 256) < 1e-13)
  }

  @Test("refuses fewer than three networks in words")
  func tooFew() throws {
    let pair = try PairMatrix(count: 2, values: [1])
    let text = "2 networks are too few; at least 3 are needed"
    let attempts: [() throws -> Void] = [
      { _ = try MeanDistance(pair) }, { _ = try ClassicalScaling(pair) }, { _ = try AverageLinkage(pair) },
      { _ = try ClusterTest(pair) }, { _ = try GroupSeparationTest(pair, labels: [0, 1]) },
      { _ = try MeanDifferenceTest.ofSpread(pair, pair) },
    ]
    for attempt in attempts {
      let error = try #require(throws: DegeneracyError.self) { try attempt() }
      #expect("\(error)" == text)
    }
  }
}

@Suite("A picture of many networks")
struct EmbeddingTests {
  @Test("agrees with scipy's tree and with the eigenvectors of the centred distances")
  func peers() throws {
    let fixture = try SimilarityFixture.load().clustering
    let matrix = try PairMatrix(Matrix(fixture.distances))
    let tree = try AverageLinkage(matrix)
    for (merge, height) in zip(tree.merges, fixture.heights) { #expect(abs(merge.height - height) < 1e-13) }
    #expect(tree.merges.map { Double($0.size) } == fixture.sizes)
    #expect(tree.leaves == fixture.leaves)
    let scaling = try ClassicalScaling(matrix)
    for (found, expected) in zip(scaling.eigenvalues, fixture.eigenvalues) {
      #expect(abs(found - expected) < 1e-12)
    }
    for i in 0..<9 {
      for k in 0..<2 { #expect(abs(abs(scaling.coordinates[i, k]) - fixture.scaling[i][k]) < 1e-12) }
    }
    #expect(tree.labels(groups: 9) == Array(0..<9) && tree.labels(groups: 1) == [Int](repeating: 0, count: 9))
  }

  @Test("joins as the definition does", arguments: [3, 4, 7, 20])
  func naive(_ count: Int) throws {
    var generator = RandomGenerator(seed: UInt64(count))
    let matrix = try points(count, &generator)
    var groups = (0..<count).map { [$0] }
    var heights: [Double] = []
    while groups.count > 1 {
      var best = (Double.infinity, 0, 0)
      for i in groups.indices {
        for j in groups.indices where j > i {
          let sum = groups[i].reduce(0) { sum, a in sum + groups[j].reduce(0) { $0 + matrix[a, $1] } }
          let mean = sum / Double(groups[i].count * groups[j].count)
          if mean < best.0 { best = (mean, i, j) }
        }
      }
      heights.append(best.0)
      groups[best.1] += groups.remove(at: best.2)
      if groups.count == 2 {
        let labels = try AverageLinkage(matrix).labels(groups: 2)
        #expect(Set(groups[0].map { labels[$0] }).count == 1 && Set(groups[1].map { labels[$0] }).count == 1)
      }
    }
    let tree = try AverageLinkage(matrix)
    for (merge, height) in zip(tree.merges, heights) { #expect(abs(merge.height - height) < 1e-12) }
  }

  @Test("gives points of the plane their own distances back")
  func planar() throws {
    var generator = RandomGenerator(seed: 1)
    let matrix = try points(6, dimensions: 2, &generator)
    let scaling = try ClassicalScaling(matrix)
    for pair in NetworkPair.all(6) {
      let difference = zip(scaling.coordinates.row(pair.first), scaling.coordinates.row(pair.second)).map {
        $0 - $1
      }
      #expect(abs(euclideanNorm(difference) - matrix[pair.first, pair.second]) < 1e-12)
    }
    #expect(scaling.explainedShare > 1 - 1e-12 && scaling.negativeShare < 1e-12)
    // A centre at 1 from three corners that are 2 from each other fits into no space.
    let crowded = try ClassicalScaling(PairMatrix(count: 4, values: [1, 1, 1, 2, 2, 2]))
    #expect(crowded.negativeShare > 0.01)
  }

  @Test("claims clusters only where they beat one")
  func clusters() throws {
    var generator = RandomGenerator(seed: 6)
    let labels = (0..<18).map { $0 / 6 }
    let three = try ClusterTest(points(18, dimensions: 2, shifts: labels.map { 12 * Double($0) }, &generator))
    #expect(three.clusters == 3 && three.labels == labels)
    #expect(three.silhouette > three.nullSilhouette)
    var claimed = 0
    for seed in 0..<20 as Range<UInt64> {
      // An elongated cloud is one cluster all the same.
      let cloud = try points(16, shifts: (0..<16).map { _ in 5 * generator.normal() }, &generator)
      let test = try ClusterTest(cloud, draws: 39, seed: seed)
      if test.clusters > 1 { claimed += 1 } else { #expect(test.labels == [Int](repeating: 0, count: 16)) }
    }
    #expect(claimed <= 4)
  }

  @Test("knows the silhouette of two pairs")
  func silhouette() throws {
    // 0, 1 and 10, 11 on a line: a = 1, b = 10.5 or 9.5.
    let values = [0.0, 1, 10, 11]
    let matrix = try PairMatrix(
      count: 4, values: NetworkPair.all(4).map { abs(values[$0.first] - values[$0.second]) })
    let expected = (9.5 / 10.5 + 8.5 / 9.5) / 2
    #expect(abs(meanSilhouette(matrix, labels: [0, 0, 1, 1], groups: 2) - expected) < 1e-15)
  }
}

@Suite("A null or a ceiling")
struct ControlTests {
  @Test("permutes trials within their condition alone")
  func trials() {
    var generator = RandomGenerator(seed: 1)
    let conditions = [3, 1, 3, 1, 1, 7, 3, 3]
    var moved = false
    for _ in 0..<20 {
      let order = NullControls.trialsPermuted(within: conditions, &generator)
      #expect(order.sorted() == Array(0..<8) && order.map { conditions[$0] } == conditions)
      #expect(order[5] == 5)
      moved = moved || order != Array(0..<8)
    }
    #expect(moved)
  }

  @Test("turns each trial in time")
  func shifts() {
    var generator = RandomGenerator(seed: 2)
    let shifts = NullControls.circularShifts(lengths: [Int](repeating: 4, count: 50), &generator)
    #expect(Set(shifts) == [1, 2, 3])
    #expect(NullControls.circularShifts(lengths: [1, 0, 2], &generator) == [0, 0, 1])
    #expect(NullControls.circularShifts(lengths: [], &generator) == [])
  }

  @Test("keeps the spectra of weights and nothing else")
  func randomWeights() throws {
    var generator = RandomGenerator(seed: 3)
    let weights = try RecurrentWeights(
      name: "a", recurrent: [Matrix.normal(8, 8, &generator)], input: [Matrix.normal(8, 2, &generator)],
      readout: Matrix.normal(3, 8, &generator))
    let random = try NullControls.randomWeights(like: weights, &generator)
    let (x, y) = (try WeightSpectra(weights), try WeightSpectra(random))
    for (a, b) in zip(x.singularValues.joined(), y.singularValues.joined()) { #expect(abs(a - b) < 1e-12) }
    #expect(x.eigenvalueDistance(to: y) < 1e-9)
    let found = try WeightAligner().align(
      WeightFactors(weights, symmetry: .signedPermutations),
      WeightFactors(random, symmetry: .signedPermutations))
    #expect(found.relativeDistance > 0.3)
  }
}

@Suite("A learning regime")
struct LearningRegimeTests {
  @Test("is the weights' way and the kernels' turn")
  func measures() throws {
    let initial = try RecurrentWeights(
      name: "a", recurrent: [Matrix(rows: 2, columns: 2, elements: [3, 0, 0, 4])])
    let final = try RecurrentWeights(
      name: "b", recurrent: [Matrix(rows: 2, columns: 2, elements: [3, 1, 2, 2])])
    let movement = try LearningRegime.weightMovement(from: initial, to: final)
    #expect(movement.distance == 3 && movement.relative == 0.6)
    // K_0 = diag(1, 4), K_T = diag(4, 1): (4 + 4) / 17.
    let (first, second) = (
      Matrix(rows: 2, columns: 2, elements: [1.0, 0, 0, 2]),
      Matrix(rows: 2, columns: 2, elements: [0, 2.0, 1, 0])
    )
    #expect(abs(try LearningRegime.kernelAlignment(initial: first, final: second) - 8.0 / 17) < 1e-15)
    #expect(abs(try LearningRegime.kernelAlignment(initial: first, final: first.scaled(-3)) - 1) < 1e-15)
    #expect(throws: DegeneracyError.noVariation(object: "the final Jacobian")) {
      try LearningRegime.kernelAlignment(initial: first, final: Matrix(rows: 2, columns: 5))
    }
    #expect(throws: DegeneracyError.self) {
      try LearningRegime.kernelAlignment(initial: first, final: Matrix(rows: 3, columns: 2, repeating: 1))
    }
  }
}
