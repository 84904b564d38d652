import ProbeFindings

/// The drawing of a graph in layers, as it grows.
struct LayeredCanvas {
  /// The elements so far, and what encloses them.
  private(set) var pen = GraphPen()
  private let plot: GraphPlot
  private let layout: LayeredLayout
  private let colors: [StateColor]
  private var labels: LabelPlacer
  private let heaviest: Double

  /// A drawing yet empty.
  ///
  /// - Parameters:
  ///   - plot: the graph.
  ///   - colors: a colour for each node, drawn as a swatch below its label; empty for none.
  init(_ plot: GraphPlot, colors: [StateColor]) {
    self.plot = plot
    self.colors = colors
    layout = LayeredLayout(plot)
    labels = LabelPlacer(
      nodes: zip(layout.centers, layout.radii).map { Box(low: $0 - $1, high: $0 + $1) },
      curves: layout.routes.map { $0.curve.points(each: 12) })
    heaviest = (layout.routes.map(\.arrow) + layout.loops.map(\.arrow)).compactMap(\.weight).max() ?? 0
    for box in labels.nodes { pen.include(box) }
  }

  /// Draws all: arrows, then nodes, then the arrows' labels, which no line crosses then.
  mutating func draw() {
    for (loop, isBelow) in layout.loops { drawLoop(loop, isBelow: isBelow) }
    for route in layout.routes { draw(route) }
    for node in plot.nodes.indices { drawNode(node) }
    for (loop, isBelow) in layout.loops where !loop.lines.isEmpty { drawLoopLabel(loop, isBelow: isBelow) }
    // Short arrows first: they have the fewest places for their labels.
    let sorted = layout.routes.indices.sorted {
      (layout.routes[$0].curve.pieces.count, $0) < (layout.routes[$1].curve.pieces.count, $1)
    }
    for index in sorted where !layout.routes[index].arrow.lines.isEmpty { drawLabel(index) }
  }

  private mutating func draw(_ route: LayeredLayout.Route) {
    let width = width(route.arrow)
    draw(route.curve, of: route.arrow, width: width, target: layout.centers[route.arrow.to])
  }

  /// Draws a curve whose end is the tip of its arrow's head.
  private mutating func draw(_ curve: EdgeCurve, of arrow: GraphArrow, width: Double, target: SIMD2<Double>) {
    let length = 7 + 1.4 * width
    var shaft = curve
    let tip = curve.end
    // The shaft ends within the head, whose point would else be blunt.
    shaft.arrive(tip, radii: SIMD2(repeating: length * 0.7))
    var back = curve
    back.arrive(tip, radii: SIMD2(repeating: length))
    let along = tip - back.end
    let thickness = arrow.weight == nil ? "" : " style=\"stroke-width:\(coordinate(width))\""
    pen.open(arrow, kind: "edge")
    pen.add("<title>\(PageText.escape(arrow.title(in: plot)))</title>")
    pen.add("<path class=\"hit\" d=\"\(curve.path)\"/><path d=\"\(shaft.path)\"\(thickness)/>")
    pen.add(GraphPen.head(at: tip, along: along / max(norm(along), 1e-9), length: length) + "</g>\n")
    for point in curve.points(each: 8) { pen.include(Box(low: point - 4, high: point + 4)) }
  }

  /// The width of an arrow's line: as the root of its weight, from 1 to 4 pixels.
  private func width(_ arrow: GraphArrow) -> Double {
    guard let weight = arrow.weight, heaviest > 0 else { return 1.4 }
    return 1 + 3 * (weight / heaviest).squareRoot()
  }

  /// A loop above its node, or below it.
  private mutating func drawLoop(_ loop: GraphArrow, isBelow: Bool) {
    let center = layout.centers[loop.from]
    let radii = layout.radii[loop.from]
    let up = isBelow ? 1.0 : -1.0
    // From a point of the border to its mirror image; controls so high that the curve's top is at the loop's height.
    let foot = SIMD2(min(radii.x * 0.42, 9), 0.0)
    let rise = (1 - (foot.x / radii.x) * (foot.x / radii.x)).squareRoot() * radii.y
    let top = (radii.y + LayerRoom.loopHeight - 0.25 * rise) / 0.75
    let start = center - foot + SIMD2(0, up * (rise + 1.5))
    let end = center + foot + SIMD2(0, up * (rise + 2))
    let curve = EdgeCurve([
      .init(
        start: start, first: center + SIMD2(-21, up * top), second: center + SIMD2(21, up * top), end: end)
    ])
    draw(curve, of: loop, width: width(loop), target: center)
    labels.keepOff(
      Box(
        low: SIMD2(center.x - 16, min(center.y, center.y + up * (radii.y + LayerRoom.loopHeight))),
        high: SIMD2(center.x + 16, max(center.y, center.y + up * (radii.y + LayerRoom.loopHeight)))))
  }

