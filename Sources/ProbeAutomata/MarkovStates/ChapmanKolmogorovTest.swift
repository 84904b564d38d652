public import ProbeLinearAlgebra

/// Whether a Markov state model, taken several lags ahead, predicts what is counted at that distance.
///
/// Prinz et al. (2011), section IV C: the probabilities to be in set B after k lags when the chain started in set A with A's
/// stationary distribution, from the k-th power of the model and from counts at k lags.
public struct ChapmanKolmogorovTest: Sendable, Equatable {
  /// The comparison at one multiple of the lag.
  public struct Row: Sendable, Equatable {
    /// The distance in lags.
    public var lags: Int
    /// `[from, to]`: by the model's power.
    public var predicted: Matrix<Double>
    /// `[from, to]`: by counts at this distance; NaN where there are none from a set.
    public var estimated: Matrix<Double>
    /// `[from, to]`: the lower ends of the estimates' intervals.
    public var low: Matrix<Double>
    /// `[from, to]`: the upper ends.
    public var high: Matrix<Double>
  }

  /// One row a multiple, ascending.
  public let rows: [Row]

  /// The largest distance of a prediction from its estimate.
  public var largestError: Double {
    rows.reduce(0) { worst, row in
      zip(row.predicted.elements, row.estimated.elements).reduce(worst) { max($0, abs($1.0 - $1.1)) }
    }
  }

  /// The share of predictions within the intervals of their estimates.
  public var shareWithin: Double {
    var (within, all) = (0, 0)
    for row in rows {
      for place in row.predicted.elements.indices where !row.estimated.elements[place].isNaN {
        all += 1
        let range = (row.low.elements[place], row.high.elements[place])
        if range.0 <= row.predicted.elements[place] && row.predicted.elements[place] <= range.1 {
          within += 1
        }
      }
    }
    return Double(within) / Double(all)
  }

  /// Tests a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - sets: `[state]`: the set of each of the model's states, numbered from 0, as ``MetastableSets`` gives them.
  ///   - paths: the paths that the model was estimated from, or better others.
  ///   - stateCount: the number of states of the paths.
  ///   - lags: how far to look, in lags.
  ///   - replicates: bootstrap samples of paths, or of long blocks where paths are few.
  ///   - level: the share of them that an interval holds.
  ///   - seed: of the samples.
  ///   - threads: on how many threads samples are drawn; no result depends on it.
  public init(
    _ model: MarkovStateModel, sets: [Int32], paths: [[Int32]], stateCount: Int, lags: Int = 5,
    replicates: Int = 100, level: Double = 0.95, seed: UInt64 = 0, threads: Int = 1
  ) {
    precondition(sets.count == model.cells.count, "not one set a state")
    let count = Int(sets.max() ?? 0) + 1
    var rows: [Row] = []
    for multiple in 1...max(1, lags) {
      let reach = multiple * model.lag
      let (_, predicted) = MetastableSets.lump(
        model.transition(lags: multiple), model.stationary, sets, count)
      @Sendable func estimate(_ paths: [[Int32]]) -> Matrix<Double> {
        let counts = PathCounts(paths, stateCount: stateCount, lag: reach)
        return Self.estimate(counts, model, sets, count)
      }
      let bootstrap = PathBootstrap(paths, reach: reach)
      // `concurrentMap` throws only what its body throws, which is nothing.
      let samples =
        (try? concurrentMap(count: replicates, threads: threads) { replicate in
          estimate(bootstrap.draw(seed: seed, replicate: replicate))
        }) ?? []
      var low = Matrix<Double>(rows: count, columns: count)
      var high = low
      for place in low.elements.indices {
        (low.elements[place], high.elements[place]) = PathBootstrap.interval(
          samples.map { $0.elements[place] }, level: level)
      }
      rows.append(
        Row(lags: multiple, predicted: predicted, estimated: estimate(paths), low: low, high: high))
    }
    self.rows = rows
  }

  /// The probabilities between sets by counts, each state weighted as the model weights it.
  private static func estimate(
    _ counts: PathCounts, _ model: MarkovStateModel, _ sets: [Int32], _ count: Int
  ) -> Matrix<Double> {
    var result = Matrix<Double>(rows: count, columns: count)
    var weights = [Double](repeating: 0, count: count)
    for (state, cell) in model.cells.enumerated() {
      let row = model.cells.map { counts.counts[cell, $0] }
      let sum = row.reduce(0, +)
      guard sum > 0 else { continue }
      weights[Int(sets[state])] += model.stationary[state]
      for (target, value) in row.enumerated() {
        result[Int(sets[state]), Int(sets[target])] += model.stationary[state] * value / sum
      }
    }
    for from in 0..<count { for to in 0..<count { result[from, to] /= weights[from] } }
    return result
  }
}
