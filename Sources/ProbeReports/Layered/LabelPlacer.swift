/// Finds places for arrows' labels where they cover least.
struct LabelPlacer {
  /// The nodes, and whatever else is no place for a label.
  private(set) var nodes: [Box]
  /// Points along each arrow.
  let curves: [[SIMD2<Double>]]
  private var written: [Box] = []

  init(nodes: [Box], curves: [[SIMD2<Double>]]) {
    self.nodes = nodes
    self.curves = curves
  }

  /// Keeps later labels off a place.
  mutating func keepOff(_ box: Box) { nodes.append(box) }

  /// The best of some places for a label, which is then taken; earlier ones are better where they cover as little.
  ///
  /// A node or another label that would be covered counts by the area, another arrow by its points.
  ///
  /// - Complexity: O(places x (labels + points of arrows)).
  mutating func place(_ size: SIMD2<Double>, of arrow: Int, among places: [SIMD2<Double>]) -> SIMD2<Double> {
    var best = (cost: Double.infinity, place: SIMD2<Double>.zero)
    for (rank, place) in places.enumerated() {
      // A little more than the label's own size: two labels side by side must not read as one.
      let half = size / 2 + SIMD2(4, 1)
      let box = Box(low: place - half, high: place + half)
      var cost = 1.5 * Double(rank)
      for other in nodes { cost += 2 * box.overlap(other) }
      for other in written { cost += 2 * box.overlap(other) }
      for (index, points) in curves.enumerated() where index != arrow {
        cost += 5 * Double(points.count { box.contains($0) })
      }
      if cost < best.cost { best = (cost, place) }
    }
    written.append(Box(low: best.place - size / 2, high: best.place + size / 2))
    return best.place
  }
}
