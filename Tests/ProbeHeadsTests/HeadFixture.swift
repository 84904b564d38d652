import Foundation
import ProbeHeads
import ProbeLinearAlgebra

/// `Fixtures/heads.json`, made by `scripts/fixtures/make_head_fixtures.py`.
struct HeadFixture: Decodable {
  struct Pattern: Decodable {
    let tokens: [Int]
    let weights: [Double]
    /// Previous, duplicate, induction; then measure, without and with the first key, without and with the
    /// current.
    let detected: [[Double]]
    let entropy: [Double]
  }
  struct Head: Decodable {
    let query: [Double]
    let key: [Double]
    let value: [Double]
    let output: [Double]
  }
  struct Circuits: Decodable {
    let width: Int
    let dimension: Int
    let vocabulary: Int
    let heads: [Head]
    let embedding: [Double]
    let unembedding: [Double]
    let ov: [[Double]]
    let qk: [[Double]]
    let full_ov: [[Double]]
    let full_qk: [[Double]]
    let composition: [Double]
  }
  struct Ridge: Decodable {
    let rows: Int
    let width: Int
    let classes: Int
    let penalty: Double
    let x: [Double]
    let map: [Double]
    let scores: [Double]
  }

  let patterns: [Pattern]
  let circuits: Circuits
  let ridge: Ridge
  let wilson: [[Double]]
  let overlap: [[Double]]
  let quantile_values: [Double]
  let quantiles: [[Double]]

  static func read() throws -> HeadFixture {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/heads.json")
    return try JSONDecoder().decode(HeadFixture.self, from: Data(contentsOf: url))
  }
}

/// Half the distance between neighbouring doubles around 1.
let unitRoundoff = 0x1p-53

/// The pattern that spreads its weight evenly.
func uniformPattern(tokens: [Int]) throws -> DensePattern {
  try pattern(tokens: tokens) { query, _ in 1 / Double(query + 1) }
}

/// The pattern of the given weights.
func pattern(tokens: [Int], _ weight: (_ query: Int, _ key: Int) -> Double) throws -> DensePattern {
  var weights = Matrix<Double>(rows: tokens.count, columns: tokens.count)
  for query in tokens.indices {
    for key in 0...query { weights[query, key] = weight(query, key) }
  }
  return try DensePattern(weights: weights, tokens: tokens)
}

/// A matrix of standard normal numbers.
func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  var random = RandomGenerator(seed: seed)
  return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// A causal pattern of random positive weights, rows summing to one.
func randomPattern(tokens: [Int], seed: UInt64) throws -> DensePattern {
  var random = RandomGenerator(seed: seed)
  let rows = tokens.indices.map { query in
    let weights = (0...query).map { _ in random.uniform(0.01, 1) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
  return try pattern(tokens: tokens) { rows[$0][$1] }
}
