public import ProbeLinearAlgebra

/// Olsson et al.'s copying score of a head on a sample of distinct random tokens.
///
/// At each position the head's own contribution to the logits, restricted to the tokens of the sample, is
/// centred over the sample and cut at zero; r is the share of what is left that falls on the attended token,
/// and the score the mean of 2 r - 1, in [-1, 1] (arXiv 2209.11895, appendix). Conventions, in which
/// implementations differ: the denominator runs over the tokens of the sample, not the vocabulary; the
/// attended token is that of the largest weight among the keys whose token is in the sample (a BOS is not),
/// the earliest among equals; positions that raise nothing, or see no such key, are left out.
///
/// - Parameters:
///   - contributions: `[position, sample token]`: the head's output through the unembedding.
///   - sample: the token of each column, distinct.
///   - pattern: the head's attention on the prompt.
/// - Returns: nil where no position raises anything.
/// - Throws: ``HeadsError`` where shapes differ or a number is not finite.
/// - Complexity: O(positions (positions + sample)).
public func sampleCopying(
  contributions: Matrix<Double>, sample: [Int], pattern: DensePattern
) throws(HeadsError) -> Double? {
  guard contributions.rows == pattern.count && contributions.columns == sample.count else {
    throw .shapeMismatch(
      object: "the head's contribution to the logits",
      expected: "\(pattern.count) x \(sample.count), positions by tokens of the sample",
      found: "\(contributions.rows) x \(contributions.columns)")
  }
  guard !sample.isEmpty else { return nil }
  let columns = Dictionary(zip(sample, sample.indices), uniquingKeysWith: { first, _ in first })
  var scores: [Double] = []
  for position in 0..<pattern.count {
    let row = contributions.row(position)
    if let wrong = row.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        object: "the head's contribution to the logits", row: position, column: wrong - row.startIndex)
    }
    let mean = row.reduce(0, +) / Double(sample.count)
    let raised = row.map { max(0, $0 - mean) }
    let sum = raised.reduce(0, +)
    guard sum > 0 else { continue }
    var attended: (weight: Double, column: Int)?
    for key in 0...position {
      let weight = pattern.weights[position, key]
      if let column = columns[pattern.tokens[key]], weight > attended?.weight ?? -.infinity {
        attended = (weight, column)
      }
    }
    guard let attended else { continue }
    scores.append(2 * raised[attended.column] / sum - 1)
  }
  return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
}
