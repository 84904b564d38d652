import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels

/// The states that a search starts from and that basins and distances are measured with.
enum StateOrigin: Sendable {
  /// States of a capture.
  case recorded
  /// States that an outside program offers as typical.
  case offered
  /// Random states, where nobody has better ones.
  case drawn

  /// What such states are called, before their noun.
  var adjective: String {
    switch self {
    case .recorded: "recorded"
    case .offered: "offered"
    case .drawn: "drawn"
    }
  }
}

/// The fixed points of one capture's model, or of one outside program's map, at one input.
struct PointSet: Sendable {
  let capture: String
  let input: FixedInput
  let map: any DynamicalMap
  let stateOrigin: StateOrigin
  let points: [FixedPoint]
  let slowPoints: [SlowPoint]
  let failedCount: Int
  let startCount: Int
  let freshTest: FreshStartTest
  let indexSum: IndexSum
  /// The share of recorded states that iterate into each point; nil for points that are not stable.
  let basinShares: [Double?]
  /// The share of recorded states that reached no stable point.
  let unassignedShare: Double
  let distances: [Double]
  /// Points dropped as outliers.
  let outlierCount: Int
  /// The first point's id.
  var firstID = 0

  var stable: [Int] { points.indices.filter { points[$0].stability.verdict == .stable } }

  /// Searches, tests the search with fresh starts, and finds basins and distances.
  init<Map: DynamicalMap>(
    capture: String, input: FixedInput, map: Map, states: Matrix<Double>, origin stateOrigin: StateOrigin,
    spread: Double, search: FixedPointSearch, options: FixedPointsOptions, context: AnalysisContext
  ) throws {
    self.capture = capture
    self.input = input
    self.map = map
    self.stateOrigin = stateOrigin
    var sampler = StartSampler(seed: context.seed)
    sampler.widths = options.widths
    context.progress("\(capture), input \(input.label): searching from \(options.starts) starts", nil)
    let origin = Start(state: Array(repeating: 0, count: map.dimension), origin: .origin)
    let starts = [origin] + sampler.draw(from: states, count: options.starts)
    let result = try search.run(map, starts: starts, threads: context.threads)
    context.progress(
      "\(capture), input \(input.label): testing with \(options.freshStarts) fresh starts", nil)
    let test = try search.test(
      map, known: result.points,
      starts: sampler.draw(from: states, count: options.freshStarts, stream: 1, origin: .fresh),
      threads: context.threads)
    var found = (result.points + test.newPoints).sorted(by: FixedPointSearch.comesBefore)
    let all = found.count
    if options.outlierDistanceScale > 0 {
      found = Self.withoutOutliers(found, starts: starts, scale: options.outlierDistanceScale)
    }
    outlierCount = all - found.count
    points = found
    slowPoints = result.slowPoints
    failedCount = result.failedCount
    startCount = result.startCount
    freshTest = test
    indexSum = IndexSum(map, points: points)
    context.progress("\(capture), input \(input.label): following \(states.rows) states", nil)
    var finder = BasinFinder()
    finder.stepLimit = options.basinSteps
    let attracting = points.indices.filter { found[$0].stability.verdict == .stable }
    let targets = try finder.assign(
      map, states: states, attractors: attracting.map { found[$0].state }, threads: context.threads)
    var shares = [Double?](repeating: nil, count: points.count)
    for (position, index) in attracting.enumerated() {
      shares[index] = Double(targets.count { $0 == position }) / Double(max(1, targets.count))
    }
    basinShares = shares
    unassignedShare = Double(targets.count { $0 == nil }) / Double(max(1, targets.count))
    distances = visitDistances(of: points.map(\.state), to: states, spread: spread)
  }

  /// FixedPointFinder's rule: |x* - c| / mean |x0 - c| below the scale, c the centroid of the starts.
  private static func withoutOutliers(_ points: [FixedPoint], starts: [Start], scale: Double) -> [FixedPoint]
  {
    let count = Double(starts.count)
    let dimension = starts.first?.state.count ?? 0
    let center = (0..<dimension).map { unit in starts.reduce(0) { $0 + $1.state[unit] } / count }
    func distance(_ state: [Double]) -> Double { euclideanNorm(zip(state, center).map { $0 - $1 }) }
    let mean = starts.reduce(0) { $0 + distance($1.state) } / count
    return points.filter { distance($0.state) < scale * mean }
  }
}
