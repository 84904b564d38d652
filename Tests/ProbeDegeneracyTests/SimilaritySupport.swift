import Foundation
import ProbeDegeneracy
import ProbeLinearAlgebra

/// What netrep, scikit-learn and scipy say; made by `scripts/fixtures/make_similarity_fixtures.py`.
struct SimilarityFixture: Decodable {
  struct Pair: Decodable {
    var x: [[Double]]
    var y: [[Double]]
    var values: [String: [Double]]
  }
  struct Clustering: Decodable {
    var distances: [[Double]]
    var heights: [Double]
    var sizes: [Double]
    var leaves: [Int]
    var scaling: [[Double]]
    var eigenvalues: [Double]
  }
  struct Assignment: Decodable {
    var costs: [[Double]]
    var columns: [Int]
    var cost: Double
  }
  var x: [[Double]]
  var y: [[Double]]
  var values: [String: [Double]]
  var wide: Pair
  var clustering: Clustering
  var assignment: Assignment
  var student: [[Double]]

  static func load() throws -> SimilarityFixture {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/similarity.json")
    return try JSONDecoder().decode(SimilarityFixture.self, from: Data(contentsOf: url))
  }
}

extension Matrix where Scalar == Double {
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
  }

  /// Independent standard normal numbers.
  static func normal(_ rows: Int, _ columns: Int, _ generator: inout RandomGenerator) -> Matrix {
    Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in generator.normal() })
  }

  /// A random orthogonal matrix.
  static func orthogonal(_ size: Int, _ generator: inout RandomGenerator) throws -> Matrix {
    var matrix = Matrix.normal(size, size, &generator)
    _ = try matrix.orthonormalize()
    return matrix
  }

  /// Rows and columns in another order: element (i, j) is `self[order[i], order[j]]`.
  func permuted(_ order: [Int]) -> Matrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] = self[order[i], order[j]] }
    }
    return result
  }

  func scaled(_ factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { $0 * factor })
  }
}
