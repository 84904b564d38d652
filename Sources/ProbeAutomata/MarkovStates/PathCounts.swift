public import ProbeLinearAlgebra

/// How often paths of discrete states led from each state to each other a number of steps later.
///
/// Every step of a path begins a count (sliding counts): the counts of one path are not independent of one another, but all of
/// them estimate the same probabilities.
public struct PathCounts: Sendable, Equatable {
  /// The number of steps between the two ends.
  public let lag: Int
  /// `[from, to]`.
  public let counts: Matrix<Double>

  /// Counts transitions.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 for a step at which the state is not known, from and to which none is counted.
  ///   - stateCount: the number of states.
  ///   - lag: the number of steps between the two ends, at least 1.
  public init(_ paths: [[Int32]], stateCount: Int, lag: Int = 1) {
    precondition(lag > 0, "a lag of \(lag)")
    var counts = Matrix<Double>(rows: stateCount, columns: stateCount)
    for path in paths where path.count > lag {
      for step in 0..<path.count - lag where path[step] >= 0 && path[step + lag] >= 0 {
        counts[Int(path[step]), Int(path[step + lag])] += 1
      }
    }
    self.lag = lag
    self.counts = counts
  }

  /// The number of transitions.
  public var total: Double { counts.elements.reduce(0, +) }

  /// `[from, to]`: the share that each pair has of all transitions; NaN without any.
  public var joint: Matrix<Double> {
    let total = total
    return Matrix(rows: counts.rows, columns: counts.columns, elements: counts.elements.map { $0 / total })
  }

  /// `[from, to]`: the share that each pair has of the transitions from its state; NaN in the rows of states never left.
  public var rowStochastic: Matrix<Double> {
    var shares = counts
    for row in 0..<counts.rows {
      let sum = counts.row(row).reduce(0, +)
      for column in 0..<counts.columns { shares[row, column] /= sum }
    }
    return shares
  }

  /// The largest set of states of which each leads to each other by counted transitions: the one that holds most of them.
  ///
  /// - Returns: the states, ascending; empty where nothing was counted. A state by itself is such a set only where it leads to
  ///   itself.
  /// - Complexity: O(states²).
  public var largestConnectedSet: [Int] {
    var best: (weight: Double, states: [Int]) = (0, [])
    let edges = (0..<counts.rows).map { from in (0..<counts.columns).filter { counts[from, $0] > 0 } }
    for component in stronglyConnectedComponents(edges) {
      var weight = 0.0
      for from in component { for to in component { weight += counts[from, to] } }
      if weight > best.weight { best = (weight, component) }
    }
    return best.states
  }
}

extension RecordedStates {
  /// The cells of each trial's states, first to last.
  ///
  /// - Parameter cells: `[state]`.
  /// - Returns: `[trial]`: its cells.
  public func paths(_ cells: [Int32]) -> [[Int32]] {
    precondition(cells.count == states.rows, "not one cell a state")
    return (0..<trialCount).map { Array(cells[rows(of: $0)]) }
  }
}
