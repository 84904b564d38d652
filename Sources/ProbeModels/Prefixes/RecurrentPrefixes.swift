internal import ProbeLinearAlgebra

/// A recurrent model over a tree of prefixes, its whole state kept for each.
struct RecurrentPrefixes<Scalar: CellScalar>: PrefixRunner {
  private let step: RecurrentStep<Scalar>
  private let states: NumberedRows<Scalar>
  private let threads: Int
  /// Rows that are multiplied at once: results do not depend on the number of threads.
  private let blockRows = 256

  init(_ model: RecurrentModel, symbols: Matrix<Double>, threads: Int) throws(ModelError) {
    step = try RecurrentStep(model, symbols: symbols)
    states = NumberedRows(width: step.stateSize)
    self.threads = threads
  }

  var outputSize: Int { step.outputSize }
  var stateSize: Int? { step.stateSize }

  mutating func run(_ prefixes: [Prefix], into outputs: UnsafeMutablePointer<Float>) {
    for prefix in prefixes { states.reserve(Int(prefix.id)) }
    let (step, block, width) = (step, blockRows, outputSize)
    nonisolated(unsafe) let states = states
    nonisolated(unsafe) let outputs = outputs
    concurrentFor(count: (prefixes.count + block - 1) / block, threads: threads) { part in
      let range = part * block..<min(prefixes.count, (part + 1) * block)
      let own = prefixes[range]
      var rows = [Scalar](repeating: 0, count: range.count * step.stateSize)
      rows.withUnsafeMutableBufferPointer { rows in
        guard let rows = rows.baseAddress else { return }
        for (row, prefix) in own.enumerated() where prefix.parent >= 0 {
          (rows + row * step.stateSize).update(from: states.row(Int(prefix.parent)), count: step.stateSize)
        }
        // Nothing was read before the empty prefix: its state is zero.
        if own.first?.parent ?? -1 >= 0 {
          step.advance(rows, symbols: own.map(\.symbol), rows: range.count)
        }
        for (row, prefix) in own.enumerated() {
          states.row(Int(prefix.id)).update(from: rows + row * step.stateSize, count: step.stateSize)
        }
        step.read(rows, rows: range.count, into: outputs + range.lowerBound * width)
      }
    }
  }

  /// A state of doubles would lose bits on its way through the caller.
  var canExpand: Bool { Scalar.self == Float.self }

  func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    outputs: UnsafeMutablePointer<Float>
  ) {
    let (step, symbols) = (step, step.symbolCount)
    // Blocks of whole states, so that each is read once.
    let block = max(1, blockRows / max(1, symbols))
    let order = (0..<block * symbols).map { Int32($0 % symbols) }
    nonisolated(unsafe) let (states, children, outputs) = (states, children, outputs)
    concurrentFor(count: (count + block - 1) / block, threads: threads) { part in
      let range = part * block..<min(count, (part + 1) * block)
      let rows = range.count * symbols
      let work = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, rows * step.stateSize))
      defer { work.deallocate() }
      for row in 0..<rows {
        let source = states + (range.lowerBound + row / symbols) * step.stateSize
        let target = work + row * step.stateSize
        for index in 0..<step.stateSize { target[index] = Scalar(source[index]) }
      }
      step.advance(work, symbols: order, rows: rows)
      if let children {
        let target = children + range.lowerBound * symbols * step.stateSize
        for index in 0..<rows * step.stateSize { target[index] = Float(work[index]) }
      }
      step.read(work, rows: rows, into: outputs + range.lowerBound * symbols * step.outputSize)
    }
  }

  func copyState(of prefix: Int32, into state: UnsafeMutablePointer<Float>) {
    let row = states.row(Int(prefix))
    for index in 0..<step.stateSize { state[index] = Float(row[index]) }
  }
}

