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
  /// Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972) 146.
  ///
  /// - Returns: the states, ascending; empty where nothing was counted. A state by itself is such a set only where it leads to
  ///   itself.
  /// - Complexity: O(states²).
  public var largestConnectedSet: [Int] {
    var best: (weight: Double, states: [Int]) = (0, [])
    for component in stronglyConnectedComponents {
      var weight = 0.0
      for from in component { for to in component { weight += counts[from, to] } }
      if weight > best.weight { best = (weight, component.sorted()) }
    }
    return best.states
  }

  private var stronglyConnectedComponents: [[Int]] {
    let count = counts.rows
    var order = [Int](repeating: -1, count: count)
    var lowest = order
    var isOpen = [Bool](repeating: false, count: count)
    var open: [Int] = []
    var components: [[Int]] = []
    var next = 0
    for root in 0..<count where order[root] < 0 {
      // Frames instead of calls, as paths through many states are deep.
      var frames: [(state: Int, column: Int)] = [(root, 0)]
      while let (state, column) = frames.last {
        if column == 0 && order[state] < 0 {
          order[state] = next
          lowest[state] = next
          next += 1
          open.append(state)
          isOpen[state] = true
        }
        var place = column
        while place < count, counts[state, place] == 0 || order[place] >= 0 {
          if counts[state, place] > 0 && isOpen[place] { lowest[state] = min(lowest[state], order[place]) }
          place += 1
        }
        frames[frames.count - 1].column = place
        if place < count {
          frames.append((place, 0))
          continue
        }
        frames.removeLast()
        if let parent = frames.last?.state { lowest[parent] = min(lowest[parent], lowest[state]) }
        if lowest[state] == order[state] {
          var component: [Int] = []
          while let member = open.popLast() {
            isOpen[member] = false
            component.append(member)
            if member == state { break }
          }
          components.append(component)
        }
      }
    }
    return components
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
