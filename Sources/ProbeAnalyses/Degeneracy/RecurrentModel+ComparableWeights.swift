import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// A network's weights as blocks, or why they cannot be compared.
enum ComparableWeights: Sendable {
  /// The blocks with the cell's symmetry.
  case blocks(RecurrentWeights, CellSymmetry)
  /// Why there are none.
  case none(String)

  /// The blocks of a model of one layer of a cell whose symmetry is known.
  ///
  /// - Throws: `DegeneracyError` where a weight is not finite.
  init(_ model: RecurrentModel, name: String) throws(DegeneracyError) {
    guard model.layers.count == 1, !model.isBidirectional else {
      self = .none("weights of \(model.layers.count) layers or two directions are not aligned")
      return
    }
    let readout = model.readout?.weight
    switch model.layers[0].forward {
    case let cell as ElmanCell:
      self = .blocks(
        try RecurrentWeights(
          name: name, recurrent: [cell.recurrentWeight], input: [cell.inputWeight],
          biases: cell.bias.map { [(0, $0)] } ?? [], readout: readout),
        cell.nonlinearity == .tanh ? .signedPermutations : .scaledPermutations)
    case let cell as LeakyRateCell:
      self = .blocks(
        try RecurrentWeights(
          name: name, recurrent: [cell.recurrentWeight], input: [cell.inputWeight],
          biases: cell.bias.map { [(0, $0)] } ?? [], readout: readout),
        cell.nonlinearity == .tanh ? .signedPermutations : .scaledPermutations)
    case let cell as GRUCell:
      self = .blocks(
        try RecurrentWeights(
          name: name, recurrent: cell.recurrentWeight.gates(3), input: cell.inputWeight.gates(3),
          biases: cell.inputBias.gates(3) + cell.recurrentBias.gates(3), readout: readout, candidate: 2),
        .signedPermutations)
    case let cell as LSTMCell where cell.projection == nil:
      self = .blocks(
        try RecurrentWeights(
          name: name, recurrent: cell.recurrentWeight.gates(4), input: cell.inputWeight.gates(4),
          biases: cell.bias.gates(4), readout: readout, candidate: 2), .signedPermutations)
    default: self = .none("the symmetries of the cell \(model.identity.family) are not known here")
    }
  }
}

extension Matrix where Scalar == Double {
  /// The rows of each gate.
  fileprivate func gates(_ count: Int) -> [Matrix<Double>] {
    let size = elements.count / count
    return (0..<count).map {
      Matrix(
        rows: rows / count, columns: columns, elements: Array(elements[$0 * size..<($0 + 1) * size]))
    }
  }
}

extension [Double] {
  /// The numbers of each gate.
  fileprivate func gates(_ parts: Int) -> [(gate: Int, values: [Double])] {
    let size = count / parts
    return (0..<parts).map { ($0, Array(self[$0 * size..<($0 + 1) * size])) }
  }
}
