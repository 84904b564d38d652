internal import RealModule

/// Whether the state before last says anything about the next state that the last one does not: the test of a first-order
/// chain against a second-order one.
///
/// The likelihood ratio 2 sum n_abc ln(n_abc n_b / (n_ab n_bc)) is, for a first-order chain, distributed as chi-square with
/// sum over b of (a's seen - 1)(c's seen - 1) degrees of freedom when counts are large (Anderson and Goodman, "Statistical
/// inference about Markov chains", Ann. Math. Statist. 28 (1957) 89, section 4).
public struct OrderTest: Sendable, Equatable {
  /// The likelihood ratio.
  public let statistic: Double
  /// The degrees of freedom.
  public let degreesOfFreedom: Int
  /// The probability of as large a ratio for a first-order chain; 1 where nothing is free.
  public let pValue: Double
  /// The number of triples of states that were counted.
  public let triples: Int

  /// Tests paths of discrete states.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 where the state is not known.
  ///   - stateCount: the number of states.
  ///   - lag: the number of steps between states; every lag-th state is taken, so that triples overlap by states alone.
  /// - Complexity: O(steps + states³) time and memory.
  public init(_ paths: [[Int32]], stateCount: Int, lag: Int = 1) {
    precondition(lag > 0, "a lag of \(lag)")
    var counts = [Double](repeating: 0, count: stateCount * stateCount * stateCount)
    var triples = 0
    for path in paths {
      for step in stride(from: 0, to: path.count - 2 * lag, by: lag) {
        let (a, b, c) = (path[step], path[step + lag], path[step + 2 * lag])
        guard a >= 0 && b >= 0 && c >= 0 else { continue }
        // The middle state is the slowest index: one table of predecessors and successors for each.
        counts[(Int(b) * stateCount + Int(a)) * stateCount + Int(c)] += 1
        triples += 1
      }
    }
    var statistic = 0.0
    var freedom = 0
    for b in 0..<stateCount {
      let table = counts[b * stateCount * stateCount..<(b + 1) * stateCount * stateCount]
      var before = [Double](repeating: 0, count: stateCount)
      var after = before
      for (place, count) in table.enumerated() {
        before[place / stateCount] += count
        after[place % stateCount] += count
      }
      let all = before.reduce(0, +)
      guard all > 0 else { continue }
      freedom += (before.count { $0 > 0 } - 1) * (after.count { $0 > 0 } - 1)
      for (place, count) in table.enumerated() where count > 0 {
        let expected = before[place / stateCount] * after[place % stateCount] / all
        statistic += 2 * count * Double.log(count / expected)
      }
    }
    self.statistic = max(0, statistic)
    degreesOfFreedom = freedom
    pValue = freedom == 0 ? 1 : chiSquareSurvival(self.statistic, degreesOfFreedom: freedom)
    self.triples = triples
  }
}
