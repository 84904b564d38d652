public import ProbeLinearAlgebra

/// The graph of the symbols that a trajectory passes through: the regions of a rectified network, or any partition's cells.
///
/// Every step is counted, those that stay included, so that the joint probabilities add up to 1 and so does each row of the
/// conditional ones; how long symbols last and whether the last one alone decides the next are said beside.
public struct SymbolGraph: Sendable {
  /// The name of the partition.
  public let partition: String
  /// `[trial]`: the symbols, step by step; -1 outside all cells.
  public let paths: [[Int32]]
  /// `[symbol]`: how many steps lay in each.
  public let visits: [Int]
  /// Counts from step to step; ``PathCounts/joint`` and ``PathCounts/rowStochastic`` are the two kinds of probability.
  public let counts: PathCounts
  /// How long symbols last.
  public let dwell: DwellTimes
  /// Whether a first-order chain describes the symbols.
  public let order: OrderTest

  /// The graph of a partition's cells.
  ///
  /// - Parameters:
  ///   - trajectories: `[time, unit]` each; times that are not recorded are not in them.
  ///   - partition: the partition, such as a ``SignCode`` of the rectified units.
  /// - Complexity: O(steps + symbols³).
  public init(_ trajectories: [Matrix<Double>], _ partition: some StatePartition) {
    self.partition = partition.name
    paths = trajectories.map { partition.cells(of: $0) }
    var visits = [Int](repeating: 0, count: partition.cellCount)
    for path in paths { for cell in path where cell >= 0 { visits[Int(cell)] += 1 } }
    self.visits = visits
    counts = PathCounts(paths, stateCount: partition.cellCount)
    dwell = DwellTimes(paths, stateCount: partition.cellCount)
    order = OrderTest(paths, stateCount: partition.cellCount)
  }
}
