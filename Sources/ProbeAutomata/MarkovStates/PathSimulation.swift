internal import ProbeLinearAlgebra

/// Paths of a Markov chain that are recorded as given ones are: as many, as long, beginning in the same states, with the same
/// gaps.
///
/// What a statistic is in them is what it would be if the chain were the whole truth: the parametric bootstrap (Efron and
/// Tibshirani, "An Introduction to the Bootstrap", 1993, section 6.5), which needs no large counts.
struct PathSimulation: Sendable {
  private let paths: [[Int32]]
  private let stateCount: Int
  /// `[from, to]`: the probabilities of the states up to and with each.
  private let cumulative: [Double]

  /// Takes the pattern of paths and the probabilities, `[from, to]`; a row of zeros ends a path.
  init(_ paths: [[Int32]], weights: Matrix<Double>) {
    self.paths = paths
    stateCount = weights.rows
    var sums = weights.elements
    for from in 0..<weights.rows {
      var total = 0.0
      for to in 0..<weights.columns {
        total += weights[from, to]
        sums[from * weights.columns + to] = total
      }
    }
    cumulative = sums
  }

  /// Draws as many paths as were given.
  func draw(seed: UInt64, replicate: Int) -> [[Int32]] {
    var random = RandomGenerator(seed: seed, stream: UInt64(replicate))
    return paths.map { path in
      var state: Int32 = -1
      var isEnded = false
      return path.map { recorded in
        if recorded < 0 {
          state = -1
          isEnded = false
        } else if state < 0 {
          state = isEnded ? -1 : recorded
        } else {
          state = next(after: Int(state), &random)
          isEnded = state < 0
        }
        return state
      }
    }
  }

  /// The state after another; -1 where none was ever seen.
  private func next(after state: Int, _ random: inout RandomGenerator) -> Int32 {
    let row = state * stateCount
    let total = cumulative[row + stateCount - 1]
    guard total > 0 else { return -1 }
    let value = random.uniform() * total
    // The first state whose sum exceeds the value has a share of its own.
    var (low, high) = (0, stateCount - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[row + middle] > value { high = middle } else { low = middle + 1 }
    }
    // Rounding may carry the value to the very end of the sums, behind the last state with a share.
    while low > 0 && cumulative[row + low] == cumulative[row + low - 1] { low -= 1 }
    return Int32(low)
  }

  /// Every lag-th state of paths, from their first.
  static func strided(_ paths: [[Int32]], by lag: Int) -> [[Int32]] {
    lag == 1
      ? paths : paths.map { path in stride(from: 0, to: path.count, by: lag).map { path[$0] } }
  }

  /// The share of simulated values, the recorded one among them, that are as large as the recorded one.
  static func pValue(_ value: Double, among simulated: [Double]) -> Double {
    // Sums in another order differ in their last bits; a tie is as large.
    let bar = value - 1e-9 * abs(value) - 1e-12
    return Double(1 + simulated.count { $0 >= bar }) / Double(1 + simulated.count)
  }
}
