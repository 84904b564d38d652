internal import ProbeLinearAlgebra

extension AttentionBlock {
  /// Runs rows through the block, in place.
  ///
  /// - Parameters:
  ///   - residual: `[rows, width]`.
  ///   - rows: the number of rows.
  ///   - width: the model's width.
  ///   - threads: how many may run.
  ///   - attend: turns normalised rows into the output of attention.
  ///   - offer: sees, and may edit, the values of each site: `[rows, width of the site]`.
  /// - Throws: what `attend` and `offer` throw.
  func run<Scalar: AttentionScalar>(
    _ residual: Buffer<Scalar>, rows: Int, width: Int, threads: Int,
    attend: (Buffer<Scalar>) throws -> Buffer<Scalar>,
    offer: (BlockSite, _ values: UnsafeMutablePointer<Scalar>, _ width: Int) throws -> Void
  ) throws {
    let count = rows * width
    try offer(.residualBefore, residual.base, width)
    let normed = Buffer<Scalar>(count)
    func normalize(_ norm: Normalization?) {
      if let norm {
        norm.apply(residual.base, pieces: rows, into: normed.base)
      } else {
        normed.base.update(from: residual.base, count: count)
      }
    }
    func finish(_ output: Buffer<Scalar>, norm: Normalization?, scale: [Float]?) {
      norm?.apply(output.base, pieces: rows, into: output.base)
      guard let scale else { return }
      let factors = scale.map { Scalar($0) }
      for row in 0..<rows { Scalar.multiply(factors, into: output.base + row * width, count: width) }
    }

    normalize(attentionNorm)
    let attended = try attend(normed)
    finish(attended, norm: attentionOutputNorm, scale: attentionScale)
    try offer(.attentionOutput, attended.base, width)
    if isParallel {
      normalize(mlpNorm)
      Scalar.add(attended.base, into: residual.base, count: count)
    } else {
      Scalar.add(attended.base, into: residual.base, count: count)
      middleNorm?.apply(residual.base, pieces: rows, into: residual.base)
      try offer(.residualMiddle, residual.base, width)
      normalize(mlpNorm)
    }
    let output = try mlp.run(normed, rows: rows, width: width, threads: threads, offer: offer)
    finish(output, norm: mlpOutputNorm, scale: mlpScale)
    try offer(.mlpOutput, output.base, width)
    Scalar.add(output.base, into: residual.base, count: count)
    finalNorm?.apply(residual.base, pieces: rows, into: residual.base)
    try offer(.residualAfter, residual.base, width)
  }
}

extension MLPLayer {
  fileprivate func run<Scalar: AttentionScalar>(
    _ input: Buffer<Scalar>, rows: Int, width: Int, threads: Int,
    offer: (BlockSite, _ values: UnsafeMutablePointer<Scalar>, _ width: Int) throws -> Void
  ) throws -> Buffer<Scalar> {
    let hidden = hiddenSize
    let before = Buffer<Scalar>(rows * hidden)
    (gate ?? up).apply(input.base, rows: rows, into: before.base, threads: threads)
    try offer(.mlpBefore, before.base, hidden)
    let raised = gate == nil ? nil : Buffer<Scalar>(rows * hidden)
    if let raised { up.apply(input.base, rows: rows, into: raised.base, threads: threads) }
    nonisolated(unsafe) let base = before.base
    nonisolated(unsafe) let factor = raised?.base
    let activation = activation
    concurrentFor(count: rows, threads: threads) { row in
      Scalar.activate(activation, base + row * hidden, count: hidden)
      if let factor { Scalar.multiply(factor + row * hidden, into: base + row * hidden, count: hidden) }
    }
    try offer(.mlpAfter, before.base, hidden)
    let output = Buffer<Scalar>(rows * width)
    down.apply(before.base, rows: rows, into: output.base, threads: threads)
    return output
  }
}
