internal import ProbeLinearAlgebra
internal import RealModule

/// Whether a path's next state depends on the state before last, judged against simulated chains that have no such memory.
///
/// The statistic is the likelihood ratio of ``OrderTest``. Its chi-square distribution needs large counts of every triple of
/// states, which many states rarely have; paths simulated from the first-order chain need none.
public struct MemoryTest: Sendable, Equatable {
  /// The likelihood ratio with its chi-square test.
  public let order: OrderTest
  /// The mean likelihood ratio of chains without memory, recorded as the paths are.
  public let expected: Double
  /// The share of chains without memory, the recorded paths counted among them, with as large a ratio.
  public let pValue: Double

  /// What the state before last says of the next one beyond the last one, in bits a step: the mean of the chains without memory
  /// is subtracted, as ratios of finite counts are above 0.
  public var information: Double {
    order.triples == 0 ? 0 : (order.statistic - expected) / (2 * Double(order.triples) * Double.log(2))
  }

  /// Tests paths.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 where the state is not known.
  ///   - stateCount: the number of states.
  ///   - lag: the number of steps between states; every lag-th state is taken.
  ///   - replicates: how many chains are simulated; no p-value is below 1 / (replicates + 1).
  ///   - seed: of the chains.
  ///   - threads: on how many threads they are simulated; no result depends on it.
  /// - Complexity: O(replicates (steps log states + states³)) time, O(states³) memory a thread.
  public init(
    _ paths: [[Int32]], stateCount: Int, lag: Int = 1, replicates: Int = 100, seed: UInt64 = 0,
    threads: Int = 1
  ) {
    let strided = PathSimulation.strided(paths, by: lag)
    let order = OrderTest(strided, stateCount: stateCount)
    let simulation = PathSimulation(strided, weights: PathCounts(strided, stateCount: stateCount).counts)
    // `concurrentMap` throws only what its body throws, which is nothing.
    let simulated =
      (try? concurrentMap(count: replicates, threads: threads) { replicate in
        OrderTest(simulation.draw(seed: seed, replicate: replicate), stateCount: stateCount).statistic
      }) ?? []
    self.order = order
    expected = simulated.reduce(0, +) / Double(max(1, simulated.count))
    pValue = PathSimulation.pValue(order.statistic, among: simulated)
  }
}
