public import ProbeLinearAlgebra

/// The weights of one attention head in double precision, for rows x of the residual on the left.
///
/// The head's query is x W_Q, its key x W_K, its value x W_V, and what it adds to the residual z W_O, with z the
/// weighted sum of values (Elhage et al. 2021, "A mathematical framework for transformer circuits"). Heads of a group
/// have the same key and value weights. Norms before the head are not part of it.
public struct HeadWeights: Sendable, Equatable {
  /// W_Q `[width, headSize]`.
  public let query: Matrix<Double>
  /// W_K `[width, headSize]`, of the head's group.
  public let key: Matrix<Double>
  /// W_V `[width, headSize]`, of the head's group.
  public let value: Matrix<Double>
  /// W_O `[headSize, width]`, times the block's factor of each element of attention's output, where it has one.
  public let output: Matrix<Double>
  /// b_V `[headSize]`, or nil.
  public let valueBias: [Double]?
}

extension AttentionModel {
  /// The weights of every head of a layer.
  ///
  /// - Parameter layer: the block, from 0.
  /// - Returns: one element a query head.
  /// - Complexity: O(heads headSize width); one layer's weights are held in double precision.
  public func headWeights(layer: Int) -> [HeadWeights] {
    let attention = parts.blocks[layer].attention
    let size = attention.headSize
    let queries = attention.query.weight.matrix(0..<attention.query.weight.outputs)
    let keys = attention.key.weight.matrix(0..<attention.key.weight.outputs)
    let values = attention.value.weight.matrix(0..<attention.value.weight.outputs)
    let outputs = outputWeights(layer: layer)
    func part(_ matrix: Matrix<Double>, _ index: Int) -> Matrix<Double> {
      let columns = matrix.columns
      return Matrix(
        rows: size, columns: columns,
        elements: Array(matrix.elements[index * size * columns..<(index + 1) * size * columns]))
    }
    return (0..<attention.heads).map { head in
      let group = attention.keyValueHead(of: head)
      return HeadWeights(
        query: part(queries, head).transposed, key: part(keys, group).transposed,
        value: part(values, group).transposed, output: part(outputs, head),
        valueBias: attention.value.bias.map { $0[group * size..<(group + 1) * size].map(Double.init) })
    }
  }

  /// The output projection of a layer's attention for rows on the left, `[heads * headSize, width]`.
  ///
  /// The block's factor of each element of attention's output is multiplied in, where it has one.
  public func outputWeights(layer: Int) -> Matrix<Double> {
    let block = parts.blocks[layer]
    let weight = block.attention.output.weight
    var result = weight.matrix(0..<weight.outputs).transposed
    guard let scale = block.attentionScale else { return result }
    for row in 0..<result.rows {
      for column in 0..<result.columns { result[row, column] *= Double(scale[column]) }
    }
    return result
  }

  /// What a layer's attention adds to the residual whatever it reads, without the biases of values: `[width]` or nil.
  public func outputBias(layer: Int) -> [Double]? {
    let block = parts.blocks[layer]
    return block.attention.output.bias.map { bias in
      bias.indices.map { Double(bias[$0]) * Double(block.attentionScale?[$0] ?? 1) }
    }
  }
}
