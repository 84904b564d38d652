import Glibc
import ProbeFindings

/// Where a graph's nodes stand, in pixels.
struct GraphLayout {
  /// The nodes' centres.
  let centers: [SIMD2<Double>]
  /// For each node the direction in which its loop is drawn, a unit vector.
  let outward: [SIMD2<Double>]

  /// Places the nodes.
  ///
  /// - Parameters:
  ///   - plot: the graph.
  ///   - halfWidths: half the width of each node.
  init(_ plot: GraphPlot, halfWidths: [Double]) {
    let widest = halfWidths.max() ?? 0
    switch plot.layout {
    case .circular: self = GraphLayout.circular(plot, widest: widest)
    case .layered: self = GraphLayout.layered(plot, widest: widest)
    }
  }

  private init(centers: [SIMD2<Double>], outward: [SIMD2<Double>]) {
    self.centers = centers
    self.outward = outward
  }

  /// Nodes around a circle, in an order that brings neighbours together.
  private static func circular(_ plot: GraphPlot, widest: Double) -> GraphLayout {
    let count = plot.nodes.count
    guard count > 1 else { return GraphLayout(centers: [.zero], outward: [SIMD2(0, -1)]) }
    let order = order(plot)
    // Neighbours on the circle are at least one node and a gap apart.
    let radius = max(130, (2 * widest + 44) / (2 * sin(.pi / Double(count))))
    var centers = [SIMD2<Double>](repeating: .zero, count: count)
    var outward = centers
    for (place, node) in order.enumerated() {
      let angle = 2 * .pi * Double(place) / Double(count) - .pi / 2
      outward[node] = SIMD2(cos(angle), sin(angle))
      centers[node] = outward[node] * radius
    }
    return GraphLayout(centers: centers, outward: outward)
  }

  /// An order around the circle in which no exchange of two nodes shortens the edges' summed chords.
  ///
  /// - Complexity: O(nodes² edges) a sweep, at most 20 sweeps.
  private static func order(_ plot: GraphPlot) -> [Int] {
    let count = plot.nodes.count
    var place = Array(0..<count)
    let pairs = Set(
      plot.edges.filter { $0.from != $0.to }.map { [min($0.from, $0.to), max($0.from, $0.to)] }
    )
    .sorted { $0.lexicographicallyPrecedes($1) }
    func length() -> Double {
      pairs.reduce(0) { $0 + sin(.pi * Double(abs(place[$1[0]] - place[$1[1]])) / Double(count)) }
    }
    var best = length()
    for _ in 0..<20 {
      var improved = false
      for first in 0..<count {
        for second in (first + 1)..<max(count, first + 1) {
          place.swapAt(first, second)
          let candidate = length()
          if candidate < best - 1e-9 {
            best = candidate
            improved = true
          } else {
            place.swapAt(first, second)
          }
        }
      }
      if !improved { break }
    }
    return (0..<count).sorted { place[$0] < place[$1] }
  }

  /// Nodes in layers from left to right by their distance from the initial nodes; unreached nodes come last.
  private static func layered(_ plot: GraphPlot, widest: Double) -> GraphLayout {
    let count = plot.nodes.count
    var layer = [Int?](repeating: nil, count: count)
    var front = plot.nodes.indices.filter { plot.nodes[$0].isInitial }
    if front.isEmpty, count > 0 { front = [0] }
    var depth = 0
    while !front.isEmpty {
      for node in front { layer[node] = depth }
      let reached = plot.edges.filter { front.contains($0.from) && layer[$0.to] == nil }.map(\.to)
      front = Set(reached).sorted()
      depth += 1
    }
    let layers = (0...depth).map { depth in
      plot.nodes.indices.filter {
        (layer[$0] ?? depth) == depth && (layer[$0] != nil || depth == self.depth(layer))
      }
    }
    var centers = [SIMD2<Double>](repeating: .zero, count: count)
    for (depth, members) in layers.enumerated() {
      // Within a layer: by the mean height of the neighbours in the layer before.
      let heights = members.map { node -> Double in
        let before = plot.edges.filter { $0.to == node && (layer[$0.from] ?? .max) < depth }.map {
          centers[$0.from].y
        }
        return before.isEmpty ? 0 : before.reduce(0, +) / Double(before.count)
      }
      let sorted = zip(members, heights).sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
      for (place, node) in sorted.enumerated() {
        centers[node] = SIMD2(
          Double(depth) * (2 * widest + 96), (Double(place) - Double(members.count - 1) / 2) * 112)
      }
    }
    return GraphLayout(
      centers: centers, outward: centers.map { SIMD2(0, $0.y > 1 ? 1 : -1) })
  }

  /// The number of layers that are reached.
  private static func depth(_ layer: [Int?]) -> Int { (layer.compactMap { $0 }.max() ?? -1) + 1 }
}
