import ProbeLinearAlgebra

/// The one or two directions of a layer, with the state they carry from block to block.
struct LayerPasses<Scalar: CellScalar> {
  private var forward: LayerPass<Scalar>
  private var reverse: LayerPass<Scalar>?

  init(layer: RecurrentModel.Layer, index: Int, batch: TrialBatch, model: RecurrentModel) {
    forward = LayerPass(cell: layer.forward, layer: index, isReverse: false, batch: batch)
    reverse = layer.reverse.map { LayerPass(cell: $0, layer: index, isReverse: true, batch: batch) }
  }

  /// Runs a block of steps and returns what the next layer sees: `[trial, step, outputSize]`.
  mutating func advance(
    _ input: [Scalar], rows: Int, length: Int, wanted: [SitePlace], lengths: [Int],
    kept: inout [SitePlace: [Scalar]]
  ) -> [Scalar] {
    let ahead = forward.advance(
      input, rows: rows, length: length, wanted: wanted, lengths: lengths, kept: &kept)
    guard
      let back = reverse?.advance(
        input, rows: rows, length: length, wanted: wanted, lengths: lengths, kept: &kept)
    else { return ahead }
    let (a, b) = (ahead.count / (rows * length), back.count / (rows * length))
    var joined: [Scalar] = []
    joined.reserveCapacity(ahead.count + back.count)
    for line in 0..<rows * length {
      joined += ahead[line * a..<(line + 1) * a]
      joined += back[line * b..<(line + 1) * b]
    }
    return joined
  }
}

/// One direction of one layer.
private struct LayerPass<Scalar: CellScalar> {
  let kernel: any CellKernel<Scalar>
  let hiddenSize: Int
  let cellSize: Int
  let gates: [Gate]
  let layer: Int
  let isReverse: Bool
  /// `[trial, hidden + cell]`.
  var state: [Scalar]

  init(cell: any RecurrentCell, layer: Int, isReverse: Bool, batch: TrialBatch) {
    kernel = cell.kernel(Scalar.self)
    hiddenSize = cell.hiddenSize
    cellSize = cell.cellSize
    gates = cell.gates
    self.layer = layer
    self.isReverse = isReverse
    state = Array(repeating: 0, count: batch.count * cell.stateSize)
    let prefix = "layers.\(layer)." + (isReverse ? "reverse." : "")
    let parts = [(prefix + "hidden", 0, hiddenSize), (prefix + "cell", hiddenSize, cellSize)]
    for (name, offset, size) in parts {
      guard let given = batch.initialStates[name] else { continue }
      for row in 0..<batch.count {
        for unit in 0..<size {
          state[row * (hiddenSize + cellSize) + offset + unit] = Scalar(given.elements[row * size + unit])
        }
      }
    }
  }

  mutating func advance(
    _ input: [Scalar], rows: Int, length: Int, wanted: [SitePlace], lengths: [Int],
    kept: inout [SitePlace: [Scalar]]
  ) -> [Scalar] {
    let features = input.count / (rows * length)
    let stateSize = hiddenSize + cellSize
    let gateSize = gates.reduce(0) { $0 + $1.size }
    let source =
      isReverse ? reversed(input, width: features, rows: rows, length: length, lengths: lengths) : input
    // One step's projection at a time: it stays in the cache until the step has read it.
    var projected = [Scalar](repeating: 0, count: rows * kernel.projectionSize)
    var hidden = [Scalar](repeating: 0, count: rows * length * hiddenSize)
    let keepsCell = wanted.contains(.cell(layer: layer, reverse: isReverse))
    var cell = [Scalar](repeating: 0, count: keepsCell ? rows * length * cellSize : 0)
    var gateRanges: [(place: SitePlace, offset: Int, size: Int)] = []
    var offset = 0
    for gate in gates {
      let place = SitePlace.gate(layer: layer, reverse: isReverse, offset: offset)
      if wanted.contains(place) { gateRanges.append((place, offset, gate.size)) }
      offset += gate.size
    }
    var gateBlocks = gateRanges.map { [Scalar](repeating: 0, count: rows * length * $0.size) }
    var gateRow = [Scalar](repeating: 0, count: gateRanges.isEmpty ? 0 : rows * gateSize)
    var scratch = [Scalar](repeating: 0, count: rows * kernel.scratchSize)

    let width = kernel.projectionSize
    let kernel = kernel
    let hiddenSize = hiddenSize
    let cellSize = cellSize
    state.withUnsafeMutableBufferPointer { state in
      source.withUnsafeBufferPointer { source in
        hidden.withUnsafeMutableBufferPointer { hidden in
          guard let state = state.baseAddress, let hidden = hidden.baseAddress else { return }
          for step in 0..<length {
            // A model without inputs has no elements to point at.
            kernel.project(
              (source.baseAddress ?? UnsafePointer(state)) + step * features, stride: length * features,
              rows: rows, into: &projected)
            gateRow.withUnsafeMutableBufferPointer { gateRow in
              kernel.step(
                rows: rows, projected: projected, projectedStride: width, state: state,
                stateStride: stateSize, gates: gateRanges.isEmpty ? nil : gateRow.baseAddress,
                scratch: &scratch)
            }
            for row in 0..<rows {
              (hidden + (row * length + step) * hiddenSize).update(
                from: state + row * stateSize, count: hiddenSize)
              if keepsCell {
                for unit in 0..<cellSize {
                  cell[(row * length + step) * cellSize + unit] = state[row * stateSize + hiddenSize + unit]
                }
              }
              for (index, range) in gateRanges.enumerated() {
                for unit in 0..<range.size {
                  gateBlocks[index][(row * length + step) * range.size + unit] =
                    gateRow[row * gateSize + range.offset + unit]
                }
              }
            }
          }
        }
      }
    }
    if isReverse {
      hidden = reversed(hidden, width: hiddenSize, rows: rows, length: length, lengths: lengths)
      if keepsCell { cell = reversed(cell, width: cellSize, rows: rows, length: length, lengths: lengths) }
      for (index, range) in gateRanges.enumerated() {
        gateBlocks[index] = reversed(
          gateBlocks[index], width: range.size, rows: rows, length: length, lengths: lengths)
      }
    }
    if keepsCell { kept[.cell(layer: layer, reverse: isReverse)] = cell }
    for (index, range) in gateRanges.enumerated() { kept[range.place] = gateBlocks[index] }
    if wanted.contains(.hidden(layer: layer, reverse: isReverse)) {
      kept[.hidden(layer: layer, reverse: isReverse)] = hidden
    }
    return hidden
  }

  /// Each trial's valid steps in reverse order; what lies beyond its length stays where it is.
  private func reversed(_ values: [Scalar], width: Int, rows: Int, length: Int, lengths: [Int]) -> [Scalar] {
    var result = values
    for row in 0..<rows {
      let valid = min(length, lengths[row])
      for step in 0..<valid {
        for unit in 0..<width {
          result[(row * length + step) * width + unit] =
            values[(row * length + valid - 1 - step) * width + unit]
        }
      }
    }
    return result
  }
}
