import ProbeFindings

/// Where the nodes of a layered drawing stand and how its edges run, in pixels.
///
/// The method of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system structures", IEEE Trans. Syst.
/// Man Cybern. 11, 1981): layers (``LayerRanks``), few crossings (``LayerOrder``), coordinates (``LayerHeights``),
/// curves (``EdgeRouter``). No step is random: the same graph gives the same picture.
struct LayeredLayout {
  /// An arrow and its curve.
  struct Route {
    /// The arrow.
    let arrow: GraphArrow
    /// Its curve, from border to border; the arrow's head is not cut off.
    let curve: EdgeCurve
    /// Whether it stays in its layer, where its label stands beside it.
    let isBeside: Bool
  }

  /// The centre of each node.
  let centers: [SIMD2<Double>]
  /// Half the size of each node.
  let radii: [SIMD2<Double>]
  /// The layer of each node.
  let rank: [Int]
  /// The arrows between nodes.
  let routes: [Route]
  /// The arrows from a node to itself, above it or below.
  let loops: [(arrow: GraphArrow, isBelow: Bool)]

  /// Lays out a graph.
  ///
  /// - Complexity: O(edges x layers) space; the time is that of ``LayerOrder``.
  init(_ plot: GraphPlot) {
    let arrows = GraphArrow.arrows(of: plot)
    let radii = plot.nodes.map { node in
      SIMD2(
        max(LayerRoom.halfHeight, GraphText.width(GraphText.nodeLabel(node.label), size: 13) / 2 + 9),
        LayerRoom.halfHeight)
    }
    let between = arrows.filter { $0.from != $0.to }
    let ranks = LayerRanks(plot)
    let graph = LayerOrder(LayeredGraph(ranks, edges: between.map { ($0.from, $0.to) })).graph
    let room = LayerRoom(graph, arrows: arrows)
    let heights = LayerHeights(graph, above: room.above, below: room.below).heights
    let widths = ranks.layers.map { members in members.map { radii[$0].x }.max() ?? 0 }
    let bows = LayeredLayout.bows(between)
    var gaps = LayeredLayout.gaps(between, graph: graph, heights: heights, loops: room.loops)
    var centers: [SIMD2<Double>] = []
    var curves: [EdgeCurve] = []
    // Where a curve still touches a node that is not its end, there is more room to be made beside that node.
    for _ in 0..<8 {
      centers = LayeredLayout.centers(graph, heights: heights, widths: widths, gaps: gaps)
      let router = EdgeRouter(centers: centers, layerHalfWidths: widths, graph: graph, loops: room.loops)
      curves = zip(between.indices, between).map { index, arrow in
        router.curve(from: arrow.from, to: arrow.to, standIns: graph.standIns[index], bow: bows[index])
      }
      let touched = LayeredLayout.touched(between, curves, centers: centers, radii: radii)
      if touched.isEmpty { break }
      for layer in Set(touched.map { graph.rank[$0] }) {
        if layer > 0 { gaps[layer - 1] += 30 }
        if layer < gaps.count { gaps[layer] += 30 }
      }
    }
    for index in curves.indices {
      let arrow = between[index]
      curves[index].leave(centers[arrow.from], radii: radii[arrow.from] + 1.5)
      curves[index].arrive(centers[arrow.to], radii: radii[arrow.to] + 2)
    }
    self.centers = Array(centers.prefix(plot.nodes.count))
    self.radii = radii
    loops = room.loops
    rank = ranks.rank
    routes = zip(between, curves).map { arrow, curve in
      Route(arrow: arrow, curve: curve, isBeside: ranks.rank[arrow.from] == ranks.rank[arrow.to])
    }
  }

  /// How far each arrow bows to its right: arrows between the same two nodes share out the room.
  private static func bows(_ arrows: [GraphArrow]) -> [Double] {
    var groups: [[Int]: [Int]] = [:]
    for (index, arrow) in arrows.enumerated() {
      groups[[min(arrow.from, arrow.to), max(arrow.from, arrow.to)], default: []].append(index)
    }
    var bows = [Double](repeating: 0, count: arrows.count)
    for members in groups.values {
      // Those that lead back come first, on the negative side of the others, which is their own right.
      let sorted = members.sorted { one, other in
        (arrows[one].from < arrows[one].to ? 1 : 0, one) < (
          arrows[other].from < arrows[other].to ? 1 : 0, other
        )
      }
      for (place, index) in sorted.enumerated() {
        let offset = (Double(place) - Double(members.count - 1) / 2) * 2 * EdgeRouter.bow
        bows[index] = arrows[index].from < arrows[index].to ? offset : -offset
      }
    }
    return bows
  }

  /// The room between neighbouring layers: for labels, for arcs, and so that no edge is steep.
  private static func gaps(
    _ arrows: [GraphArrow], graph: LayeredGraph, heights: [Double],
    loops: [(arrow: GraphArrow, isBelow: Bool)]
  ) -> [Double] {
    var gaps = [Double](repeating: 52, count: max(0, graph.layers.count - 1))
    var arcs = gaps.map { _ in 0.0 }
    let flat = EdgeRouter(
      centers: heights.map { SIMD2(0, $0) },
      layerHalfWidths: [Double](repeating: 0, count: graph.layers.count),
      graph: graph, loops: loops)
    for (index, arrow) in arrows.enumerated() {
      let (low, high) = (
        min(graph.rank[arrow.from], graph.rank[arrow.to]), max(graph.rank[arrow.from], graph.rank[arrow.to])
      )
      let label = arrow.lines.isEmpty ? 0 : GraphText.size(of: arrow.lines).x
      if low == high {
        let passed = flat.passed(arrow.from, arrow.to)
        let reach = passed > 0 ? EdgeRouter.arcReach(passed: passed) : EdgeRouter.bow
        let isRight = EdgeRouter.side(isDownward: heights[arrow.to] > heights[arrow.from]) > 0
        let gap = isRight ? low : low - 1
        if gaps.indices.contains(gap) {
          arcs[gap] = max(arcs[gap], reach + 0.8 * label)
        }
        continue
      }
      if high == low + 1 { gaps[low] = max(gaps[low], label + 42) }
      let items = [arrow.from] + graph.standIns[index] + [arrow.to]
      for (one, next) in zip(items, items.dropFirst()) {
        let gap = min(graph.rank[one], graph.rank[next])
        gaps[gap] = max(gaps[gap], 0.3 * abs(heights[one] - heights[next]))
      }
    }
    return zip(gaps, arcs).map { $0 + $1 }
  }

  private static func centers(
    _ graph: LayeredGraph, heights: [Double], widths: [Double], gaps: [Double]
  ) -> [SIMD2<Double>] {
    var x = [0.0]
    for layer in gaps.indices { x.append(x[layer] + widths[layer] + gaps[layer] + widths[layer + 1]) }
    return zip(graph.rank, heights).map { SIMD2(x[$0], $1) }
  }

  /// The nodes that a curve touches without ending there.
  private static func touched(
    _ arrows: [GraphArrow], _ curves: [EdgeCurve], centers: [SIMD2<Double>], radii: [SIMD2<Double>]
  ) -> [Int] {
    var touched: [Int] = []
    for (arrow, curve) in zip(arrows, curves) {
      let points = curve.points(each: 24)
      for (node, radius) in radii.enumerated() where node != arrow.from && node != arrow.to {
        let isTouched = points.contains { point in
          let relative = (point - centers[node]) / (radius + 4)
          return (relative * relative).sum() < 1
        }
        if isTouched { touched.append(node) }
      }
    }
    return touched
  }
}
