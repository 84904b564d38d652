internal import Foundation
public import ProbeLinearAlgebra

/// The partition of k-means: Lloyd's iteration from seeded k-means++ starts, the best of several.
///
/// Starts are Arthur and Vassilvitskii's ("k-means++", SODA 2007, section 2), in the greedy form that draws 2 + ln k
/// candidates for each centre and keeps the one that lowers the sum of squares most. A cluster that loses all its states is
/// moved to the state that is farthest from its centroid.
public struct KMeans: StatePartition {
  /// Hyper-parameters.
  public struct Options: Sendable {
    /// The number of starts, of which the one with the least sum of squares is kept.
    public var restarts = 4
    /// The most Lloyd iterations of a start.
    public var iterationLimit = 300
    /// The squared movement of the centroids at which a start ends, as a share of the mean variance of the units.
    public var tolerance = 1e-4
    /// On how many threads distances are computed; no result depends on it.
    public var threads = 1

    /// The defaults.
    public init() {}
  }

  /// The centroids.
  public let centroids: Centroids
  /// The sum of the squared distances of the fitted states to their centroids.
  public let sumOfSquares: Double
  /// The Lloyd iterations of the start that was kept.
  public let iterations: Int
  /// Whether the iteration of the start that was kept came to rest.
  public let isConverged: Bool

  /// Clusters states.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`, finite.
  ///   - clusters: how many are wanted; there are fewer when fewer states are different.
  ///   - seed: of the starts.
  ///   - options: hyper-parameters.
  /// - Throws: ``AutomataError/noRecordedStates``, ``AutomataError/clusterCount(_:states:)``.
  /// - Complexity: O(restarts iterations states clusters units).
  public init(_ states: Matrix<Double>, clusters: Int, seed: UInt64, options: Options = Options())
    throws(AutomataError)
  {
    guard states.rows > 0 else { throw .noRecordedStates }
    guard (1...states.rows).contains(clusters) else { throw .clusterCount(clusters, states: states.rows) }
    let threshold = options.tolerance * Self.meanVariance(states)
    var best: (points: Matrix<Double>, sum: Double, iterations: Int, isConverged: Bool)?
    for restart in 0..<max(1, options.restarts) {
      var random = RandomGenerator(seed: seed, stream: UInt64(restart))
      let start = Self.seeds(states, count: clusters, threads: options.threads, &random)
      let run = Self.lloyd(states, from: start, threshold: threshold, options)
      if run.sum < best?.sum ?? .infinity { best = run }
    }
    guard let best else { throw .noRecordedStates }
    centroids = Centroids(
      best.points, name: "k-means, \(best.points.rows) clusters", threads: options.threads)
    sumOfSquares = best.sum
    iterations = best.iterations
    isConverged = best.isConverged
  }

  /// `k-means, 20 clusters`.
  public var name: String { centroids.name }
  /// The number of clusters.
  public var cellCount: Int { centroids.cellCount }
  /// The nearest centroid of each state.
  public func cells(of states: Matrix<Double>) -> [Int32] { centroids.cells(of: states) }

  private static func meanVariance(_ states: Matrix<Double>) -> Double {
    let units = states.columns
    var means = [Double](repeating: 0, count: units)
    var total = 0.0
    for row in 0..<states.rows { for unit in 0..<units { means[unit] += states[row, unit] } }
    for unit in 0..<units { means[unit] /= Double(states.rows) }
    for row in 0..<states.rows { total += squaredDistance(states.row(row), means[...]) }
    return total / Double(states.rows * max(1, units))
  }

