import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// The heads of a model as circuits on its residual stream, by one convention.
///
/// Norm weights are folded in unless told otherwise: the norm before attention into W_Q, W_K and W_V, a norm on
/// attention's output into W_O, the final norm into the unembedding. Processing does what TransformerLens does by default
/// (`fold_ln`, `center_writing_weights`, `center_unembed`, `fold_value_biases`) to these circuits and the unembedding, not to
/// the embedding or to perceptrons.
struct HeadCircuits {
  let model: AttentionModel
  let foldsNorms: Bool
  let isProcessed: Bool
  /// The mean row of the unembedding, where processing takes it away.
  private let meanRow: [Double]?

  init(_ model: AttentionModel, options: HeadWeightOptions) {
    self.model = model
    foldsNorms = !options.leavesNorms
    isProcessed = options.processWeights
    meanRow = isProcessed ? model.meanUnembedding()?.row : nil
  }

  /// The convention in words.
  var convention: String {
    if isProcessed {
      return
        "Weights processed as by TransformerLens: norms folded, reading and writing weights centred, unembedding "
        + "centred over the vocabulary, value biases folded; the embedding and MLPs stay as they are."
    }
    return foldsNorms
      ? "Norm weights are folded in, biases are not part of the circuits."
      : "Norm weights and biases are not part of the circuits."
  }

  /// The circuits of a layer's heads.
  ///
  /// - Throws: `HeadsError` where a weight is not finite.
  func layer(_ layer: Int) throws -> [HeadCircuit] {
    let block = model.parts.blocks[layer]
    return try model.headWeights(layer: layer).enumerated().map { index, head in
      var (query, key, value, output) = (head.query, head.key, head.value, head.output)
      if foldsNorms, let norm = block.attentionNorm {
        query.scaleRows(norm.weight)
        key.scaleRows(norm.weight)
        value.scaleRows(norm.weight)
      }
      if foldsNorms, let norm = block.attentionOutputNorm {
        output.scaleColumns(norm.weight)
      }
      if isProcessed {
        if block.attentionNorm?.kind == .layer {
          query.centreColumns()
          key.centreColumns()
          value.centreColumns()
        }
        if centresWriting { output.centreRows() }
      }
      do throws(HeadsError) {
        return try HeadCircuit(query: query, key: key, value: value, output: output)
      } catch .notFinite(let object, let row, let column) {
        throw HeadsError.notFinite(object: "head \(layer).\(index): \(object)", row: row, column: column)
      }
    }
  }

  /// What a head adds whatever it reads: b_V W_O + b_O, with the bias of the norm before attention where norms are folded.
  ///
  /// Processing folds the value biases of all heads of the layer into b_O.
  func outputBias(layer: Int, head: Int) -> [Double] {
    let block = model.parts.blocks[layer]
    let heads = model.headWeights(layer: layer)
    var result = model.outputBias(layer: layer) ?? [Double](repeating: 0, count: model.width)
    for index in isProcessed ? 0..<heads.count : head..<head + 1 {
      var bias = heads[index].valueBias ?? [Double](repeating: 0, count: heads[index].value.columns)
      if foldsNorms, let shift = block.attentionNorm?.bias {
        let added = heads[index].value.transposed.times(shift.map(Double.init))
        for place in bias.indices { bias[place] += added[place] }
      }
      let written = heads[index].output.transposed.times(bias)
      for place in result.indices { result[place] += written[place] }
    }
    if isProcessed && centresWriting {
      let mean = result.reduce(0, +) / Double(max(1, result.count))
      for place in result.indices { result[place] -= mean }
    }
    return result
  }

  /// Rows of the unembedding, final norm folded in; nil for a model without one.
  func unembedding(of tokens: [Int]) -> Matrix<Double>? {
    model.unembedding(of: tokens).map(prepared)
  }

  /// Rows of the unembedding with the final norm folded in, and centred where weights are processed.
  func prepared(_ rows: Matrix<Double>) -> Matrix<Double> {
    var rows = rows
    if let meanRow {
      for row in 0..<rows.rows {
        for column in meanRow.indices { rows[row, column] -= meanRow[column] }
      }
    }
    if foldsNorms, let norm = model.parts.finalNorm { rows.scaleColumns(norm.weight) }
    if isProcessed && model.parts.finalNorm?.kind == .layer { rows.centreRows() }
    return rows
  }

  /// Whether what is written has its mean taken away: where every norm that reads it does so anyway.
  private var centresWriting: Bool {
    let norms = model.parts.blocks.flatMap { [$0.attentionNorm, $0.mlpNorm] } + [model.parts.finalNorm]
    return norms.allSatisfy { $0?.kind == .layer }
  }
}

extension Matrix<Double> {
  /// Multiplies row i by factor i.
  mutating func scaleRows(_ factors: [Float]) {
    for row in 0..<rows {
      let factor = Double(factors[row])
      for column in 0..<columns { elements[row * columns + column] *= factor }
    }
  }

  /// Multiplies column j by factor j.
  mutating func scaleColumns(_ factors: [Float]) {
    for row in 0..<rows {
      for column in 0..<columns { elements[row * columns + column] *= Double(factors[column]) }
    }
  }

  /// Takes from each row its mean.
  mutating func centreRows() {
    for row in 0..<rows {
      let mean = self.row(row).reduce(0, +) / Double(Swift.max(1, columns))
      for column in 0..<columns { elements[row * columns + column] -= mean }
    }
  }

  /// Takes from each column its mean.
  mutating func centreColumns() {
    var means = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { means[column] += elements[row * columns + column] / Double(rows) }
    }
    for row in 0..<rows {
      for column in 0..<columns { elements[row * columns + column] -= means[column] }
    }
  }
}
