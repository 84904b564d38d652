import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// What each part of a model adds to the logit of a target, over the mean logit of the vocabulary.
///
/// The final norm divides by one number a position; with that number held, the logit is a sum over what the embedding,
/// each head and each perceptron added to the residual (Elhage et al. 2021; TransformerLens' `logit_attrs`). Of the
/// unembedding row the mean row of the vocabulary is taken away, so that what raises all logits alike counts for
/// nothing. A soft cap comes after it and is left out.
struct DirectAttribution {
  /// `[row, layer * heads + head]`.
  let heads: Matrix<Double>
  /// By row.
  let embedding: [Double]
  /// The bias of attention's output, `[row, layer]`.
  let attentionBias: Matrix<Double>
  /// `[row, layer]`.
  let perceptrons: Matrix<Double>
  /// What the final norm's and the output head's biases add, by row.
  let constant: [Double]
  /// The target's logit, before a soft cap, less the mean of all, by row.
  let logits: [Double]

  /// Attributes the logits of targets, one a row.
  ///
  /// - Parameters:
  ///   - parts: of a model without an obstacle (``ResidualParts/obstacle(_:)``).
  ///   - targets: by row.
  ///   - mean: of the unembedding; see `meanUnembedding()`.
  /// - Complexity: O(rows layers width (heads headSize)).
  init(_ parts: ResidualParts, targets: [Int], mean: (row: [Double], bias: Double)) {
    let model = parts.model
    let (rows, width, layers) = (targets.count, model.width, model.layers)
    var directions = model.unembedding(of: targets) ?? Matrix(rows: rows, columns: width)
    for row in 0..<rows {
      for column in 0..<width { directions[row, column] -= mean.row[column] }
    }
    let bias = model.parts.head?.unembedding.bias
    let offsets = targets.map { Double(bias?[$0] ?? 0) - mean.bias }
    logits = (0..<rows).map { dot(parts.normed.row($0), directions.row($0)) + offsets[$0] }

    var constant = offsets
    if let norm = model.parts.finalNorm {
      directions.replaceRows { row, direction in
        let (result, added) = norm.linearized(direction, at: parts.last.row(row))
        constant[row] += added
        return result
      }
    }
    self.constant = constant
    embedding = (0..<rows).map { dot(parts.embedding.row($0), directions.row($0)) }
    var heads = Matrix<Double>(rows: rows, columns: layers * model.heads)
    var biases = Matrix<Double>(rows: rows, columns: layers)
    var perceptrons = biases
    for layer in 0..<layers {
      let own = Self.attention(parts, layer: layer, directions: directions)
      for row in 0..<rows {
        for head in 0..<model.heads { heads[row, layer * model.heads + head] = own.heads[row, head] }
        biases[row, layer] = own.bias[row]
        perceptrons[row, layer] = dot(parts.perceptrons[layer].row(row), directions.row(row))
      }
    }
    self.heads = heads
    attentionBias = biases
    self.perceptrons = perceptrons
  }

  /// What a layer's heads add along directions, `[row, head]`, and what its biases do.
  private static func attention(
    _ parts: ResidualParts, layer: Int, directions: Matrix<Double>
  ) -> (heads: Matrix<Double>, bias: [Double]) {
    let block = parts.model.parts.blocks[layer]
    let attention = block.attention
    let values = parts.heads[layer]
    let output = attention.output.weight.matrix(0..<attention.output.weight.outputs)
    let outputBias = attention.output.bias?.map(Double.init)
    var directions = directions
    var bias = [Double](repeating: 0, count: directions.rows)
    if let scale = block.attentionScale { directions.scaleColumns(scale) }
    if let norm = block.attentionOutputNorm {
      var written = values * output.transposed
      if let outputBias { written.replaceRows { _, row in zip(row, outputBias).map(+) } }
      directions.replaceRows { row, direction in
        let (result, added) = norm.linearized(direction, at: written.row(row))
        bias[row] = added
        return result
      }
    }
    if let outputBias {
      for row in bias.indices { bias[row] += dot(outputBias, directions.row(row)) }
    }
    let read = directions * output
    let size = attention.headSize
    var heads = Matrix<Double>(rows: directions.rows, columns: attention.heads)
    for row in 0..<heads.rows {
      for head in 0..<heads.columns {
        let range = row * values.columns + head * size..<row * values.columns + (head + 1) * size
        heads[row, head] = dot(values.elements[range], read.elements[range])
      }
    }
    return (heads, bias)
  }

  /// The sum of all parts, by row: equal to the logits but for rounding.
  var sums: [Double] {
    embedding.indices.map { row in
      embedding[row] + constant[row] + heads.row(row).reduce(0, +) + attentionBias.row(row).reduce(0, +)
        + perceptrons.row(row).reduce(0, +)
    }
  }

  /// The largest difference between the sum of the parts and the logit, over the sum of the parts' moduli.
  var discrepancy: Double {
    let sums = sums
    return embedding.indices.reduce(0) { worst, row in
      let parts =
        [embedding[row], constant[row]] + Array(heads.row(row)) + Array(attentionBias.row(row))
        + Array(perceptrons.row(row))
      let scale = parts.reduce(0) { $0 + abs($1) }
      return scale > 0 ? max(worst, abs(sums[row] - logits[row]) / scale) : worst
    }
  }
}

/// The inner product.
private func dot(_ left: some Sequence<Double>, _ right: some Sequence<Double>) -> Double {
  zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}

extension Matrix<Double> {
  /// Replaces each row by what it becomes.
  fileprivate mutating func replaceRows(_ change: (Int, [Double]) -> [Double]) {
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      elements.replaceSubrange(range, with: change(row, Array(elements[range])))
    }
  }
}
