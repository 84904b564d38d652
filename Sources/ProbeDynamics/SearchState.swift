import ProbeLinearAlgebra
import ProbeModels

/// The points found so far, and how a wave of starts adds to them.
struct SearchState<Map: DynamicalMap> {
  /// A point with its proof; its neighbourhood is analysed at the end.
  struct Entry: Sendable {
    let state: [Double]
    let origin: Start.Origin
    let enclosure: PointEnclosure
    let certificate: Certificate
  }

  private let map: Map
  private let search: FixedPointSearch
  private let norms = WeightNorms()
  private(set) var points: [Entry] = []

  init(map: Map, search: FixedPointSearch) {
    self.map = map
    self.search = search
  }

  /// Takes over points that are known already.
  mutating func adopt(_ known: [FixedPoint]) {
    for point in known { add(point.state, origin: point.origin) }
  }

  func contains(_ state: [Double], within tolerance: Double) -> Bool {
    points.contains { distance($0.state, state) <= tolerance }
  }

  /// Runs starts in blocks of fixed size and adds the new points in the order of the starts.
  mutating func wave(
    _ starts: [Start], deflated: Bool, threads: Int
  ) throws -> (elsewhere: Int, failed: Int, stalled: [[Double]]) {
    let known = points.map {
      NewtonSolver.Attractor(state: $0.state, radius: $0.certificate.attractionRadius)
    }
    let pushed = deflated ? points.map(\.state) : []
    let size = 32
    let (map, solver, tolerance) = (map, search.solver, search.residualTolerance)
    let blocks = try concurrentMap(count: (starts.count + size - 1) / size, threads: threads) { block in
      let part = starts[block * size..<min(starts.count, (block + 1) * size)].flatMap(\.state)
      return Self.solve(
        map, solver: solver, starts: part, known: known, deflated: pushed, tolerance: tolerance)
    }
    let before = points.count
    var elsewhere = 0
    var failed = 0
    var stalled: [[Double]] = []
    for (start, ending) in zip(starts, blocks.joined()) {
      if let state = ending.stalledAt { stalled.append(state) }
      switch ending.outcome {
      case .joined: break
      case .converged(let state, _):
        if let index = match(state) {
          if index >= before { elsewhere += 1 }
        } else if points.count < search.pointLimit && add(state, origin: start.origin) {
          elsewhere += 1
        } else {
          failed += 1
        }
      case .stalled, .diverged: failed += 1
      }
    }
    return (elsewhere, failed, stalled)
  }

  /// Where a start ended, and where it stalled on the way.
  private struct Ending: Sendable {
    var outcome: NewtonSolver.Outcome
    var stalledAt: [Double]?
  }

  /// Iterations of the map after which a start that came to nothing is tried again.
  private static var relaxation: Int { 64 }

