public import ProbeLinearAlgebra

/// The part of state space that each state of a machine, or each cell of a partition, covers.
public struct StateRegions: Sendable, Equatable {
  /// `[state]`: how many recorded states lay there.
  public let visits: [Int]
  /// `[state]`: their mean; nil where there is none.
  public let centroids: [[Double]?]
  /// `[state]`: the root of their mean squared Euclidean distance from the mean; NaN where there is none.
  public let spreads: [Double]
  /// `[row]`: the state that each recorded state belongs to; -1 for none.
  public let states: [Int32]

  /// The regions of groups of states.
  ///
  /// - Parameters:
  ///   - states: `[row, unit]`.
  ///   - groups: `[row]`, -1 for a state that belongs to none.
  ///   - count: the number of groups.
  /// - Complexity: O(rows units).
  public init(_ states: Matrix<Double>, groups: [Int32], count: Int) {
    precondition(groups.count == states.rows, "not one group a state")
    let units = states.columns
    var visits = [Int](repeating: 0, count: count)
    var means = [Double](repeating: 0, count: count * units)
    for (row, group) in groups.enumerated() where group >= 0 {
      visits[Int(group)] += 1
      for unit in 0..<units { means[Int(group) * units + unit] += states[row, unit] }
    }
    for place in means.indices { means[place] /= Double(visits[place / units]) }
    var squares = [Double](repeating: 0, count: count)
    for (row, group) in groups.enumerated() where group >= 0 {
      let first = Int(group) * units
      squares[Int(group)] += squaredDistance(states.row(row), means[first..<first + units])
    }
    self.visits = visits
    centroids = (0..<count).map { visits[$0] == 0 ? nil : Array(means[$0 * units..<($0 + 1) * units]) }
    spreads = (0..<count).map { (squares[$0] / Double(visits[$0])).squareRoot() }
    self.states = groups
  }

  /// The regions of the states of any machine: where the system is whenever the machine, reading the same word, is in a state.
  public init(of machine: MooreMachine, in recorded: RecordedStates) {
    self.init(recorded.states, groups: machine.states(along: recorded), count: machine.stateCount)
  }
}

extension MooreMachine {
  /// The state in which the machine is at each recorded state.
  ///
  /// - Precondition: the alphabet is that of the record.
  func states(along recorded: RecordedStates) -> [Int32] {
    precondition(alphabet == recorded.alphabet, "a record of another alphabet")
    var state = transitions.start
    return recorded.symbols.map { symbol in
      state = symbol < 0 ? transitions.start : transitions[state, Int(symbol)]
      return Int32(state)
    }
  }
}

/// Rows as a matrix.
///
/// - Precondition: all have one length.
func rowsAsMatrix(_ rows: [[Double]]) -> Matrix<Double> {
  Matrix(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
}
