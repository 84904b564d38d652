import Foundation
import ProbeLinearAlgebra
public import ProbeModels

/// Finds fixed points of a map from many starts, removes duplicates, certifies and analyses what is left.
///
/// Starts run in waves of fixed size; a wave knows the points of the waves before it, so that the result does not
/// depend on the number of threads.
public struct FixedPointSearch: Sendable {
  /// How a single start is solved.
  public var solver = NewtonSolver()
  /// Two states nearer than this, in the 2-norm, are one point unless both are certified as separate
  /// (FixedPointFinder's `tol_unique`).
  public var uniqueTolerance = 1e-3
  /// The largest infinity norm of F(x) - x at which a state is called a fixed point.
  public var residualTolerance = 1e-12
  /// Starts per point found, at midpoints between pairs of found points; 0 switches this off.
  public var interpolationLimit = 512
  /// Starts of the deflated search.
  public var deflationStarts = 32
  /// Starts in the first wave; every later wave is four times as large.
  public var firstWave = 64
  /// The most points that are certified and analysed.
  public var pointLimit = 4096
  /// How neighbourhoods are judged.
  public var neighbourhood = NeighbourhoodOptions()
  /// How slow points are sought.
  public var minimizer = SpeedMinimizer()
  /// At most this many stalled starts are pursued to slow points.
  public var slowPointLimit = 32

  /// The defaults.
  public init() {}

  /// What a search found.
  public struct Result: Sendable {
    /// The fixed points, stable ones first, then by the number of unstable directions, then by first coordinate.
    public var points: [FixedPoint]
    /// Local minima of the speed that are no fixed points.
    public var slowPoints: [SlowPoint]
    /// The number of starts that were run, by origin.
    public var startCount: Int
    /// Starts that came to no fixed point.
    public var failedCount: Int
  }

  /// Runs the search: the given starts, then midpoints between found points, then deflation.
  ///
  /// - Throws: ``LinearAlgebraError`` when a decomposition fails.
  public func run(_ map: some DynamicalMap, starts: [Start], threads: Int) throws -> Result {
    var state = SearchState(map: map, search: self)
    var stalled: [[Double]] = []
    var failed = 0
    var count = 0
    func wave(_ batch: ArraySlice<Start>, deflated: Bool = false) throws {
      let outcome = try state.wave(Array(batch), deflated: deflated, threads: threads)
      stalled += outcome.stalled
      failed += outcome.failed
      count += batch.count
    }
    var first = 0
    var size = firstWave
    while first < starts.count {
      try wave(starts[first..<min(starts.count, first + size)])
      first += size
      size *= 4
    }
    // Midpoints of old pairs were tried in the round before: a round takes the pairs with a new point.
    var tried = 0
    while interpolationLimit > 0 && state.points.count > max(1, tried) {
      let midpoints = state.midpoints(sinceIndex: tried, limit: interpolationLimit)
      tried = state.points.count
      try wave(midpoints[...])
    }
    if deflationStarts > 0 && !state.points.isEmpty && map.dimension < solver.krylovSize {
      let chosen = starts.prefix(deflationStarts).map { Start(state: $0.state, origin: .deflation) }
      try wave(chosen[...], deflated: true)
    }
    let slow = try slowPoints(map, stalled: stalled, known: state, threads: threads)
    let points = try state.analysed(threads: threads).sorted(by: Self.comesBefore)
    return Result(points: points, slowPoints: slow, startCount: count, failedCount: failed)
  }

  /// Draws new starts after a search and counts where they lead.
  ///
  /// - Returns: how many led to a known point, to points not known before, and to none; and those points.
  public func test(
    _ map: some DynamicalMap, known: [FixedPoint], starts: [Start], threads: Int
  ) throws -> FreshStartTest {
    var state = SearchState(map: map, search: self)
    state.adopt(known)
    let before = state.points.count
    let outcome = try state.wave(starts, deflated: false, threads: threads)
    return FreshStartTest(
      starts: starts.count, elsewhere: outcome.elsewhere, nowhere: outcome.failed,
      newPoints: try state.analysed(from: before, threads: threads).sorted(by: Self.comesBefore))
  }

  /// The order of the table.
  public static func comesBefore(_ a: FixedPoint, _ b: FixedPoint) -> Bool {
    if a.stability.unstableCount != b.stability.unstableCount {
      return a.stability.unstableCount < b.stability.unstableCount
    }
    return a.state.lexicographicallyPrecedes(b.state)
  }

  /// Descends from where starts stalled; minima outside the set that the map keeps are left out, as no trajectory
  /// stays there.
  private func slowPoints<Map: DynamicalMap>(
    _ map: Map, stalled: [[Double]], known: SearchState<Map>, threads: Int
  ) throws -> [SlowPoint] {
    // Many starts stall in the same place: descend from one of each.
    var distinctStarts: [[Double]] = []
    let apart = 0.02 * Double(map.dimension).squareRoot()
    for state in stalled where distinctStarts.count < slowPointLimit {
      if !distinctStarts.contains(where: { distance($0, state) <= apart }) { distinctStarts.append(state) }
    }
    let chosen = distinctStarts
    let found = try concurrentMap(count: chosen.count, threads: threads) {
      minimizer.descend(map, from: chosen[$0])
    }
    var distinct: [SlowPoint] = []
    for case let point? in found
    where (2 * point.q).squareRoot() > residualTolerance && point.gradient <= minimizer.gradientTolerance {
      let isNew = !distinct.contains { distance($0.state, point.state) <= uniqueTolerance }
      if isNew && SearchState.isInBox(point.state, of: map)
        && !known.contains(point.state, within: uniqueTolerance)
        && !isFixedPoint(map, near: point.state)
      {
        distinct.append(point)
      }
    }
    return distinct.sorted { $0.q < $1.q }
  }
}

extension FixedPointSearch {
  /// Whether Newton's method, from where the descent ended, finds a fixed point right there: the descent was merely
  /// not finished.
  private func isFixedPoint(_ map: some DynamicalMap, near state: [Double]) -> Bool {
    guard case .converged(let end, _)? = solver.solve(map, starts: state).first else { return false }
    return distance(end, state) <= uniqueTolerance
  }
}

/// Where fresh starts led.
public struct FreshStartTest: Sendable {
  /// How many were run.
  public let starts: Int
  /// How many led to a fixed point that was not known.
  public let elsewhere: Int
  /// How many led to no fixed point.
  public let nowhere: Int
  /// The points they found.
  public let newPoints: [FixedPoint]

  /// An upper 95 % confidence bound on the share of such starts that lead elsewhere (Clopper & Pearson 1934,
  /// doi:10.1093/biomet/26.4.404); with none it is 1 - 0.05^(1/n), about 3 / n.
  public var shareBound: Double {
    clopperPearsonUpper(successes: elsewhere, trials: starts, confidence: 0.95)
  }
}

func distance(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices {
    let difference = a[index] - b[index]
    sum += difference * difference
  }
  return sum.squareRoot()
}
