import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("k-means")
struct KMeansTests {
  @Test("comes from a given start to scikit-learn's centroids")
  func lloyd() throws {
    let fixture = try QuantizationFixture.load().clustering
    let points = matrix(fixture.points)
    let run = KMeans.lloyd(points, from: matrix(fixture.start), threshold: 0, KMeans.Options())
    #expect(run.isConverged)
    // Both sum at most 60 coordinates below 12 in some order: 60 * 12 * eps, with room for the two divisions.
    let bound = 62.0 * 12 * Double.ulpOfOne
    for (mine, peer) in zip(run.points.elements, try #require(fixture.lloyd.centres).joined()) {
      #expect(abs(mine - peer) <= bound)
    }
    #expect(Centroids(run.points).cells(of: points) == fixture.lloyd.labels)
    #expect(abs(run.sum - fixture.lloyd.sum) <= 1e-13 * fixture.lloyd.sum)
  }

  @Test("finds the clusters that scikit-learn finds best of 200 starts")
  func best() throws {
    let fixture = try QuantizationFixture.load().clustering
    let points = matrix(fixture.points)
    for seed: UInt64 in 0..<3 {
      var options = KMeans.Options()
      options.tolerance = 0
      options.restarts = 100
      let means = try KMeans(points, clusters: 5, seed: seed, options: options)
      #expect(firstSeen(means.cells(of: points)) == fixture.best.labels)
      #expect(abs(means.sumOfSquares - fixture.best.sum) <= 1e-13 * fixture.best.sum)
    }
  }

  @Test("gives the same bits whatever the number of threads is, and others for another seed")
  func threads() throws {
    var random = RandomGenerator(seed: 3)
    let points = Matrix(rows: 1700, columns: 7, elements: (0..<1700 * 7).map { _ in random.normal() })
    var options = KMeans.Options()
    let alone = try KMeans(points, clusters: 9, seed: 1, options: options)
    options.threads = 3
    let together = try KMeans(points, clusters: 9, seed: 1, options: options)
    #expect(alone.centroids.points == together.centroids.points)
    #expect(alone.cells(of: points) == together.cells(of: points))
    let other = try KMeans(points, clusters: 9, seed: 2, options: options)
    #expect(other.centroids.points != alone.centroids.points)
  }

  @Test("makes fewer clusters where fewer states differ")
  func duplicates() throws {
    let points = matrix([[1, 2], [3, 4], [1, 2], [3, 4], [1, 2]])
    let means = try KMeans(points, clusters: 4, seed: 0)
    #expect(means.cellCount == 2)
    #expect(means.sumOfSquares == 0)
    #expect(firstSeen(means.cells(of: points)) == [0, 1, 0, 1, 0])
  }

  @Test("gives a cluster that lost its states the farthest state")
  func emptyCluster() {
    // The third centre is no one's nearest: it must not stay behind.
    let points = matrix([[0], [1], [10], [11], [30]])
    let run = KMeans.lloyd(points, from: matrix([[0], [10], [-1000]]), threshold: 0, KMeans.Options())
    #expect(run.points.elements.sorted() == [0.5, 10.5, 30])
    #expect(run.sum == 1)
  }

  @Test("leaves every state with the centroid that a naive search finds nearest")
  func naive() throws {
    var random = RandomGenerator(seed: 9)
    // Far from the origin, where squared norms lose what distances need.
    let points = Matrix(rows: 300, columns: 3, elements: (0..<900).map { _ in 1e6 + random.normal() })
    let means = try KMeans(points, clusters: 6, seed: 4)
    let (cells, distances) = means.centroids.nearest(to: points)
    for row in 0..<points.rows {
      let all = (0..<6).map { squaredDistance(points.row(row), means.centroids.points.row($0)) }
      let nearest = try #require(all.min())
      // Coordinates after the shift are below 10, so scores err by less than 3 * 100 eps and the distances by twice that.
      #expect(all[Int(cells[row])] <= nearest + 600 * Double.ulpOfOne)
      #expect(distances[row] == all[Int(cells[row])])
    }
  }

  @Test("refuses no states and impossible numbers of clusters, with the numbers in the text")
  func refusals() {
    #expect(throws: AutomataError.noRecordedStates) {
      try KMeans(Matrix(rows: 0, columns: 2), clusters: 1, seed: 0)
    }
    for clusters in [0, 4] {
      #expect(throws: AutomataError.clusterCount(clusters, states: 3)) {
        try KMeans(matrix([[1], [2], [3]]), clusters: clusters, seed: 0)
      }
    }
    #expect(
      AutomataError.clusterCount(4, states: 3).description
        == "4 clusters of 3 states were asked for; the number must be between 1 and that of the states")
  }
}
