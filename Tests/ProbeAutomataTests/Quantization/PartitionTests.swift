import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Partitions of states")
struct PartitionTests {
  @Test(
    "by agglomeration join at scipy's heights and cut to its clusters", arguments: Dendrogram.Linkage.allCases
  )
  func dendrogram(linkage: Dendrogram.Linkage) throws {
    let fixture = try QuantizationFixture.load().clustering
    let peer = try #require(fixture.trees[linkage.rawValue])
    let points = matrix(fixture.points)
    let tree = Dendrogram(points, linkage: linkage)
    #expect(tree.joins.count == 59)
    // Each of at most 59 updates errs by a few units in the last place of squares below 400.
    for (mine, height) in zip(tree.joins, peer.heights) {
      #expect(abs(mine.height * mine.height - height * height) <= 59 * 4 * 400 * Double.ulpOfOne)
    }
    for (clusters, labels) in peer.labels {
      let wanted = try #require(Int(clusters))
      #expect(tree.labels(clusters: wanted) == labels)
      let height = peer.heights[60 - wanted - 1]
      #expect(tree.labels(height: height * (1 + 1e-12)) == labels)
    }
  }

  @Test("by single linkage follow bent clusters that k-means cuts")
  func rings() throws {
    let rings = (0..<200).map { step -> [Double] in
      let angle = Double(step / 2) / 100 * 2 * Double.pi
      let radius = step % 2 == 0 ? 1.0 : 3.0
      return [radius * cos(angle), radius * sin(angle)]
    }
    let truth = (0..<200).map { Int32($0 % 2) }
    let single = try Agglomerative(matrix(rings), linkage: .single, cut: .clusters(2))
    #expect(single.cells(of: matrix(rings)) == truth)
    // Neighbours on the outer ring are 6 sin(pi / 100) = 0.188 apart, the rings 2.
    let byHeight = try Agglomerative(matrix(rings), linkage: .single, cut: .height(0.19))
    #expect(byHeight.cellCount == 2)
    #expect(try Agglomerative(matrix(rings), linkage: .single, cut: .height(0.18)).cellCount == 101)
    let ward = try Agglomerative(matrix(rings), linkage: .ward, cut: .clusters(2))
    #expect(firstSeen(ward.cells(of: matrix(rings))) != truth)
    #expect(single.name == "agglomerative, single linkage, 2 clusters")
  }

  @Test("by agglomeration of a sample give every state a cell, the same for the same seed")
  func sampled() throws {
    var random = RandomGenerator(seed: 21)
    let rows = (0..<500).map { row in [Double(row % 4) * 10 + random.normal(), random.normal()] }
    for linkage in Dendrogram.Linkage.allCases where linkage != .single {
      let partition = try Agglomerative(
        matrix(rows), linkage: linkage, cut: .clusters(4), sampleSize: 60, seed: 5)
      #expect(partition.sample.count == 60)
      #expect(firstSeen(partition.cells(of: matrix(rows))) == (0..<500).map { Int32($0 % 4) })
    }
  }

