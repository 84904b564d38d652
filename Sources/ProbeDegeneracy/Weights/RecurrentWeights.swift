public import ProbeLinearAlgebra

/// The weights of a recurrent network, as blocks that an exchange of its units acts on.
///
/// With P the exchange and S the signs: a recurrent block W becomes P W P', an incoming block U becomes P U,
/// the readout R becomes R P'; columns that read the state always take the sign, rows only where the unit
/// itself changes its sign with them.
public struct RecurrentWeights: Sendable, Equatable {
  /// One block of weights.
  public struct Block: Sendable, Equatable {
    /// Which sides of a block belong to units.
    public enum Role: String, Sendable {
      /// `[unit, unit]`: from the state into the state or a gate.
      case recurrent
      /// `[unit, input]`: input weights or a bias.
      case incoming
      /// `[output, unit]`: the readout.
      case outgoing
    }

    /// Which sides belong to units.
    public var role: Role
    /// Whether rows change sign with their unit: so for a candidate state, not for a gate.
    public var rowsAreSigned: Bool
    /// The weights.
    public var matrix: Matrix<Double>

    /// A block.
    public init(_ role: Role, _ matrix: Matrix<Double>, rowsAreSigned: Bool = true) {
      (self.role, self.matrix, self.rowsAreSigned) = (role, matrix, rowsAreSigned)
    }
  }

  /// The network's name, for messages.
  public let name: String
  /// The number of units, n.
  public let units: Int
  /// The blocks, in the same order for all networks of one cell.
  public private(set) var blocks: [Block]

  /// Wraps blocks.
  ///
  /// - Throws: ``DegeneracyError`` if a block does not fit `units` or holds an infinity or a NaN.
  public init(name: String, units: Int, blocks: [Block]) throws(DegeneracyError) {
    guard units >= 1 else { throw .tooFew(object: "units of \(name)", needed: 1, found: units) }
    for (index, block) in blocks.enumerated() {
      let matrix = block.matrix
      let fits =
        switch block.role {
        case .recurrent: matrix.rows == units && matrix.columns == units
        case .incoming: matrix.rows == units
        case .outgoing: matrix.columns == units
        }
      let object = "\(block.role.rawValue) block \(index) of \(name)"
      guard fits else {
        let expected =
          switch block.role {
          case .recurrent: "\(units) x \(units)"
          case .incoming: "\(units) rows high"
          case .outgoing: "\(units) columns wide"
          }
        throw .shapeMismatch(object: object, expected: expected, found: "\(matrix.rows) x \(matrix.columns)")
      }
      if let place = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: object, row: place / matrix.columns, column: place % matrix.columns)
      }
    }
    (self.name, self.units, self.blocks) = (name, units, blocks)
  }

  /// The weights of a cell of one or more gates.
  ///
  /// - Parameters:
  ///   - name: how messages call the network.
  ///   - recurrent: `[n, n]` a gate.
  ///   - input: `[n, inputs]` a gate, or none.
  ///   - biases: vectors of n numbers and the gate that each belongs to.
  ///   - readout: `[outputs, n]`, or none.
  ///   - candidate: the gate whose rows change sign with their unit: 0 of a simple cell, 2 of PyTorch's GRU (reset, update, new)
  ///     and LSTM (input, forget, cell, output).
  /// - Throws: ``DegeneracyError`` if a block does not fit or holds an infinity or a NaN.
  public init(
    name: String, recurrent: [Matrix<Double>], input: [Matrix<Double>] = [],
    biases: [(gate: Int, values: [Double])] = [], readout: Matrix<Double>? = nil, candidate: Int = 0
  ) throws(DegeneracyError) {
    guard let units = recurrent.first?.rows else {
      throw .tooFew(object: "recurrent matrices of \(name)", needed: 1, found: 0)
    }
    var blocks = recurrent.enumerated().map { Block(.recurrent, $1, rowsAreSigned: $0 == candidate) }
    blocks += input.enumerated().map { Block(.incoming, $1, rowsAreSigned: $0 == candidate) }
    blocks += biases.map {
      Block(
        .incoming, Matrix(rows: $0.values.count, columns: 1, elements: $0.values),
        rowsAreSigned: $0.gate == candidate)
    }
    if let readout { blocks.append(Block(.outgoing, readout)) }
    try self.init(name: name, units: units, blocks: blocks)
  }

  /// The recurrent blocks alone.
  public var recurrentAlone: RecurrentWeights {
    var copy = self
    copy.blocks.removeAll { $0.role != .recurrent }
    return copy
  }

  /// The norm of all weights together.
  public var norm: Double { euclideanNorm(blocks.lazy.map { $0.matrix.frobeniusNorm }) }

  /// The same network with its units in another order and with other signs.
  ///
  /// - Parameters:
  ///   - order: unit i of the result is unit `order[i]` of this network.
  ///   - signs: +1 or -1 for each unit of the result.
  /// - Returns: a network that computes the same, if the cell has that symmetry.
  public func exchanged(order: [Int], signs: [Double]) -> RecurrentWeights {
    precondition(order.sorted() == Array(0..<units) && signs.count == units, "an order of all units")
    var copy = self
    for (index, block) in blocks.enumerated() {
      var matrix = block.matrix
      for row in 0..<matrix.rows {
        let from = block.role == .outgoing ? row : order[row]
        let rowSign = block.role != .outgoing && block.rowsAreSigned ? signs[row] : 1
        for column in 0..<matrix.columns {
          let value = block.matrix[from, block.role == .incoming ? column : order[column]]
          matrix[row, column] = value * rowSign * (block.role == .incoming ? 1 : signs[column])
        }
      }
      copy.blocks[index].matrix = matrix
    }
    return copy
  }

  /// The network with each unit scaled so that its incoming and outgoing weights, itself left out, have the same norm.
  ///
  /// Of all positive rescalings x_i -> s_i x_i, which leave a ReLU network's function unchanged, this one has
  /// the smallest sum of squares; the sum is convex in log s, and one unit at a time is solved exactly (as
  /// balancing does it: Osborne 1960, doi:10.1145/321043.321048). A unit without incoming or without outgoing
  /// weights keeps its scale.
  ///
  /// - Returns: the balanced network; all its rescalings give the same one up to rounding.
  public func balanced() -> RecurrentWeights {
    var copy = self
    for _ in 0..<1000 {
      var largest = 0.0
      for unit in 0..<units {
        var (incoming, outgoing) = (0.0, 0.0)
        for block in copy.blocks {
          let matrix = block.matrix
          if block.role != .outgoing {
            for column in 0..<matrix.columns where block.role == .incoming || column != unit {
              incoming += matrix[unit, column] * matrix[unit, column]
            }
          }
          if block.role != .incoming {
            for row in 0..<matrix.rows where block.role == .outgoing || row != unit {
              outgoing += matrix[row, unit] * matrix[row, unit]
            }
          }
        }
        guard incoming > 0 && outgoing > 0 else { continue }
        let scale = (outgoing / incoming).squareRoot().squareRoot()
        largest = max(largest, abs(scale - 1))
        copy.scale(unit, by: scale)
      }
      if largest <= 4 * Double.ulpOfOne { break }
    }
    return copy
  }

  private mutating func scale(_ unit: Int, by scale: Double) {
    for index in blocks.indices {
      if blocks[index].role != .outgoing {
        for column in 0..<blocks[index].matrix.columns { blocks[index].matrix[unit, column] *= scale }
      }
      if blocks[index].role != .incoming {
        for row in 0..<blocks[index].matrix.rows { blocks[index].matrix[row, unit] /= scale }
      }
    }
  }
}
