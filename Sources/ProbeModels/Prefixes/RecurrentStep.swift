internal import ProbeLinearAlgebra

/// One step of a whole stack of recurrent layers for rows that read symbols of a small alphabet.
///
/// Always as many rows are multiplied at once: a product of few rows can differ in its last bit from one of many, and what is
/// said of a word must not depend on the company in which it is run.
struct RecurrentStep<Scalar: CellScalar>: Sendable {
  /// Rows that are advanced at once.
  static var rows: Int { 32 }

  let stateSize: Int
  let outputSize: Int
  let symbolCount: Int
  let kernels: [any CellKernel<Scalar>]
  private let offsets: [Int]
  private let lastHiddenSize: Int
  /// `[symbol, projectionSize]`: the first layer's part of the update that depends on the symbol alone.
  private let projected: [Scalar]
  private let head: AffineLayer<Scalar>?

  /// One step of a model over symbols that are the rows of `symbols`, `[symbol, feature]`.
  ///
  /// - Throws: ``ModelError/batch(model:fault:)`` for bidirectional models and symbols of the wrong size.
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

  /// Advances the states by their symbols, in place.
  func advance(_ work: StepWork<Scalar>) {
    for (index, kernel) in kernels.enumerated() {
      let width = kernel.projectionSize
      if index == 0 {
        projected.withUnsafeBufferPointer { projected in
          guard let source = projected.baseAddress else { return }
          for row in 0..<work.rows {
            (work.inputs + row * width).update(from: source + Int(work.symbols[row]) * width, count: width)
          }
        }
      } else {
        kernel.project(
          work.states + offsets[index - 1], stride: stateSize, rows: work.rows, into: work.inputs)
      }
      kernel.step(
        rows: work.rows, projected: work.inputs, projectedStride: width, state: work.states + offsets[index],
        stateStride: stateSize, gates: nil, scratch: work.scratch)
    }
  }

  /// What the model says in the first `rows` states: `[rows, outputSize]`.
  func read(_ work: StepWork<Scalar>, rows: Int, into outputs: UnsafeMutablePointer<Float>) {
    let last = work.states + offsets[offsets.count - 1]
    guard let head else {
      for row in 0..<rows {
        for unit in 0..<lastHiddenSize {
          outputs[row * outputSize + unit] = Float(last[row * stateSize + unit])
        }
      }
      return
    }
    head.apply(last, stride: stateSize, rows: work.rows, into: work.outputs)
    for index in 0..<rows * outputSize { outputs[index] = Float(work.outputs[index]) }
  }
}

/// The memory in which rows are advanced.
final class StepWork<Scalar: CellScalar> {
  let rows: Int
  /// `[rows, stateSize]`.
  let states: UnsafeMutablePointer<Scalar>
  /// `[rows]`.
  let symbols: UnsafeMutablePointer<Int32>
  let inputs: UnsafeMutablePointer<Scalar>
  let scratch: UnsafeMutablePointer<Scalar>
  let outputs: UnsafeMutablePointer<Scalar>

  init(_ step: RecurrentStep<Scalar>) {
    let rows = RecurrentStep<Scalar>.rows
    func zeros(_ width: Int) -> UnsafeMutablePointer<Scalar> {
      let buffer = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, rows * width))
      buffer.initialize(repeating: 0, count: max(1, rows * width))
      return buffer
    }
    self.rows = rows
    states = zeros(step.stateSize)
    inputs = zeros(step.kernels.reduce(0) { max($0, $1.projectionSize) })
    scratch = zeros(step.kernels.reduce(0) { max($0, $1.scratchSize) })
    outputs = zeros(step.outputSize)
    symbols = .allocate(capacity: rows)
    symbols.initialize(repeating: 0, count: rows)
  }

  deinit {
    states.deallocate()
    symbols.deallocate()
    inputs.deallocate()
    scratch.deallocate()
    outputs.deallocate()
  }
}
