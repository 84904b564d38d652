import Glibc
import ProbeFindings

/// The drawing of a graph around a circle, as it grows.
struct GraphCanvas {
  /// The SVG elements so far.
  private(set) var body = ""
  /// What encloses them.
  private(set) var box: Box
  private let plot: GraphPlot
  private let layout: GraphLayout
  private let halfWidths: [Double]
  private let halfHeight = 17.0
  private var taken: [Box]

  init(_ plot: GraphPlot) {
    self.plot = plot
    halfWidths = plot.nodes.map { max(20, GraphText.width(GraphText.nodeLabel($0.label), size: 13) / 2 + 12) }
    layout = GraphLayout(plot, halfWidths: halfWidths)
    let height = halfHeight
    taken = zip(layout.centers, halfWidths).map { center, half in
      Box(low: center - SIMD2(half, height), high: center + SIMD2(half, height))
    }
    box = taken.first ?? Box(low: .zero, high: .zero)
    for one in taken { box.include(one) }
  }

  /// Draws the arrows, and their labels where there is room.
  mutating func drawEdges() {
    for arrow in GraphArrow.arrows(of: plot) {
      if arrow.from == arrow.to { drawLoop(arrow) } else { drawArrow(arrow) }
    }
  }

  /// Draws the nodes, above the arrows.
  mutating func drawNodes() {
    for (index, node) in plot.nodes.enumerated() {
      let center = layout.centers[index]
      if node.isInitial {
        let tip = center - SIMD2(halfWidths[index] + 2, 0)
        let start = tip - SIMD2(26, 0)
        body +=
          "<g class=\"edge\"><path d=\"M\(GraphPen.point(start)) L\(GraphPen.point(tip - SIMD2(6, 0)))\"/>"
        body += GraphPen.head(at: tip, along: SIMD2(1, 0)) + "</g>\n"
        box.include(Box(low: start - 4, high: tip + 4))
      }
      let kind = node.kind.map { " \($0.rawValue)" } ?? ""
      body += "<g class=\"node\(kind)\" data-node=\"\(index)\" tabindex=\"0\">"
      body += GraphPen.ellipse(center, SIMD2(halfWidths[index], halfHeight))
      if node.isAccepting {
        body += GraphPen.ellipse(center, SIMD2(halfWidths[index] - 4, halfHeight - 4), " class=\"inner\"")
      }
      body += GraphPen.text(GraphText.nodeLabel(node.label), at: center)
      if !node.hover.isEmpty { body += "<title>\(PageText.escape(node.hover))</title>" }
      body += "</g>\n"
    }
  }

  /// An arrow bent to its right, so that the arrow back keeps to the other side.
  private mutating func drawArrow(_ arrow: GraphArrow) {
    let start = layout.centers[arrow.from]
    let end = layout.centers[arrow.to]
    let along = end - start
    let distance = norm(along)
    let normal = SIMD2(-along.y, along.x) / max(distance, 1)
    let control = (start + end) / 2 + normal * (0.12 * distance + 10)
    let curve = { (t: Double) -> SIMD2<Double> in
      start * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + end * (t * t)
    }
    let leave = crossing(curve, node: arrow.from, from: 0, to: 0.5)
    let arrive = crossing(curve, node: arrow.to, from: 1, to: 0.5)
    let tip = curve(arrive)
    let back = curve(arrive - min(0.05, 8 / max(distance, 1)))
    let direction = (tip - back) / max(norm(tip - back), 1e-9)
    let path = (0...16).map { step -> String in
      let t = leave + (arrive - leave) * Double(step) / 16
      return GraphPen.point(step == 16 ? tip - direction * 6 : curve(t))
    }
    open(arrow)
    body += "<path d=\"M\(path.joined(separator: " L"))\"/>" + GraphPen.head(at: tip, along: direction)
    let places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8].map(curve)
    write(arrow.lines, atBestOf: places)
    body += "</g>\n"
    for step in 0...8 {
      let at = curve(Double(step) / 8)
      box.include(Box(low: at - 4, high: at + 4))
    }
  }

  /// A loop away from the middle, its label beyond it.
  private mutating func drawLoop(_ arrow: GraphArrow) {
    let center = layout.centers[arrow.from]
    let outward = layout.outward[arrow.from]
    let angle = atan2(outward.y, outward.x)
    let radii = SIMD2(halfWidths[arrow.from] + 1, halfHeight + 1)
    let rim = { (angle: Double) -> SIMD2<Double> in
      // The border of the ellipse in a given direction.
      let direction = SIMD2(cos(angle), sin(angle))
      let scaled = direction / radii
      return center + direction / norm(scaled)
    }
    let start = rim(angle - 0.42)
    let end = rim(angle + 0.42)
    let reach = 34.0
    let first = start + SIMD2(cos(angle - 0.55), sin(angle - 0.55)) * reach
    let second = end + SIMD2(cos(angle + 0.55), sin(angle + 0.55)) * reach
    let direction = (end - second) / norm(end - second)
    open(arrow)
    body +=
      "<path d=\"M\(GraphPen.point(start)) C\(GraphPen.point(first)) \(GraphPen.point(second)) \(GraphPen.point(end - direction * 6))\"/>"
    body += GraphPen.head(at: end, along: direction)
    let size = GraphText.size(of: arrow.lines)
    // The label's box touches the loop's far end from outside.
    let far = (start + end + first * 3 + second * 3) / 8
    let place = far + outward * SIMD2(size.x / 2 + 5, size.y / 2 + 5)
    write(arrow.lines, atBestOf: [place, place + outward * 14, place + outward * 28])
    body += "</g>\n"
    box.include(Box(low: far - 4, high: far + 4))
  }

  private mutating func open(_ arrow: GraphArrow) {
    let marked = arrow.isHighlighted ? " marked" : ""
    body += "<g class=\"edge\(marked)\" data-from=\"\(arrow.from)\" data-to=\"\(arrow.to)\">"
    body += "<title>\(PageText.escape(arrow.title(in: plot)))</title>"
  }

  /// Writes lines of text where they cover least of what is already there.
  private mutating func write(_ lines: [String], atBestOf places: [SIMD2<Double>]) {
    let half = GraphText.size(of: lines) / 2
    let boxes = places.map { Box(low: $0 - half, high: $0 + half) }
    let costs = boxes.map { box in taken.reduce(0) { $0 + $1.overlap(box) } }
    guard let least = costs.min(), let chosen = costs.firstIndex(of: least), !lines.joined().isEmpty else {
      return
    }
    taken.append(boxes[chosen])
    box.include(boxes[chosen])
    body += GraphPen.lines(lines, at: places[chosen])
  }

  /// The parameter at which a curve crosses a node's border, by bisection between inside and outside.
  private func crossing(
    _ curve: (Double) -> SIMD2<Double>, node: Int, from inside: Double, to outside: Double
  ) -> Double {
    let radii = SIMD2(halfWidths[node] + 2, halfHeight + 2)
    var inside = inside
    var outside = outside
    for _ in 0..<30 {
      let middle = (inside + outside) / 2
      let relative = (curve(middle) - layout.centers[node]) / radii
      if (relative * relative).sum() < 1 { inside = middle } else { outside = middle }
    }
    return outside
  }
}
