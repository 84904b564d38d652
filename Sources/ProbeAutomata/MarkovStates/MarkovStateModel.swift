public import ComplexModule
public import ProbeLinearAlgebra
public import RealModule

/// A Markov chain on the cells of a partition that describes trajectories from one multiple of a lag to the next.
///
/// Prinz et al., "Markov models of molecular kinetics: generation and validation", J. Chem. Phys. 134 (2011) 174105.
public struct MarkovStateModel: Sendable {
  /// How probabilities are estimated.
  public enum Estimator: String, Sendable {
    /// Counts over the sums of their rows: the most likely chain.
    case plain
    /// The most likely chain with detailed balance. Networks that are driven have none; plain is the default.
    case reversible
  }

  /// The number of steps of a transition.
  public let lag: Int
  /// `[state]`: the cell of each state of the chain: the largest connected set, ascending.
  public let cells: [Int]
  /// `[from, to]`: the transitions counted within the set.
  public let counts: Matrix<Double>
  /// The share of all counted transitions that lies within the set.
  public let keptShare: Double
  /// `[from, to]`: the probabilities; rows add up to 1.
  public let transition: Matrix<Double>
  /// `[state]`: the stationary distribution.
  public let stationary: [Double]
  /// How the probabilities were estimated.
  public let estimator: Estimator

  /// Estimates a chain.
  ///
  /// - Throws: ``AutomataError/noTransitions(lag:)`` where nothing was counted.
  /// - Complexity: O(states³); the reversible estimate takes O(states²) an iteration.
  public init(_ counts: PathCounts, estimator: Estimator = .plain) throws(AutomataError) {
    let cells = counts.largestConnectedSet
    guard !cells.isEmpty else { throw .noTransitions(lag: counts.lag) }
    self.init(counts, cells: cells, estimator: estimator)
  }

  /// Estimates a chain on given cells, which must be connected.
  init(_ counts: PathCounts, cells: [Int], estimator: Estimator) {
    var kept = Matrix<Double>(rows: cells.count, columns: cells.count)
    for (row, from) in cells.enumerated() {
      for (column, to) in cells.enumerated() { kept[row, column] = counts.counts[from, to] }
    }
    lag = counts.lag
    self.cells = cells
    self.counts = kept
    self.estimator = estimator
    keptShare = kept.elements.reduce(0, +) / counts.total
    switch estimator {
    case .plain:
      var rows = kept
      for row in 0..<cells.count {
        let sum = kept.row(row).reduce(0, +)
        for column in 0..<cells.count { rows[row, column] /= sum }
      }
      transition = rows
      stationary = stationaryDistribution(of: rows)
    case .reversible:
      (transition, stationary) = Self.reversible(kept)
    }
  }

  /// The eigenvalues of the transition matrix, by decreasing modulus; the first is 1.
  ///
  /// - Throws: ``LinearAlgebraError`` where the iteration fails.
  public func eigenvalues() throws(LinearAlgebraError) -> [Complex<Double>] {
    try EigenDecomposition(transition, vectors: false).values
  }

  /// -lag / ln |lambda| for every eigenvalue but the first, in steps, longest first; 0 for an eigenvalue of 0, infinity for one of
  /// modulus 1, as a chain that alternates has.
  ///
  /// Prinz et al. (2011), equation 25.
  ///
  /// - Throws: ``LinearAlgebraError`` where the iteration fails.
  public func impliedTimescales() throws(LinearAlgebraError) -> [Double] {
    try eigenvalues().dropFirst().map { value in
      if value.length == 0 { return 0 }
      return value.length >= 1 ? .infinity : -Double(lag) / Double.log(value.length)
    }
  }

  /// How far the chain is from detailed balance: half the sum of |pi_i P_ij - pi_j P_ji|, between 0 and 1.
  public var irreversibility: Double {
    var sum = 0.0
    for i in cells.indices {
      for j in 0..<i {
        sum += abs(stationary[i] * transition[i, j] - stationary[j] * transition[j, i])
      }
    }
    return sum
  }

  /// The probabilities of a whole number of lags.
  public func transition(lags: Int) -> Matrix<Double> {
    precondition(lags >= 0, "\(lags) lags")
    return (0..<lags).reduce(Matrix.identity(cells.count)) { power, _ in power * transition }
  }

  /// The most likely reversible chain: x_ij = (c_ij + c_ji) / (c_i / x_i + c_j / x_j), iterated to rest.
  ///
  /// Bowman et al., J. Chem. Phys. 131 (2009) 124101, equation 22; Prinz et al. (2011), algorithm 1.
  private static func reversible(_ counts: Matrix<Double>) -> (Matrix<Double>, [Double]) {
    let count = counts.rows
    let rowSums = (0..<count).map { counts.row($0).reduce(0, +) }
    let total = rowSums.reduce(0, +)
    var symmetric = Matrix<Double>(rows: count, columns: count)
    for i in 0..<count { for j in 0..<count { symmetric[i, j] = counts[i, j] + counts[j, i] } }
    var weights = (0..<count).map { symmetric.row($0).reduce(0, +) / (2 * total) }
    var joint = symmetric
    for _ in 0..<1_000_000 {
      var sum = 0.0
      for i in 0..<count {
        for j in 0..<count where symmetric[i, j] > 0 {
          joint[i, j] = symmetric[i, j] / (rowSums[i] / weights[i] + rowSums[j] / weights[j])
          sum += joint[i, j]
        }
      }
      let updated = (0..<count).map { joint.row($0).reduce(0, +) / sum }
      var change = 0.0
      for i in 0..<count { change = max(change, abs(updated[i] / weights[i] - 1)) }
      weights = updated
      if change <= 1e-13 { break }
    }
    for i in 0..<count {
      let sum = joint.row(i).reduce(0, +)
      for j in 0..<count { joint[i, j] /= sum }
    }
    return (joint, weights)
  }
}
