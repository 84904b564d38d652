internal import ProbeLinearAlgebra

/// Whether a chain of states runs one way round: its net probability currents against those that finite counts of a reversible
/// chain show by chance.
///
/// The reversible chain is that of the counts in both directions, (C + C') / 2, which has detailed balance.
public struct ReversibilityTest: Sendable, Equatable {
  /// Half the sum of |pi_i P_ij - pi_j P_ji| between states one lag apart, as ``MarkovStateModel/irreversibility``.
  public let current: Double
  /// The mean of the same of reversible chains, recorded as the paths are.
  public let expected: Double
  /// The share of reversible chains, the recorded paths counted among them, with as large a current.
  public let pValue: Double

  /// Tests a model's paths.
  ///
  /// - Parameters:
  ///   - paths: states as the model's were; -1 where the state is not known.
  ///   - stateCount: the number of states of the paths.
  ///   - model: the model; states outside it count as not known.
  ///   - replicates: how many chains are simulated; no p-value is below 1 / (replicates + 1).
  ///   - seed: of the chains.
  ///   - threads: on how many threads they are simulated; no result depends on it.
  /// - Throws: ``AutomataError/noTransitions(lag:)`` where every lag-th state alone shows no transition.
  /// - Complexity: O(replicates (steps log states + states³)).
  public init(
    _ paths: [[Int32]], stateCount: Int, model: MarkovStateModel, replicates: Int = 100, seed: UInt64 = 0,
    threads: Int = 1
  ) throws {
    var places = [Int32](repeating: -1, count: stateCount)
    for (place, cell) in model.cells.enumerated() { places[cell] = Int32(place) }
    let strided = PathSimulation.strided(paths, by: model.lag).map { path in
      path.map { $0 < 0 ? -1 : places[Int($0)] }
    }
    let states = model.cells.count
    let counts = PathCounts(strided, stateCount: states).counts
    var symmetric = counts
    for i in 0..<states { for j in 0..<states { symmetric[i, j] += counts[j, i] } }
    let simulation = PathSimulation(strided, weights: symmetric)
    @Sendable func current(_ paths: [[Int32]]) throws(AutomataError) -> Double {
      try MarkovStateModel(PathCounts(paths, stateCount: states)).irreversibility
    }
    let value = try current(strided)
    let simulated = try concurrentMap(count: replicates, threads: threads) { replicate in
      do {
        return try current(simulation.draw(seed: seed, replicate: replicate))
      } catch AutomataError.noTransitions {
        return 0
      }
    }
    self.current = value
    expected = simulated.reduce(0, +) / Double(max(1, simulated.count))
    pValue = PathSimulation.pValue(value, among: simulated)
  }
}
