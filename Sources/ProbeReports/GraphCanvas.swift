import Glibc
import ProbeFindings

/// The drawing of one graph, as it grows.
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

  /// Edges from one node to another, drawn as one arrow.
  private struct Arrow {
    let from: Int
    let to: Int
    let isHighlighted: Bool
    var labels: [String]
  }

  init(_ plot: GraphPlot) {
    self.plot = plot
    halfWidths = plot.nodes.map { max(20, Double($0.label.count) * 3.9 + 12) }
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
    var arrows: [Arrow] = []
    var known: [[Int]: Int] = [:]
    for edge in plot.edges {
      let key = [edge.from, edge.to, edge.isHighlighted ? 1 : 0]
      if let index = known[key] {
        arrows[index].labels.append(edge.label)
      } else {
        known[key] = arrows.count
        arrows.append(
          Arrow(from: edge.from, to: edge.to, isHighlighted: edge.isHighlighted, labels: [edge.label]))
      }
    }
    for arrow in arrows {
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
        body += "<g class=\"edge\"><path d=\"M\(point(start)) L\(point(tip - SIMD2(6, 0)))\"/>"
        body += head(at: tip, along: SIMD2(1, 0)) + "</g>\n"
        box.include(Box(low: start - 4, high: tip + 4))
      }
      let kind = node.kind.map { " \($0.rawValue)" } ?? ""
      body += "<g class=\"node\(kind)\" data-node=\"\(index)\" tabindex=\"0\">"
      body += ellipse(center, SIMD2(halfWidths[index], halfHeight), "")
      if node.isAccepting {
        body += ellipse(center, SIMD2(halfWidths[index] - 4, halfHeight - 4), " class=\"inner\"")
      }
      body +=
        "<text x=\"\(coordinate(center.x))\" y=\"\(coordinate(center.y))\">\(PageText.escape(node.label))</text>"
      if !node.hover.isEmpty { body += "<title>\(PageText.escape(node.hover))</title>" }
      body += "</g>\n"
    }
  }

  /// An arrow bent to its right, so that the arrow back keeps to the other side.
  private mutating func drawArrow(_ arrow: Arrow) {
    let start = layout.centers[arrow.from]
    let end = layout.centers[arrow.to]
    let along = end - start
    let distance = length(along)
    let normal = SIMD2(-along.y, along.x) / max(distance, 1)
    let control = (start + end) / 2 + normal * (0.12 * distance + 10)
    let curve = { (t: Double) -> SIMD2<Double> in
      start * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + end * (t * t)
    }
    let leave = crossing(curve, node: arrow.from, from: 0, to: 0.5)
    let arrive = crossing(curve, node: arrow.to, from: 1, to: 0.5)
    let tip = curve(arrive)
    let back = curve(arrive - min(0.05, 8 / max(distance, 1)))
    let direction = (tip - back) / max(length(tip - back), 1e-9)
    let path = (0...16).map { step -> String in
      let t = leave + (arrive - leave) * Double(step) / 16
      return point(step == 16 ? tip - direction * 6 : curve(t))
    }
    open(arrow)
    body += "<path d=\"M\(path.joined(separator: " L"))\"/>" + head(at: tip, along: direction)
    let lines = wrap(arrow.labels)
    let places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8].map(curve)
    write(lines, atBestOf: places)
    body += "</g>\n"
    for step in 0...8 {
      let at = curve(Double(step) / 8)
      box.include(Box(low: at - 4, high: at + 4))
    }
  }

  /// A loop away from the middle, its label beyond it.
  private mutating func drawLoop(_ arrow: Arrow) {
    let center = layout.centers[arrow.from]
    let outward = layout.outward[arrow.from]
    let angle = atan2(outward.y, outward.x)
    let radii = SIMD2(halfWidths[arrow.from] + 1, halfHeight + 1)
    let rim = { (angle: Double) -> SIMD2<Double> in
      // The border of the ellipse in a given direction.
      let direction = SIMD2(cos(angle), sin(angle))
      let scaled = direction / radii
      return center + direction / length(scaled)
    }
    let start = rim(angle - 0.42)
    let end = rim(angle + 0.42)
    let reach = 34.0
    let first = start + SIMD2(cos(angle - 0.55), sin(angle - 0.55)) * reach
    let second = end + SIMD2(cos(angle + 0.55), sin(angle + 0.55)) * reach
    let direction = (end - second) / length(end - second)
    open(arrow)
    body += "<path d=\"M\(point(start)) C\(point(first)) \(point(second)) \(point(end - direction * 6))\"/>"
    body += head(at: end, along: direction)
    let lines = wrap(arrow.labels)
    let size = size(of: lines)
    // The label's box touches the loop's far end from outside.
    let far = (start + end + first * 3 + second * 3) / 8
    let place = far + outward * SIMD2(size.x / 2 + 5, size.y / 2 + 5)
    write(lines, atBestOf: [place, place + outward * 14, place + outward * 28])
    body += "</g>\n"
    box.include(Box(low: far - 4, high: far + 4))
  }

  private mutating func open(_ arrow: Arrow) {
    let marked = arrow.isHighlighted ? " marked" : ""
    body += "<g class=\"edge\(marked)\" data-from=\"\(arrow.from)\" data-to=\"\(arrow.to)\">"
  }

  /// Writes lines of text where they cover least of what is already there.
  private mutating func write(_ lines: [String], atBestOf places: [SIMD2<Double>]) {
    let half = size(of: lines) / 2
    let boxes = places.map { Box(low: $0 - half, high: $0 + half) }
    let costs = boxes.map { box in taken.reduce(0) { $0 + $1.overlap(box) } }
    guard let least = costs.min(), let chosen = costs.firstIndex(of: least), !lines.joined().isEmpty else {
      return
    }
    taken.append(boxes[chosen])
    box.include(boxes[chosen])
    for (index, line) in lines.enumerated() {
      let y = places[chosen].y + (Double(index) - Double(lines.count - 1) / 2) * 13
      body +=
        "<text x=\"\(coordinate(places[chosen].x))\" y=\"\(coordinate(y))\">\(PageText.escape(line))</text>"
    }
  }

  /// Labels in lines of at most about 16 characters.
  private func wrap(_ labels: [String]) -> [String] {
    var lines: [String] = []
    for (index, label) in labels.enumerated() {
      let piece = label + (index < labels.count - 1 ? "," : "")
      if let last = lines.last, last.count + piece.count < 16 {
        lines[lines.count - 1] = last + " " + piece
      } else {
        lines.append(piece)
      }
    }
    return lines
  }

  /// The size of lines in 11-pixel text, estimated from the number of characters.
  private func size(of lines: [String]) -> SIMD2<Double> {
    SIMD2(Double(lines.map(\.count).max() ?? 0) * 6.3 + 4, Double(lines.count) * 13 + 2)
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

  private func head(at tip: SIMD2<Double>, along direction: SIMD2<Double>) -> String {
    let side = SIMD2(-direction.y, direction.x)
    let back = tip - direction * 9
    return "<polygon points=\"\(point(tip)) \(point(back + side * 4)) \(point(back - side * 4))\"/>"
  }

  private func ellipse(_ center: SIMD2<Double>, _ radii: SIMD2<Double>, _ attributes: String) -> String {
    "<ellipse\(attributes) cx=\"\(coordinate(center.x))\" cy=\"\(coordinate(center.y))\" "
      + "rx=\"\(coordinate(radii.x))\" ry=\"\(coordinate(radii.y))\"/>"
  }

  private func point(_ place: SIMD2<Double>) -> String { "\(coordinate(place.x)),\(coordinate(place.y))" }
}

/// The Euclidean norm.
private func length(_ vector: SIMD2<Double>) -> Double { hypot(vector.x, vector.y) }
