/// Draws the curves of a layered drawing's edges.
struct EdgeRouter {
  /// The centre of each node and stand-in.
  let centers: [SIMD2<Double>]
  /// Half the width of each layer's widest node.
  let layerHalfWidths: [Double]
  /// The graph in layers.
  let graph: LayeredGraph
  /// The nodes with a loop above, whose loops an edge within the layer must not run through.
  private let loopsAbove: Set<Int>
  private let loopsBelow: Set<Int>

  init(
    centers: [SIMD2<Double>], layerHalfWidths: [Double], graph: LayeredGraph,
    loops: [(arrow: GraphArrow, isBelow: Bool)]
  ) {
    self.centers = centers
    self.layerHalfWidths = layerHalfWidths
    self.graph = graph
    loopsAbove = Set(loops.filter { !$0.isBelow }.map(\.arrow.from))
    loopsBelow = Set(loops.filter(\.isBelow).map(\.arrow.from))
  }

  /// By how much arrows between the same two nodes bow apart, in pixels.
  static let bow = 11.0

  /// The curve of an edge between the centres of its ends.
  ///
  /// - Parameters:
  ///   - from: the node it leaves.
  ///   - to: the node it leads to.
  ///   - standIns: the stand-ins that it passes, in its direction.
  ///   - bow: how far its middle lies to the right of the straight line, where it passes no layer.
  /// - Returns: the curve.
  func curve(from: Int, to: Int, standIns: [Int], bow: Double) -> EdgeCurve {
    if graph.rank[from] == graph.rank[to] { return beside(from, to, bow: bow) }
    let items = [from] + standIns + [to]
    let points = items.map { centers[$0] }
    var slopes = [Double](repeating: 0, count: points.count)
    let chords = zip(points, points.dropFirst()).map { ($1.y - $0.y) / ($1.x - $0.x) }
    for index in points.indices.dropFirst().dropLast() {
      // Fritsch and Carlson's harmonic mean: the curve does not overshoot, and turns where its chords turn.
      let (before, after) = (chords[index - 1], chords[index])
      let mean = before * after > 0 ? 2 * before * after / (before + after) : 0
      // Nor does it stray far from its place in the column, beside which nodes may stand.
      let most = 5 / max(layerHalfWidths[graph.rank[items[index]]], 1)
      slopes[index] = min(max(mean, -most), most)
    }
    slopes[0] = 0.3 * (chords.first ?? 0)
    slopes[slopes.count - 1] = 0.3 * (chords.last ?? 0)
    var pieces: [EdgeCurve.Piece] = []
    for index in chords.indices {
      let (start, end) = (points[index], points[index + 1])
      let reach = 0.4 * (end.x - start.x)
      pieces.append(
        EdgeCurve.Piece(
          start: start, first: start + SIMD2(reach, reach * slopes[index]),
          second: end - SIMD2(reach, reach * slopes[index + 1]), end: end))
    }
    if pieces.count == 1 { pieces[0] = pieces[0].bowed(by: bow) }
    return EdgeCurve(pieces)
  }

  /// The curve between two nodes of a layer: straight to a neighbour, else an arc around those between them.
  ///
  /// Like all arrows that bow, arcs keep to the right of their direction: both ways are seen apart.
  private func beside(_ from: Int, _ to: Int, bow: Double) -> EdgeCurve {
    let start = centers[from]
    let end = centers[to]
    let between = passed(from, to)
    if between == 0 {
      let third = (end - start) / 3
      let straight = EdgeCurve.Piece(start: start, first: start + third, second: end - third, end: end)
      return EdgeCurve([straight.bowed(by: bow)])
    }
    let side = EdgeRouter.side(isDownward: end.y > start.y)
    let reach = EdgeRouter.arcReach(passed: between) + layerHalfWidths[graph.rank[from]]
    let control = side * reach * 4 / 3
    return EdgeCurve([
      .init(
        start: start, first: start + SIMD2(control, (end.y - start.y) * 0.12),
        second: end + SIMD2(control, (start.y - end.y) * 0.12), end: end)
    ])
  }

  /// How many items of their layer stand between two nodes of it; a loop of their own counts as one.
  func passed(_ from: Int, _ to: Int) -> Int {
    let (upper, lower) = centers[from].y < centers[to].y ? (from, to) : (to, from)
    let loops = (loopsBelow.contains(upper) ? 1 : 0) + (loopsAbove.contains(lower) ? 1 : 0)
    let low = min(centers[from].y, centers[to].y)
    let high = max(centers[from].y, centers[to].y)
    return loops + graph.layers[graph.rank[from]].count { centers[$0].y > low && centers[$0].y < high }
  }

  /// 1 where an arc within a layer bulges to the right, -1 where to the left.
  static func side(isDownward: Bool) -> Double { isDownward ? -1 : 1 }

  /// How far beyond its layer an arc bulges that passes a number of items.
  static func arcReach(passed: Int) -> Double { 14 + 5 * Double(min(passed, 6)) }
}
