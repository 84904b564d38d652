internal import ProbeLinearAlgebra

extension AttentionPass {
  /// Runs a run of rows through one block, in place.
  func runBlock(_ layer: Int, residual: Buffer<Scalar>, steps: Range<Int>) throws {
    let block = model.parts.blocks[layer]
    try block.run(
      residual, rows: steps.count, width: model.width, threads: plan.threads,
      attend: { try runAttention(layer, block.attention, input: $0, steps: steps) },
      offer: { try offer(.block(layer, $0), $1, width: $2, steps: steps) })
  }
}
