public import ProbeLinearAlgebra

/// The stationary distribution of an irreducible chain, by the algorithm of Grassmann, Taksar and Heyman.
///
/// States are eliminated one after another without a subtraction, so that every probability keeps its leading digits however
/// weakly parts of the chain are coupled (Grassmann, Taksar and Heyman, Operations Research 33 (1985) 1107).
///
/// - Parameter transition: `[from, to]`, rows that add up to 1, every state reachable from every other. Only elements off the
///   diagonal are read.
/// - Returns: `[state]`, adding up to 1.
/// - Complexity: O(states³).
public func stationaryDistribution(of transition: Matrix<Double>) -> [Double] {
  precondition(transition.rows == transition.columns, "a chain has a square matrix")
  let count = transition.rows
  guard count > 0 else { return [] }
  var p = transition.elements
  for last in stride(from: count - 1, to: 0, by: -1) {
    var leaving = 0.0
    for to in 0..<last { leaving += p[last * count + to] }
    for from in 0..<last {
      p[from * count + last] /= leaving
      let share = p[from * count + last]
      if share > 0 { for to in 0..<last { p[from * count + to] += share * p[last * count + to] } }
    }
  }
  var weights = [Double](repeating: 1, count: count)
  var total = 1.0
  for state in 1..<max(1, count) {
    weights[state] = (0..<state).reduce(0) { $0 + weights[$1] * p[$1 * count + state] }
    total += weights[state]
  }
  return weights.map { $0 / total }
}
