public import ProbeLinearAlgebra

/// The distance from a point to the nearest recorded state, in units of the states' spread.
///
/// - Parameters:
///   - points: fixed points.
///   - states: recorded states, `[count, dimension]`.
///   - spread: the states' root-mean-square distance from their mean.
/// - Returns: one distance a point; infinity where there is no state.
/// - Complexity: O(points count dimension).
public func visitDistances(of points: [[Double]], to states: Matrix<Double>, spread: Double) -> [Double] {
  points.map { point in
    var nearest = Double.infinity
    for row in 0..<states.rows {
      var sum = 0.0
      var column = 0
      while column < point.count && sum < nearest {
        let difference = states[row, column] - point[column]
        sum += difference * difference
        column += 1
      }
      nearest = min(nearest, sum)
    }
    return nearest.squareRoot() / spread
  }
}
