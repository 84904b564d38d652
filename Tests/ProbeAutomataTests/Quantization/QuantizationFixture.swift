import Foundation
import ProbeLinearAlgebra

/// What scikit-learn, scipy, deeptime and pygpcca say; made by scripts/fixtures/make_quantization_fixtures.py.
struct QuantizationFixture: Decodable {
  struct Clustering: Decodable {
    struct Clusters: Decodable {
      var centres: [[Double]]?
      var labels: [Int32]
      var sum: Double
    }
    struct Tree: Decodable {
      var heights: [Double]
      var labels: [String: [Int32]]
    }
    var points: [[Double]]
    var start: [[Double]]
    var lloyd: Clusters
    var best: Clusters
    var trees: [String: Tree]
    var projected: [[Double]]
  }
  struct Chain: Decodable {
    var p: [[Double]]
    var stationary: [Double]
    var moduli: [Double]
    var crispness: Double
    var memberships: [[Double]]
    var coarse: [[Double]]
    var sets: [Int32]
  }
  struct Trajectories: Decodable {
    struct Model: Decodable {
      var p: [[Double]]
      var stationary: [Double]
      var timescales: [Double]
    }
    var paths: [[Int32]]
    var lag: Int
    var counts: [[Double]]
    var connected: [Int]
    var plain: Model
    var reversible: Model
  }
  struct Order: Decodable {
    var path: [Int32]
    var statistic: Double
    var freedom: Int
    var p: Double
  }

  var clustering: Clustering
  var nineStates: Chain
  var cyclicBlocks: Chain
  var trajectories: Trajectories
  var order: [Order]
  var chiSquare: [[Double]]

  static func load() throws -> QuantizationFixture {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/quantization.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(QuantizationFixture.self, from: Data(contentsOf: file))
  }
}

/// Rows as a matrix.
func matrix(_ rows: [[Double]]) -> Matrix<Double> {
  Matrix(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
}

/// Labels renumbered in the order in which they first occur.
func firstSeen(_ labels: [Int32]) -> [Int32] {
  var numbers: [Int32: Int32] = [:]
  return labels.map { label in
    let number = numbers[label] ?? Int32(numbers.count)
    numbers[label] = number
    return number
  }
}
