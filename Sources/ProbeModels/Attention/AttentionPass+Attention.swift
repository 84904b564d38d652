internal import ProbeLinearAlgebra

extension AttentionPass {
  /// Queries, keys and values of a run of rows; attention over all keys so far; the output projection.
  func runAttention(
    _ layer: Int, _ attention: AttentionLayer, input: Buffer<Scalar>, steps: Range<Int>
  ) throws -> Buffer<Scalar> {
    let rows = steps.count
    let size = attention.headSize
    let queryWidth = attention.heads * size
    let keyWidth = attention.keyValueHeads * size
    let (queries, keys, values) = attention.project(input, rows: rows, threads: plan.threads)
    if let rotary = attention.rotary,
      let table = rotaryTables.first(where: { $0.rotary == rotary })?.table
    {
      for row in 0..<rows {
        table.rotate(
          queries.base + row * queryWidth, row: row, heads: attention.heads, headSize: size)
        table.rotate(
          keys.base + row * keyWidth, row: row, heads: attention.keyValueHeads, headSize: size)
      }
    }
    try offer(.block(layer, .query), queries.base, width: queryWidth, steps: steps)
    try offer(.block(layer, .key), keys.base, width: keyWidth, steps: steps)
    try offer(.block(layer, .value), values.base, width: keyWidth, steps: steps)
    let cache = caches[layer]
    cache.store(keys: keys.base, values: values.base, rows: rows, start: steps.lowerBound)

    let heads = Buffer<Scalar>(rows * queryWidth)
    let wanted = plan.summaries(layer: layer)
    let buffers = wanted.map { _ in Buffer<Scalar>(rows * attention.heads) }
    try history.tokens.withUnsafeBufferPointer { tokens in
      try history.previous.withUnsafeBufferPointer { previous in
        let kernel = AttentionKernel(
          layer: attention, queries: queries.base, keys: cache.keys, values: cache.values,
          capacity: cache.capacity, start: steps.lowerBound, keyCount: steps.upperBound,
          output: heads.base, summaries: zip(wanted, buffers).map { ($0.summary, $1.base) },
          tokens: tokens, previous: previous)
        if plan.active(.block(layer, .pattern)) != nil || plan.active(.block(layer, .scores)) != nil {
          try attendInTheOpen(layer, kernel, rows: rows)
        } else {
          attend(kernel, rows: rows)
        }
      }
    }
    for (summary, buffer) in zip(wanted, buffers) {
      try offer(
        .block(layer, .summary(summary.summary)), buffer.base, width: attention.heads, steps: steps)
    }
    try offer(.block(layer, .heads), heads.base, width: queryWidth, steps: steps)
    let output = Buffer<Scalar>(rows * model.width)
    attention.output.apply(heads.base, rows: rows, into: output.base, threads: plan.threads)
    return output
  }

  /// Rows that one thread attends for at once: a few megabytes of weights at most.
  private func pieceRows(_ keyCount: Int) -> Int { max(16, min(128, (1 << 20) / max(1, keyCount))) }

  /// Weights exist for one head and a few rows at a time.
  private func attend(_ kernel: AttentionKernel<Scalar>, rows: Int) {
    let piece = pieceRows(kernel.keyCount)
    let pieces = (rows + piece - 1) / piece
    let heads = kernel.layer.heads
    concurrentFor(count: pieces * heads, threads: plan.threads) { index in
      let (part, head) = index.quotientAndRemainder(dividingBy: heads)
      let range = part * piece..<min(rows, (part + 1) * piece)
      let stride = kernel.visible(range).count
      let weights = UnsafeMutablePointer<Scalar>.allocate(capacity: range.count * stride)
      defer { weights.deallocate() }
      kernel.score(range, head: head, into: weights, stride: stride)
      kernel.normalize(range, head: head, weights, stride: stride, isFinal: true)
      kernel.combine(range, head: head, weights, stride: stride)
    }
  }

  /// Scores and weights of all heads exist for a few rows at a time, and are offered.
  private func attendInTheOpen(_ layer: Int, _ kernel: AttentionKernel<Scalar>, rows: Int) throws {
    let heads = kernel.layer.heads
    let extent = model.keyExtent
    let width = heads * extent
    // Whole runs of the recorder, so that they need not be gathered.
    let runs = max(1, min(64, (4 << 20) / max(1, width)) / plan.timeBlock)
    let piece = min(rows, max(1, min(runs * plan.timeBlock, 64)))
    let weights = Buffer<Scalar>(piece * width)
    nonisolated(unsafe) let base = weights.base
    let scoresActive = plan.active(.block(layer, .scores)) != nil
    let isEdited = plan.active(.block(layer, .pattern)).map { !plan.edits[$0].isEmpty } ?? false
    for first in stride(from: 0, to: rows, by: piece) {
      let range = first..<min(rows, first + piece)
      let steps = kernel.start + range.lowerBound..<kernel.start + range.upperBound
      let keyRange = kernel.visible(range)
      concurrentFor(count: heads, threads: plan.threads) { head in
        let target = base + head * extent
        for row in 0..<range.count {
          (target + row * width).update(repeating: scoresActive ? -Scalar.infinity : 0, count: extent)
        }
        kernel.score(range, head: head, into: target + keyRange.lowerBound, stride: width)
        guard scoresActive else { return }
        for row in range {
          let own = kernel.visible(row)
          let line = target + (row - first) * width
          for key in keyRange where !own.contains(key) { line[key] = -Scalar.infinity }
        }
      }
      if scoresActive {
        try offer(.block(layer, .scores), weights.base, width: width, steps: steps)
      }
      concurrentFor(count: heads, threads: plan.threads) { head in
        let target = base + head * extent
        if scoresActive {
          for row in 0..<range.count {
            (target + row * width).update(repeating: 0, count: keyRange.lowerBound)
            (target + row * width + keyRange.upperBound).update(
              repeating: 0, count: extent - keyRange.upperBound)
          }
        }
        kernel.normalize(
          range, head: head, target + keyRange.lowerBound, stride: width, isFinal: !isEdited)
      }
      if plan.active(.block(layer, .pattern)) != nil {
        try offer(.block(layer, .pattern), weights.base, width: width, steps: steps)
      }
      concurrentFor(count: heads, threads: plan.threads) { head in
        let target = base + head * extent
        if isEdited {
          for row in range {
            let own = kernel.visible(row)
            kernel.summarize(
              row, head: head, target + (row - first) * width + own.lowerBound, own, entropy: nil)
          }
        }
        kernel.combine(range, head: head, target + keyRange.lowerBound, stride: width)
      }
    }
  }
}