/// One step of a whole stack of recurrent layers for rows that read symbols of a small alphabet.
struct RecurrentStep<Scalar: CellScalar>: Sendable {
  let stateSize: Int
  let outputSize: Int
  let symbolCount: Int
  private let kernels: [any CellKernel<Scalar>]
  private let offsets: [Int]
  private let lastHiddenSize: Int
  /// `[symbol, projectionSize]`: the first layer's part of the update that depends on the symbol alone.
  private let projected: [Scalar]
  private let head: AffineLayer<Scalar>?

  /// - Parameter symbols: `[symbol, feature]`.
  init(_ model: RecurrentModel, symbols: Matrix<Double>) throws(ModelError) {
    func fault(_ text: String) -> ModelError { .batch(model: model.identity.name, fault: text) }
    guard !model.isBidirectional else {
      throw fault(
        "a bidirectional model reads the sequence from both ends; a prefix alone has no state in it")
    }
    let features = model.layers[0].forward.inputSize
    guard symbols.columns == features else {
      throw fault("symbols have \(symbols.columns) features each; it reads \(features)")
    }
    kernels = model.layers.map { $0.forward.kernel(Scalar.self) }
    var offsets: [Int] = []
    var total = 0
    for layer in model.layers {
      offsets.append(total)
      total += layer.forward.stateSize
    }
    self.offsets = offsets
    stateSize = total
    symbolCount = symbols.rows
    lastHiddenSize = model.layers[model.layers.count - 1].forward.hiddenSize
    head = model.readout.map { AffineLayer(weight: $0.weight, bias: $0.bias) }
    outputSize = head?.outputs ?? lastHiddenSize
    var projected = [Scalar](repeating: 0, count: symbols.rows * kernels[0].projectionSize)
    // A model without inputs has no elements to point at.
    let inputs = symbols.elements.isEmpty ? [0] : symbols.elements.map { Scalar($0) }
    kernels[0].project(inputs, stride: features, rows: symbols.rows, into: &projected)
    self.projected = projected
  }

  /// Advances `rows` states, `[rows, stateSize]`, in place.
  func advance(_ states: UnsafeMutablePointer<Scalar>, symbols: [Int32], rows: Int) {
    for (index, kernel) in kernels.enumerated() {
      let width = kernel.projectionSize
      var inputs = [Scalar](unsafeUninitializedCapacity: rows * width) { $1 = rows * width }
      if index == 0 {
        inputs.withUnsafeMutableBufferPointer { inputs in
          projected.withUnsafeBufferPointer { projected in
            guard let inputs = inputs.baseAddress, let projected = projected.baseAddress else { return }
            for row in 0..<rows {
              (inputs + row * width).update(from: projected + Int(symbols[row]) * width, count: width)
            }
          }
        }
      } else {
        kernel.project(states + offsets[index - 1], stride: stateSize, rows: rows, into: &inputs)
      }
      var scratch = [Scalar](unsafeUninitializedCapacity: rows * kernel.scratchSize) {
        $1 = rows * kernel.scratchSize
      }
      kernel.step(
        rows: rows, projected: inputs, projectedStride: width, state: states + offsets[index],
        stateStride: stateSize, gates: nil, scratch: &scratch)
    }
  }

  /// What the model says in each of `rows` states: `[rows, outputSize]`.
  func read(_ states: UnsafePointer<Scalar>, rows: Int, into outputs: UnsafeMutablePointer<Float>) {
    let last = states + offsets[offsets.count - 1]
    guard let head else {
      for row in 0..<rows {
        for unit in 0..<lastHiddenSize {
          outputs[row * outputSize + unit] = Float(last[row * stateSize + unit])
        }
      }
      return
    }
    var values = [Scalar](unsafeUninitializedCapacity: rows * outputSize) { $1 = rows * outputSize }
    head.apply(last, stride: stateSize, rows: rows, into: &values)
    for index in 0..<rows * outputSize { outputs[index] = Float(values[index]) }
  }
}