  private mutating func drawLoopLabel(_ loop: GraphArrow, isBelow: Bool) {
    let half = GraphText.size(of: loop.lines) / 2
    let rise = layout.radii[loop.from].y + LayerRoom.loopHeight + half.y + 1
    let place = layout.centers[loop.from] + SIMD2(0, isBelow ? rise : -rise)
    labels.keepOff(Box(low: place - half, high: place + half))
    write(loop, at: place)
  }

  private mutating func drawLabel(_ index: Int) {
    let route = layout.routes[index]
    let size = GraphText.size(of: route.arrow.lines)
    let shares = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8]
    var places: [SIMD2<Double>] = []
    for share in shares {
      let (point, direction) = route.curve.place(at: share)
      if route.isBeside {
        // On a short upright line a label would hide the line: it stands beside, first to the right of the direction.
        for side in [1.0, -1] {
          places.append(point + SIMD2(-direction.y, direction.x) * (side * (size.x / 2 + 3)))
        }
      } else {
        places.append(point)
      }
    }
    write(route.arrow, at: labels.place(size, of: index, among: places))
  }

  private mutating func write(_ arrow: GraphArrow, at place: SIMD2<Double>) {
    let half = GraphText.size(of: arrow.lines) / 2
    pen.include(Box(low: place - half, high: place + half))
    pen.open(arrow, kind: "edge name")
    pen.add("<title>\(PageText.escape(arrow.title(in: plot)))</title>")
    // A plate behind the text: lines would else show between its letters.
    pen.add(
      "<rect class=\"plate\" x=\"\(coordinate(place.x - half.x + 1))\" y=\"\(coordinate(place.y - half.y + 1))\" "
        + "width=\"\(coordinate(2 * half.x - 2))\" height=\"\(coordinate(2 * half.y - 2))\" rx=\"2\"/>")
    pen.add(GraphPen.lines(arrow.lines, at: place) + "</g>\n")
  }

  private mutating func drawNode(_ index: Int) {
    let node = plot.nodes[index]
    let center = layout.centers[index]
    let radii = layout.radii[index]
    if node.isInitial {
      let tip = center - SIMD2(radii.x + 2, 0)
      let start = tip - SIMD2(28, 0)
      pen.add(
        "<g class=\"edge start\"><path d=\"M\(GraphPen.point(start)) L\(GraphPen.point(tip - SIMD2(6, 0)))\"/>"
      )
      pen.add(GraphPen.head(at: tip, along: SIMD2(1, 0)) + "</g>\n")
      pen.include(Box(low: start - 4, high: tip + 4))
    }
    let kind = node.kind.map { " \($0.rawValue)" } ?? ""
    let color = colors.isEmpty ? "" : " style=\"--d:\(colors[index].dark)\""
    pen.add("<g class=\"node\(kind)\" data-node=\"\(index)\" tabindex=\"0\" role=\"img\"\(color)")
    pen.add(" aria-label=\"\(PageText.escape(spoken(node)))\">")
    pen.add(GraphPen.ellipse(center, radii))
    if node.isAccepting { pen.add(GraphPen.ellipse(center, radii - 3.5, " class=\"inner\"")) }
    let lift = colors.isEmpty ? 0 : 3.0
    pen.add(GraphPen.text(GraphText.nodeLabel(node.label), at: center - SIMD2(0, lift)))
    if !colors.isEmpty {
      pen.add(
        "<rect class=\"swatch\" x=\"\(coordinate(center.x - 7))\" y=\"\(coordinate(center.y + 6))\" "
          + "width=\"14\" height=\"4.5\" rx=\"2.2\" fill=\"\(colors[index].light)\"/>")
    }
    if !node.hover.isEmpty { pen.add("<title>\(PageText.escape(node.hover))</title>") }
    pen.add("</g>\n")
  }

  /// What a screen reader says of a node.
  private func spoken(_ node: GraphPlot.Node) -> String {
    "state \(node.label)" + (node.isInitial ? ", start" : "") + (node.isAccepting ? ", accepting" : "")
  }
}
