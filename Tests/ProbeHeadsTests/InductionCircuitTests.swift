import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import Testing

/// Two layers of one head each whose weights are set by formula.
///
/// The residual stream holds a token one-hot, a position one-hot and a place for the previous token. The
/// first head's query at position i is its position, the key of position j is j + 1, and its value is the
/// token, written into the place for the previous token. The second head's query is the token, its key the
/// previous token, and it writes the token it attends to. Logits are what it writes.
@Suite struct InductionCircuitTests {
  private let vocabulary = 26
  /// A BOS and 25 tokens four times over.
  private let tokens = [25] + (0..<100).map { $0 % 25 }

  /// Causal softmax of 50 times the products of queries and keys.
  private func attention(_ queries: Matrix<Double>, _ keys: Matrix<Double>) throws -> DensePattern {
    let scores = queries * keys.transposed
    let rows = (0..<scores.rows).map { query in
      let weights = (0...query).map { exp(50 * (scores[query, $0] - 1)) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
    return try pattern(tokens: tokens) { rows[$0][$1] }
  }

  private func oneHot(_ indices: [Int], width: Int) -> Matrix<Double> {
    var rows = Matrix<Double>(rows: indices.count, columns: width)
    for (row, index) in indices.enumerated() where index >= 0 && index < width { rows[row, index] = 1 }
    return rows
  }

  @Test(
    "its heads score one as previous-token and induction head, and it continues the sequence"
  )
  func circuit() throws {
    let count = tokens.count
    let embedded = oneHot(tokens, width: vocabulary)
    let previous = try attention(
      oneHot(Array(0..<count), width: count), oneHot(Array(1...count), width: count))
    // The wrong keys together hold at most 100 exp(-50) = 2e-20.
    #expect(abs(try #require(previous.previousToken) - 1) <= 200 * unitRoundoff)
    let induction = try attention(embedded, previous.weights * embedded)
    #expect(abs(try #require(induction.induction) - 1) <= 200 * unitRoundoff)
    #expect(try #require(induction.duplicateToken) < 1e-15)
    #expect(try #require(previous.induction) < 1e-15)
    // One weight each on the two or three keys that match in copies three and four.
    #expect((26...50).allSatisfy { induction.keysForNineTenths(query: $0) == 1 })
    #expect((76...100).allSatisfy { induction.keysForNineTenths(query: $0) == 3 })

    let logits = induction.weights * embedded
    let right = (26..<100).count { position in
      let best = (0..<vocabulary).reduce(0) { logits[position, $1] > logits[position, $0] ? $1 : $0 }
      return best == tokens[position + 1]
    }
    #expect(right == 74)
  }
}
