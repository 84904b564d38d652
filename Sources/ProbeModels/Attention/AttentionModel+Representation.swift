public import ProbeLinearAlgebra

/// What single tokens are to a model before any attention, in double precision.
extension AttentionModel {
  /// The embeddings of tokens without positions: scaled and normalised as the model does, token type 0.
  ///
  /// - Parameter tokens: ids.
  /// - Returns: `[token, width]`.
  /// - Precondition: every id is in `0..<vocabulary`.
  public func embedding(of tokens: [Int]) -> Matrix<Double> {
    precondition(
      tokens.allSatisfy { (0..<vocabulary).contains($0) }, "token ids lie within the vocabulary")
    var result = Matrix<Double>(rows: tokens.count, columns: width)
    var source = parts.embedding
    source.positions = nil
    result.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      source.write(tokens[...], typeIDs: [], firstPosition: 0, into: base)
    }
    return result
  }

  /// The first block's perceptron applied to the embeddings of tokens, attention left out.
  ///
  /// What Gould et al. 2024 (arXiv 2312.09230) call MLP0(W_E), in two conventions: `raw` is the perceptron's output
  /// for the embedding as it is; `normalized` is what the residual would hold after a first block whose attention adds
  /// nothing: the embedding, plus the perceptron's output for the normalised embedding (itself normalised or scaled
  /// where the block does so).
  ///
  /// - Parameters:
  ///   - tokens: ids.
  ///   - normalized: which convention.
  ///   - foldsNorm: in the raw convention, whether the weights of the norm before the perceptron (and its bias) are
  ///     folded into it.
  ///   - threads: how many may run.
  /// - Returns: `[token, width]`; the embeddings alone for a model without blocks.
  /// - Complexity: O(tokens width hidden).
  public func firstMLP(
    tokens: [Int], normalized: Bool, foldsNorm: Bool = false, threads: Int = 1
  ) -> Matrix<Double> {
    var input = embedding(of: tokens)
    guard let block = parts.blocks.first, !tokens.isEmpty else { return input }
    let rows = tokens.count
    let embedded = input
    if let norm = block.mlpNorm {
      if normalized {
        norm.normalize(&input)
      } else if foldsNorm {
        for index in input.elements.indices {
          let column = index % width
          input.elements[index] *= Double(norm.weight[column])
          if let bias = norm.bias { input.elements[index] += Double(bias[column]) }
        }
      }
    }
    let mlp = block.mlp
    var hidden = Matrix<Double>(rows: rows, columns: mlp.hiddenSize)
    (mlp.gate ?? mlp.up).apply(input.elements, rows: rows, into: &hidden.elements, threads: threads)
    Double.activate(mlp.activation, &hidden.elements, count: hidden.elements.count)
    if mlp.gate != nil {
      var raised = hidden
      mlp.up.apply(input.elements, rows: rows, into: &raised.elements, threads: threads)
      Double.multiply(raised.elements, into: &hidden.elements, count: hidden.elements.count)
    }
    var output = Matrix<Double>(rows: rows, columns: width)
    mlp.down.apply(hidden.elements, rows: rows, into: &output.elements, threads: threads)
    guard normalized else { return output }
    block.mlpOutputNorm?.normalize(&output)
    if let scale = block.mlpScale {
      for index in output.elements.indices { output.elements[index] *= Double(scale[index % width]) }
    }
    Double.add(embedded.elements, into: &output.elements, count: output.elements.count)
    return output
  }
}

extension Normalization {
  /// Normalises every row in place.
  func normalize(_ matrix: inout Matrix<Double>) {
    let rows = matrix.rows
    matrix.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      apply(base, pieces: rows, into: base)
    }
  }
}