  /// Solves a block; a start that stalls in a local minimum of the residual, or runs away, follows the map for a while
  /// and is solved once more.
  private static func solve(
    _ map: Map, solver: NewtonSolver, starts: [Double], known: [NewtonSolver.Attractor], deflated: [[Double]],
    tolerance: Double
  ) -> [Ending] {
    var endings = solver.solve(map, starts: starts, known: known, deflated: deflated).map {
      Ending(outcome: $0, stalledAt: nil)
    }
    guard deflated.isEmpty else { return endings }
    var retried: [Int] = []
    for (position, ending) in endings.enumerated() {
      switch ending.outcome {
      case .stalled(let state) where isFixed(state, of: map, tolerance: tolerance) && isInBox(state, of: map):
        // No step lowers a residual that is small enough already: a nearly singular point.
        endings[position].outcome = .converged(state: state, steps: solver.stepLimit)
      case .stalled(let state):
        endings[position].stalledAt = state
        retried.append(position)
      case .diverged: retried.append(position)
      case .converged(let state, _) where !isInBox(state, of: map): retried.append(position)
      case .converged, .joined: break
      }
    }
    guard !retried.isEmpty else { return endings }
    let n = map.dimension
    var states = retried.flatMap { starts[$0 * n..<($0 + 1) * n] }
    states.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for _ in 0..<relaxation { map.apply(base, count: retried.count, into: base) }
    }
    for (outcome, position) in zip(solver.solve(map, starts: states, known: known), retried) {
      endings[position].outcome = outcome
    }
    return endings
  }

  /// The known point that a state is the same as: within its unique radius where it has a proof, else within the
  /// tolerance.
  private func match(_ state: [Double]) -> Int? {
    points.firstIndex { point in
      let certificate = point.certificate
      let limit =
        certificate.verdict == .certified
        ? max(certificate.uniqueRadius, min(search.uniqueTolerance, 1e-9)) : search.uniqueTolerance
      return distance(point.state, state) <= limit
    }
  }

  /// Polishes a state by one Newton step if that lowers its residual, proves what can be proved and keeps it.
  ///
  /// - Returns: false if the residual is too large for a fixed point, or the state lies outside the map's box.
  @discardableResult
  private mutating func add(_ state: [Double], origin: Start.Origin) -> Bool {
    let polished = polish(state)
    guard Self.isFixed(polished, of: map, tolerance: search.residualTolerance) else { return false }
    guard Self.isInBox(polished, of: map) else { return false }
    let enclosure = map.enclosure(at: polished)
    let certificate = Certificate(map, state: polished, enclosure: enclosure, norms: norms)
    points.append(Entry(state: polished, origin: origin, enclosure: enclosure, certificate: certificate))
    return true
  }

  /// Whether |F(x) - x| is within the tolerance, relative to the state where that is larger than 1.
  private static func isFixed(_ state: [Double], of map: Map, tolerance: Double) -> Bool {
    let residual = zip(map.apply(state), state).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return residual <= tolerance * state.reduce(1) { max($0, abs($1)) }
  }

  /// Far outside the box that holds every fixed point a saturated gate can keep a state to the last bit: sigma(x)
  /// rounds to 1 from x = 37 on, and a GRU then returns any state unchanged.
  static func isInBox(_ state: [Double], of map: Map) -> Bool {
    guard let box = map.invariantBox else { return true }
    return zip(state, box).allSatisfy { abs($0) <= $1 * (1 + 1e-9) }
  }

  private func polish(_ state: [Double]) -> [Double] {
    let residual = zip(map.apply(state), state).map { $0 - $1 }
    var a = map.jacobian(at: state)
    for index in 0..<map.dimension { a[index, index] -= 1 }
    guard let step = (try? LUFactorization(a))?.solve(residual) else { return state }
    let better = zip(state, step).map { $0 - $1 }
    let after = zip(map.apply(better), better).map { $0 - $1 }
    return euclideanNorm(after) <= euclideanNorm(residual) ? better : state
  }

  /// Midpoints of pairs with at least one point from `sinceIndex` on; every so many where there are too many.
  func midpoints(sinceIndex: Int, limit: Int) -> [Start] {
    var pairs: [(Int, Int)] = []
    for later in max(1, sinceIndex)..<max(1, points.count) {
      for earlier in 0..<later { pairs.append((earlier, later)) }
    }
    let stride = max(1, (pairs.count + limit - 1) / limit)
    return Swift.stride(from: 0, to: pairs.count, by: stride).map { position in
      let (a, b) = pairs[position]
      return Start(
        state: zip(points[a].state, points[b].state).map { ($0 + $1) / 2 }, origin: .interpolation)
    }
  }

  /// The neighbourhoods of the points from `first` on.
  func analysed(from first: Int = 0, threads: Int) throws -> [FixedPoint] {
    let (map, entries, options) = (map, Array(points[first...]), search.neighbourhood)
    return try concurrentMap(count: entries.count, threads: threads) { index in
      let entry = entries[index]
      return try FixedPoint(
        map, state: entry.state, origin: entry.origin, enclosure: entry.enclosure,
        certificate: entry.certificate,
        options: options)
    }
  }
}
