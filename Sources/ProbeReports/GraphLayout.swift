import Glibc
import ProbeFindings

/// Where a graph's nodes stand around a circle, in an order that brings neighbours together; in pixels.
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
    let count = plot.nodes.count
    guard count > 1 else {
      centers = [.zero]
      outward = [SIMD2(0, -1)]
      return
    }
    let order = GraphLayout.order(plot)
    // Neighbours on the circle are at least one node and a gap apart.
    let radius = max(130, (2 * widest + 44) / (2 * sin(.pi / Double(count))))
    var centers = [SIMD2<Double>](repeating: .zero, count: count)
    var outward = centers
    for (place, node) in order.enumerated() {
      let angle = 2 * .pi * Double(place) / Double(count) - .pi / 2
      outward[node] = SIMD2(cos(angle), sin(angle))
      centers[node] = outward[node] * radius
    }
    self.centers = centers
    self.outward = outward
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
}
