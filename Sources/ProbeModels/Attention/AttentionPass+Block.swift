internal import ProbeLinearAlgebra

extension AttentionPass {
  /// Runs a run of rows through one block, in place.
  func runBlock(_ layer: Int, residual: Buffer<Scalar>, steps: Range<Int>) throws {
    let block = model.parts.blocks[layer]
    let width = model.width
    let count = steps.count * width
    func offer(_ site: BlockSite, _ values: UnsafeMutablePointer<Scalar>, width: Int) throws {
      try self.offer(.block(layer, site), values, width: width, steps: steps)
    }
    try offer(.residualBefore, residual.base, width: width)

    let normed = Buffer<Scalar>(count)
    func normalize(_ norm: Normalization?) {
      if let norm {
        norm.apply(residual.base, pieces: steps.count, into: normed.base)
      } else {
        normed.base.update(from: residual.base, count: count)
      }
    }
    func finish(_ output: Buffer<Scalar>, norm: Normalization?, scale: [Float]?) {
      norm?.apply(output.base, pieces: steps.count, into: output.base)
      guard let scale else { return }
      let factors = scale.map { Scalar($0) }
      for row in 0..<steps.count { Scalar.multiply(factors, into: output.base + row * width, count: width) }
    }

    normalize(block.attentionNorm)
    let attended = try runAttention(layer, block.attention, input: normed, steps: steps)
    finish(attended, norm: block.attentionOutputNorm, scale: block.attentionScale)
    try offer(.attentionOutput, attended.base, width: width)
    if block.isParallel {
      normalize(block.mlpNorm)
      Scalar.add(attended.base, into: residual.base, count: count)
    } else {
      Scalar.add(attended.base, into: residual.base, count: count)
      block.middleNorm?.apply(residual.base, pieces: steps.count, into: residual.base)
      try offer(.residualMiddle, residual.base, width: width)
      normalize(block.mlpNorm)
    }
    let output = try runMLP(layer, block.mlp, input: normed, steps: steps)
    finish(output, norm: block.mlpOutputNorm, scale: block.mlpScale)
    try offer(.mlpOutput, output.base, width: width)
    Scalar.add(output.base, into: residual.base, count: count)
    block.finalNorm?.apply(residual.base, pieces: steps.count, into: residual.base)
    try offer(.residualAfter, residual.base, width: width)
  }

  private func runMLP(
    _ layer: Int, _ mlp: MLPLayer, input: Buffer<Scalar>, steps: Range<Int>
  ) throws -> Buffer<Scalar> {
    let hidden = mlp.hiddenSize
    let rows = steps.count
    let before = Buffer<Scalar>(rows * hidden)
    (mlp.gate ?? mlp.up).apply(input.base, rows: rows, into: before.base, threads: plan.threads)
    try offer(.block(layer, .mlpBefore), before.base, width: hidden, steps: steps)
    let raised = mlp.gate == nil ? nil : Buffer<Scalar>(rows * hidden)
    if let raised { mlp.up.apply(input.base, rows: rows, into: raised.base, threads: plan.threads) }
    nonisolated(unsafe) let base = before.base
    nonisolated(unsafe) let factor = raised?.base
    let activation = mlp.activation
    concurrentFor(count: rows, threads: plan.threads) { row in
      Scalar.activate(activation, base + row * hidden, count: hidden)
      if let factor { Scalar.multiply(factor + row * hidden, into: base + row * hidden, count: hidden) }
    }
    try offer(.block(layer, .mlpAfter), before.base, width: hidden, steps: steps)
    let output = Buffer<Scalar>(rows * model.width)
    mlp.down.apply(before.base, rows: rows, into: output.base, threads: plan.threads)
    return output
  }
}
