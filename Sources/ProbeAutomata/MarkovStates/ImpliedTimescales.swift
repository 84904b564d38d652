internal import ProbeLinearAlgebra

/// The implied timescales of Markov state models at several lags: where they no longer grow with the lag, the chain describes
/// the trajectories.
///
/// Swope, Pitera and Suits, J. Phys. Chem. B 108 (2004) 6571; Prinz et al. (2011), section IV B.
public struct ImpliedTimescales: Sendable, Equatable {
  /// The timescales at one lag.
  public struct Row: Sendable, Equatable {
    /// The lag in steps.
    public var lag: Int
    /// The longest timescales in steps, longest first; NaN where the chain has too few states.
    public var values: [Double]
    /// The lower ends of the intervals.
    public var low: [Double]
    /// The upper ends.
    public var high: [Double]
  }

  /// One row a lag, in the order given.
  public let rows: [Row]

  /// Estimates timescales.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 where the state is not known.
  ///   - stateCount: the number of states.
  ///   - lags: in steps.
  ///   - count: how many timescales are wanted.
  ///   - estimator: how probabilities are estimated.
  ///   - replicates: bootstrap samples of paths, or of long blocks where paths are few.
  ///   - level: the share of them that an interval holds.
  ///   - seed: of the samples.
  ///   - threads: on how many threads samples are drawn; no result depends on it.
  /// - Throws: ``AutomataError/noTransitions(lag:)`` for a lag that no path is long enough for; ``LinearAlgebraError``.
  public init(
    _ paths: [[Int32]], stateCount: Int, lags: [Int], count: Int,
    estimator: MarkovStateModel.Estimator = .plain, replicates: Int = 100, level: Double = 0.95,
    seed: UInt64 = 0, threads: Int = 1
  ) throws {
    rows = try lags.map { lag in
      @Sendable func timescales(_ paths: [[Int32]]) throws -> [Double] {
        let model = try MarkovStateModel(
          PathCounts(paths, stateCount: stateCount, lag: lag), estimator: estimator)
        let values = try model.impliedTimescales().prefix(count)
        return values + Array(repeating: .nan, count: count - values.count)
      }
      let values = try timescales(paths)
      let bootstrap = PathBootstrap(paths, reach: lag)
      let samples = try concurrentMap(count: replicates, threads: threads) { replicate in
        do {
          return try timescales(bootstrap.draw(seed: seed, replicate: replicate))
        } catch AutomataError.noTransitions {
          return Array(repeating: .nan, count: count)
        }
      }
      let intervals = (0..<count).map { place in
        PathBootstrap.interval(samples.map { $0[place] }, level: level)
      }
      return Row(lag: lag, values: values, low: intervals.map(\.low), high: intervals.map(\.high))
    }
  }
}