  @Test("of one state have one cell")
  func oneState() throws {
    let one = matrix([[2, -1, 0]])
    #expect(try KMeans(one, clusters: 1, seed: 0).cells(of: one) == [0])
    #expect(try UnitGrid(one, intervals: 5).cells(of: one) == [0])
    #expect(try SignCode(one).cells(of: one) == [0])
    #expect(try PCAGrid(one, components: 2, intervals: 3).cells(of: one) == [0])
    #expect(try Agglomerative(one, linkage: .ward, cut: .clusters(1)).cells(of: one) == [0])
    let none = Matrix<Double>(rows: 0, columns: 3)
    #expect(throws: AutomataError.noRecordedStates) { try UnitGrid(none, intervals: 5) }
    #expect(throws: AutomataError.noRecordedStates) { try SignCode(none) }
    #expect(throws: AutomataError.noRecordedStates) { try PCAGrid(none, components: 1, intervals: 5) }
    #expect(throws: AutomataError.noRecordedStates) {
      try Agglomerative(none, linkage: .ward, cut: .clusters(1))
    }
  }

  @Test("by intervals put the largest value into the last interval and constant units into one")
  func grid() throws {
    let states = matrix([[0, 7], [0.24, 7], [0.25, 7], [0.5, 7], [0.99, 7], [1, 7]])
    let grid = try UnitGrid(states, intervals: 4)
    #expect(grid.cells(of: states) == [0, 0, 1, 2, 3, 3])
    #expect((0..<grid.cellCount).map { grid.intervals(of: $0) } == [[0, 0], [1, 0], [2, 0], [3, 0]])
    // Beyond the range counts as the outermost interval; a cell that no state visited is none.
    #expect(grid.cells(of: matrix([[-5, 7], [99, 7], [0.5, 8]])) == [0, 3, 2])
    let corners = try UnitGrid(matrix([[0, 0], [1, 1]]), intervals: 2)
    #expect(corners.cells(of: matrix([[1, 0], [0, 1], [1, 1]])) == [-1, -1, 1])
  }

  @Test("by intervals hold for ranges wider than the largest number")
  func wideGrid() throws {
    let largest = Double.greatestFiniteMagnitude
    let states = matrix([[-largest], [-1], [1], [largest]])
    #expect(try UnitGrid(states, intervals: 3).cells(of: states) == [0, 1, 1, 2])
    let grid = try UnitGrid(states, intervals: 4)
    #expect(grid.cells(of: matrix([[-largest], [largest]])) == [0, Int32(grid.cellCount - 1)])
  }

  @Test("by signs count zero and minus zero as off, for more units than a word has bits")
  func signs() throws {
    let code = try SignCode(matrix([[5, 1, -1], [5, 0, -0.0], [-5, 2, 3], [5, 3, -2]]), units: 1..<3)
    #expect(code.cells(of: matrix([[0, 1, 0], [9, -1, -1], [0, 1, 1], [0, -1, 1]])) == [0, 1, 2, -1])
    #expect((0..<3).map { code.signs(of: $0) } == [[true, false], [false, false], [true, true]])
    #expect(code.name == "signs of 2 units")
    let wide = (0..<40).map { unit in (0..<40).map { $0 == unit ? 1.0 : -1.0 } }
    let all = try SignCode(matrix(wide))
    #expect(all.cells(of: matrix(wide)) == (0..<40).map { Int32($0) })
    #expect(all.signs(of: 37).firstIndex(of: true) == 37)
  }

  @Test("by principal components are a grid over scikit-learn's coordinates")
  func principalComponents() throws {
    let fixture = try QuantizationFixture.load().clustering
    let points = matrix(fixture.points)
    let mine = try PCAGrid(points, components: 2, intervals: 5)
    // The peer's axes may point the other way, so intervals are counted from the other end: partitions agree all the same.
    let peer = try UnitGrid(matrix(fixture.projected), intervals: 5)
    #expect(firstSeen(mine.cells(of: points)) == firstSeen(peer.cells(of: matrix(fixture.projected))))
    #expect(mine.cellCount > 5)
    #expect(mine.name == "grid, 5 intervals of each of 2 principal components")
  }

  @Test("by inner products give the probabilities of the softmax, and the hard choice as it cools")
  func memberships() {
    let centroids = Centroids(matrix([[1, 0], [0, 2]]), similarity: .innerProduct)
    let states = matrix([[1, 1], [3, 1], [0, 0]])
    let soft = centroids.memberships(of: states, temperature: 0.5)
    // exp(2) : exp(4), exp(6) : exp(4), 1 : 1.
    for (row, share) in [1 / (1 + exp(2.0)), 1 / (1 + exp(-2.0)), 0.5].enumerated() {
      #expect(abs(soft[row, 0] - share) <= 4 * Double.ulpOfOne)
      #expect(abs(soft[row, 0] + soft[row, 1] - 1) <= 2 * Double.ulpOfOne)
    }
    #expect(centroids.cells(of: states) == [1, 0, 0])
    #expect(Array(centroids.memberships(of: states, temperature: 1e-9).elements) == [0, 1, 1, 0, 0.5, 0.5])
  }

  @Test("by distance give the probabilities of minus the squared distances")
  func distanceMemberships() {
    let centroids = Centroids(matrix([[1, 0], [0, 2]]))
    let soft = centroids.memberships(of: matrix([[1, 1]]), temperature: 3)
    // Squared distances 1 and 2.
    #expect(abs(soft[0, 0] - 1 / (1 + exp(-1.0 / 3))) <= 8 * Double.ulpOfOne)
  }
}
