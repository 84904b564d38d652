public import ProbeLinearAlgebra

/// The derivatives of a recurrent model's answers by all its weights and biases, exact up to rounding.
///
/// The rows' Gram matrix is the model's neural tangent kernel at the chosen steps (Jacot et al. 2018, arXiv:1806.07572).
/// Parameters are the weights and biases in which a cell's equations are written: where a cell adds up two biases (Elman, LSTM)
/// their sum is one parameter, where it keeps them apart (GRU) both are. A leak is held fixed.
public struct ParameterJacobian: Sendable {
  /// The weights of one linear map, and its bias.
  public struct Block: Sendable, Equatable {
    /// Where in the model.
    public enum Place: Sendable, Equatable {
      /// The table of token vectors.
      case embedding
      /// A recurrent layer.
      case layer(Int)
      /// What turns states into answers.
      case readout
    }
    /// Where in the model.
    public let place: Place
    /// Rows of the weight.
    public let rows: Int
    /// Columns of the weight.
    public let columns: Int
    /// Whether `rows` biases follow the weight.
    public let hasBias: Bool
    /// The first of its columns in the Jacobian: the weight by rows, then the bias.
    public let offset: Int
  }

  /// `[outputs of all steps, parameters]`: steps in the order of their trials, the outputs of a step together.
  public let matrix: Matrix<Double>
  /// The linear maps in the order of their columns: of a layer in the order in which its equations apply them.
  public let blocks: [Block]

  /// The most numbers that a Jacobian holds: 256 MiB.
  public static let limit = 1 << 25

  /// Differentiates by backpropagation through time.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - batch: the trials.
  ///   - steps: the steps of each trial whose answers are differentiated, at least one in all.
  /// - Throws: ``ModelError/derivative(model:fault:)`` where the model has no readout, reads backwards, or has a cell with other
  ///   parameters; ``ModelError/batch(model:fault:)`` where the batch does not fit.
  /// - Complexity: O(rows · steps · parameters) time, O(rows · parameters) memory.
  public init(
    _ model: RecurrentModel, batch: TrialBatch, steps: [[Int]]
  ) throws(ModelError) {
    precondition(
      steps.count == batch.count && steps.contains { !$0.isEmpty }, "a list of steps for each trial")
    try model.check(batch)
    let readout = try Self.differentiableReadout(of: model)
    let rows = steps.reduce(0) { $0 + $1.count } * readout.weight.rows
    let tape = DerivativeTape()
    var elements: [Double] = []
    var row = 0
    for trial in steps.indices where !steps[trial].isEmpty {
      tape.rewind()
      let answers = model.answers(batch, trial: trial, steps: steps[trial], readout: readout, on: tape)
      if elements.isEmpty {
        // The first trial has met every map.
        let (size, overflows) = rows.multipliedReportingOverflow(by: tape.parameters)
        guard !overflows && size <= Self.limit else {
          throw .derivative(
            model: model.identity.name,
            fault: "\(rows) answers by \(tape.parameters) parameters are more than \(Self.limit) numbers; "
              + "differentiate fewer answers")
        }
        elements = Array(repeating: 0, count: size)
      }
      elements.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        tape.differentiate(answers, into: base + row * tape.parameters)
      }
      row += answers.count * readout.weight.rows
    }
    matrix = Matrix(rows: rows, columns: tape.parameters, elements: elements)
    let last = model.layers.count + 1
    blocks = tape.maps.map {
      Block(
        place: $0.scope == 0 ? .embedding : ($0.scope == last ? .readout : .layer($0.scope - 1)),
        rows: $0.weight.rows, columns: $0.weight.columns, hasBias: $0.hasBias, offset: $0.offset)
    }
  }

  private static func differentiableReadout(
    of model: RecurrentModel
  ) throws(ModelError) -> RecurrentModel.Readout {
    func fault(_ text: String) -> ModelError { .derivative(model: model.identity.name, fault: text) }
    guard let readout = model.readout else {
      throw fault("it has no readout, and answers are differentiated")
    }
    if model.isBidirectional { throw fault("it reads the sequence from both ends") }
    if let other = model.layers.first(where: { !$0.forward.hasLinearParametersAlone }) {
      throw fault(
        "derivatives by the parameters of the cell \(other.forward.family) are not known; Elman, leaky-rate, GRU and "
          + "LSTM cells have them")
    }
    return readout
  }
}

extension RecurrentModel {
  /// Runs one trial on a tape up to the last of some steps.
  ///
  /// - Returns: the readouts at the steps, in the order in which the steps are given.
  fileprivate func answers(
    _ batch: TrialBatch, trial: Int, steps: [Int], readout: Readout, on tape: DerivativeTape
  ) -> [DerivativeTape.Vector] {
    precondition(steps.allSatisfy { (0..<batch.lengths[trial]).contains($0) }, "steps of the trial")
    let wanted = Set(steps)
    var states = layers.indices.map { index -> [DerivativeTape.Vector] in
      let cell = layers[index].forward
      let sizes = [("hidden", cell.hiddenSize)] + (cell.cellSize > 0 ? [("cell", cell.cellSize)] : [])
      return sizes.map { name, size in
        let initial = batch.initialStates["layers.\(index).\(name)"]?.elements
        return tape.constant(
          initial.map { Array($0[trial * size..<(trial + 1) * size]) } ?? Array(repeating: 0, count: size))
      }
    }
    var answers: [Int: DerivativeTape.Vector] = [:]
    for step in 0...(steps.max() ?? 0) {
      var flow = input(batch, trial: trial, step: step, on: tape)
      for index in layers.indices {
        tape.enter(scope: index + 1)
        states[index] = layers[index].forward.equations(tape, state: states[index], input: flow)
        flow = states[index][0]
      }
      if wanted.contains(step) {
        tape.enter(scope: layers.count + 1)
        answers[step] = tape.linear(readout.weight, flow, bias: readout.bias)
      }
    }
    return steps.compactMap { answers[$0] }
  }

  private func input(
    _ batch: TrialBatch, trial: Int, step: Int, on tape: DerivativeTape
  ) -> DerivativeTape.Vector {
    switch batch.inputs {
    case .values(let values):
      let (time, features) = (values.shape[1], values.shape[2])
      let start = (trial * time + step) * features
      return tape.constant(Array(values.elements[start..<start + features]))
    case .tokens(let tokens):
      tape.enter(scope: 0)
      guard let embedding else { preconditionFailure("a model that reads tokens has an embedding") }
      return tape.lookup(embedding, row: tokens.elements[trial * tokens.shape[1] + step])
    }
  }
}
