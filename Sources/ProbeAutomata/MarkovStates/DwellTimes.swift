/// How long paths stay in a state before they leave it.
public struct DwellTimes: Sendable, Equatable {
  /// `[state]`: the steps spent in the state, those at the ends of paths included.
  public let steps: [Int]
  /// `[state]`: how often the state was left for another.
  public let exits: [Int]
  /// `[state]`: the lengths of the stays whose begin and end were seen, in order of time.
  public let complete: [[Int]]

  /// Measures stays.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 where the state is not known, which ends a stay unseen.
  ///   - stateCount: the number of states.
  public init(_ paths: [[Int32]], stateCount: Int) {
    var steps = [Int](repeating: 0, count: stateCount)
    var exits = steps
    var complete = [[Int]](repeating: [], count: stateCount)
    for path in paths {
      var start = 0
      for step in path.indices {
        let state = path[step]
        if state >= 0 { steps[Int(state)] += 1 }
        guard step + 1 == path.count || path[step + 1] != state else { continue }
        let isLeft = step + 1 < path.count && path[step + 1] >= 0
        let isEntered = start > 0 && path[start - 1] >= 0
        if state >= 0 && isLeft {
          exits[Int(state)] += 1
          if isEntered { complete[Int(state)].append(step + 1 - start) }
        }
        start = step + 1
      }
    }
    self.steps = steps
    self.exits = exits
    self.complete = complete
  }

  /// `[state]`: the mean stay in steps if states are left with a constant probability: steps over exits.
  ///
  /// The most likely value when the stays at the ends of paths are censored; infinity for a state that was never left, NaN for
  /// one that was never visited.
  public var means: [Double] { zip(steps, exits).map { Double($0) / Double($1) } }

  /// `[state]`: the standard errors of the means: mean times the root of (1 - 1 / mean) / exits, for stays of constant
  /// probability.
  public var standardErrors: [Double] {
    zip(means, exits).map { mean, exits in mean * (max(0, 1 - 1 / mean) / Double(exits)).squareRoot() }
  }
}
