public import ProbeLinearAlgebra

/// From residuals to logits, in double precision.
extension AttentionModel {
  /// The logits that residuals would give if they were the last: final norm, output head and soft cap.
  ///
  /// Applied to the residual after each block this is the logit lens (nostalgebraist 2020). A second output map of the
  /// mean of all rows (``OutputHead/MeanTerm``) is left out.
  ///
  /// - Parameters:
  ///   - residuals: `[row, width]`.
  ///   - threads: how many may run.
  /// - Returns: `[row, vocabulary]`, or nil for a model without an output head.
  /// - Complexity: O(rows width vocabulary).
  public func logits(of residuals: Matrix<Double>, threads: Int = 1) -> Matrix<Double>? {
    guard let head = parts.head else { return nil }
    let rows = residuals.rows
    var input = residuals
    parts.finalNorm?.normalize(&input)
    if let transform = head.transform {
      var dense = Matrix<Double>(rows: rows, columns: transform.dense.weight.outputs)
      transform.dense.apply(input.elements, rows: rows, into: &dense.elements, threads: threads)
      Double.activate(transform.activation, &dense.elements, count: dense.elements.count)
      transform.norm.normalize(&dense)
      input = dense
    }
    var logits = Matrix<Double>(rows: rows, columns: head.unembedding.weight.outputs)
    head.unembedding.apply(input.elements, rows: rows, into: &logits.elements, threads: threads)
    if let cap = head.softCap { Double.softCap(&logits.elements, cap: cap, count: logits.elements.count) }
    return logits
  }

  /// Rows of the unembedding, `[token, width]`; nil for a model without an output head.
  ///
  /// - Precondition: every id is one of the head's outputs.
  public func unembedding(of tokens: [Int]) -> Matrix<Double>? {
    guard let weight = parts.head?.unembedding.weight else { return nil }
    precondition(tokens.allSatisfy { (0..<weight.outputs).contains($0) }, "token ids lie within the outputs")
    var result = Matrix<Double>(rows: tokens.count, columns: weight.inputs)
    result.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for (row, token) in tokens.enumerated() { weight.copyRow(token, into: base + row * weight.inputs) }
    }
    return result
  }

  /// The mean row of the unembedding and the mean of its bias (0 without one); nil without an output head.
  ///
  /// - Complexity: O(vocabulary width), a block of rows at a time.
  public func meanUnembedding() -> (row: [Double], bias: Double)? {
    guard let layer = parts.head?.unembedding, layer.weight.outputs > 0 else { return nil }
    let (outputs, inputs) = (layer.weight.outputs, layer.weight.inputs)
    var sum = [Double](repeating: 0, count: inputs)
    for first in stride(from: 0, to: outputs, by: 2048) {
      let block = layer.weight.matrix(first..<min(outputs, first + 2048))
      let ones = [Double](repeating: 1, count: block.rows)
      Double.multiply(
        rows: 1, columns: inputs, inner: block.rows, alpha: 1, ones, stride: max(1, block.rows),
        transposed: false, block.elements, stride: inputs, transposed: false, beta: 1, into: &sum,
        stride: inputs)
    }
    let bias = layer.bias.map { $0.reduce(0) { $0 + Double($1) } / Double(outputs) } ?? 0
    return (sum.map { $0 / Double(outputs) }, bias)
  }
}

extension Normalization {
  /// What a norm's output holds along a direction, as a linear function of what went in, its scale held.
  ///
  /// For the row x the norm divides by s(x): norm(x) · d = x · d' + c with d' = (w ∘ d) / s(x), less its mean for a
  /// norm that subtracts the mean, and c = b · d. The parts that sum to x thus sum to norm(x) · d - c.
  ///
  /// - Parameters:
  ///   - direction: d, `[width]`.
  ///   - input: x, `[width]`.
  /// - Returns: d' and c.
  public func linearized(
    _ direction: [Double], at input: some RandomAccessCollection<Double>
  ) -> (direction: [Double], constant: Double) {
    precondition(direction.count == weight.count && input.count == weight.count, "one number a unit")
    let count = Double(weight.count)
    var result = zip(direction, weight).map { $0 * Double($1) }
    var mean = 0.0
    if kind == .layer {
      mean = input.reduce(0, +) / count
      let own = result.reduce(0, +) / count
      for index in result.indices { result[index] -= own }
    }
    let square = input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = (square + epsilon).squareRoot()
    for index in result.indices { result[index] /= scale }
    return (result, bias.map { zip($0, direction).reduce(0) { $0 + Double($1.0) * $1.1 } } ?? 0)
  }
}
