public import ProbeLinearAlgebra

/// How often needles are found, by where they lie and how long the prompt is.
public struct AccuracyGrid: Sendable, Equatable {
  /// One cell.
  public struct Cell: Sendable, Equatable {
    /// Prompt length in tokens.
    public let length: Int
    /// Where the needle was put, as a share of the prompt.
    public let depth: Double
    /// Runs that found it.
    public let found: Int
    /// Runs made.
    public let runs: Int
    /// The share found.
    public let accuracy: WilsonInterval
  }

  /// The lengths, ascending.
  public let lengths: [Int]
  /// The depths, ascending.
  public let depths: [Double]
  /// Cells by length, then depth; cells without runs are there, with accuracy NaN in [0, 1].
  public let cells: [Cell]

  /// Counts runs.
  ///
  /// - Parameters:
  ///   - runs: the length and depth asked for, and whether the needle was found.
  ///   - level: the intervals' coverage.
  public init(_ runs: [(length: Int, depth: Double, isFound: Bool)], level: Double = 0.95) {
    struct Place: Hashable {
      let length: Int
      let depth: Double
    }
    var counts: [Place: (found: Int, runs: Int)] = [:]
    for run in runs {
      counts[Place(length: run.length, depth: run.depth), default: (0, 0)].runs += 1
      if run.isFound { counts[Place(length: run.length, depth: run.depth), default: (0, 0)].found += 1 }
    }
    let lengths = Set(runs.map(\.length)).sorted()
    let depths = Set(runs.map(\.depth)).sorted()
    self.lengths = lengths
    self.depths = depths
    cells = lengths.flatMap { length in
      depths.map { depth in
        let count = counts[Place(length: length, depth: depth)] ?? (0, 0)
        return Cell(
          length: length, depth: depth, found: count.found, runs: count.runs,
          accuracy: WilsonInterval(successes: count.found, trials: count.runs, level: level))
      }
    }
  }
}