  /// Greedy k-means++.
  static func seeds(
    _ states: Matrix<Double>, count: Int, threads: Int, _ random: inout RandomGenerator
  ) -> Matrix<Double> {
    var chosen = [random.integer(below: states.rows)]
    var distances = Self.distances(of: states, to: chosen[0])
    let candidates = 2 + Int(log(Double(count)))
    while chosen.count < count {
      var total = 0.0
      let sums = distances.map {
        total += $0
        return total
      }
      // Every state lies on a centre: there are no further different ones.
      guard total > 0 else { break }
      var best: (row: Int, distances: [Double], sum: Double)?
      for _ in 0..<candidates {
        let row = Self.draw(random.uniform() * total, sums, distances)
        let lowered = zip(distances, Self.distances(of: states, to: row)).map { min($0, $1) }
        let sum = lowered.reduce(0, +)
        if sum < best?.sum ?? .infinity { best = (row, lowered, sum) }
      }
      guard let best else { break }
      chosen.append(best.row)
      distances = best.distances
    }
    return Matrix(
      rows: chosen.count, columns: states.columns, elements: chosen.flatMap { Array(states.row($0)) })
  }

  /// The first place whose running sum exceeds the value, and that has a share of its own.
  private static func draw(_ value: Double, _ sums: [Double], _ shares: [Double]) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > value { high = middle } else { low = middle + 1 }
    }
    // Rounding may carry the value to the very end of the sums, behind the last state with a share.
    while low > 0 && shares[low] == 0 { low -= 1 }
    return low
  }

  private static func distances(of states: Matrix<Double>, to row: Int) -> [Double] {
    let centre = Array(states.row(row))
    let units = states.columns
    return states.elements.withUnsafeBufferPointer { values in
      (0..<states.rows).map { row in
        var sum = 0.0
        for unit in 0..<units {
          let difference = values[row * units + unit] - centre[unit]
          sum += difference * difference
        }
        return sum
      }
    }
  }

  /// Lloyd's iteration from given centres.
  static func lloyd(
    _ states: Matrix<Double>, from start: Matrix<Double>, threshold: Double, _ options: Options
  ) -> (points: Matrix<Double>, sum: Double, iterations: Int, isConverged: Bool) {
    var points = start
    var cells: [Int32] = []
    var iteration = 0
    var isConverged = false
    while iteration < options.iterationLimit && !isConverged {
      iteration += 1
      let (found, distances) = Centroids(points, threads: options.threads).nearest(to: states)
      let moved = means(states, found, distances, count: points.rows)
      var movement = 0.0
      for row in 0..<points.rows { movement += squaredDistance(points.row(row), moved.row(row)) }
      isConverged = found == cells || movement <= threshold
      cells = found
      points = moved
    }
    let sum = Centroids(points, threads: options.threads).nearest(to: states).squaredDistances.reduce(0, +)
    return (points, sum, iteration, isConverged)
  }

  /// The means of the clusters, empty ones moved to the states that are farthest from their centroids.
  private static func means(
    _ states: Matrix<Double>, _ cells: [Int32], _ distances: [Double], count: Int
  ) -> Matrix<Double> {
    var cells = cells
    var sizes = [Int](repeating: 0, count: count)
    for cell in cells { sizes[Int(cell)] += 1 }
    let empty = sizes.indices.filter { sizes[$0] == 0 }
    if !empty.isEmpty {
      let farthest = distances.indices.sorted { (distances[$0], $1) > (distances[$1], $0) }
      var next = farthest.makeIterator()
      for cell in empty {
        // A cluster of one gives its state up to no one.
        while let row = next.next() {
          guard sizes[Int(cells[row])] > 1 else { continue }
          sizes[Int(cells[row])] -= 1
          cells[row] = Int32(cell)
          sizes[cell] = 1
          break
        }
      }
    }
    var means = Matrix<Double>(rows: count, columns: states.columns)
    let units = states.columns
    states.elements.withUnsafeBufferPointer { values in
      means.elements.withUnsafeMutableBufferPointer { sums in
        for (row, cell) in cells.enumerated() {
          for unit in 0..<units { sums[Int(cell) * units + unit] += values[row * units + unit] }
        }
        for cell in 0..<count {
          for unit in 0..<units { sums[cell * units + unit] /= Double(max(1, sizes[cell])) }
        }
      }
    }
    return means
  }
}
