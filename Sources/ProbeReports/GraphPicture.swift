import Glibc
import ProbeFindings

/// A graph as SVG: nodes, curved arrows, labels that keep off nodes and off one another, colours as CSS variables.
struct GraphPicture {
  /// The most nodes that are drawn; more would be a knot, and the edges' table says it better.
  static let nodeLimit = AutomatonPlot.drawableStates

  /// The picture, a whole SVG element whose styles are the page's.
  let svg: String
  /// The width at which its texts have their natural size, in pixels.
  let width: Double

  /// Draws a graph.
  ///
  /// - Parameters:
  ///   - plot: the graph.
  ///   - title: what the picture shows.
  ///   - colors: a colour for each node of a layered graph; empty for none.
  /// - Complexity: O(edges² + edges x nodes): labels look for free places. In layers that of ``LayerOrder`` is added.
  init(_ plot: GraphPlot, title: String, colors: [StateColor] = []) {
    guard plot.nodes.count <= GraphPicture.nodeLimit, !plot.nodes.isEmpty else {
      let text =
        plot.nodes.isEmpty
        ? "There are no nodes to draw."
        : "\(plot.nodes.count) nodes are too many to draw; the tables list every edge."
      self.init(
        "<g class=\"node\"><text x=\"240\" y=\"30\">\(PageText.escape(text))</text></g>",
        box: Box(low: .zero, high: SIMD2(480, 60)), title: title)
      return
    }
    switch plot.layout {
    case .circular:
      var canvas = GraphCanvas(plot)
      canvas.drawEdges()
      canvas.drawNodes()
      self.init(canvas.body, box: canvas.box, title: title)
    case .layered:
      var canvas = LayeredCanvas(plot, colors: colors)
      canvas.draw()
      self.init(canvas.pen.body, box: canvas.pen.box ?? Box(low: .zero, high: .zero), title: title)
    }
  }

  /// Draws the machine of an automaton, a swatch of its colour in each state.
  init(_ plot: AutomatonPlot, title: String) {
    self.init(
      plot.graph, title: title,
      colors: plot.points.isEmpty ? [] : StateColor.palette(plot.graph.nodes.count))
  }

  /// The picture as a file: with its styles, without the broad lines that are there for the pointer.
  var file: String {
    guard let end = svg.firstIndex(of: ">") else { return svg }
    var body = ""
    var rest = svg[svg.index(after: end)...]
    while let start = rest.firstRange(of: "<path class=\"hit\""),
      let stop = rest[start.lowerBound...].firstRange(of: "/>")
    {
      body += rest[..<start.lowerBound]
      rest = rest[stop.upperBound...]
    }
    return "\(svg[...end])<style>\n\(GraphStyle.file)</style>\(body)\(rest)\n"
  }

  private init(_ body: String, box: Box, title: String) {
    let low = box.low - 12
    let size = box.high - box.low + 24
    let label = PageText.escape(title)
    width = size.x
    svg = """
      <svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" aria-label="\(label)" \
      viewBox="\(coordinate(low.x)) \(coordinate(low.y)) \(coordinate(size.x)) \(coordinate(size.y))" \
      width="\(coordinate(size.x))" height="\(coordinate(size.y))">
      <rect class="sheet" x="\(coordinate(low.x))" y="\(coordinate(low.y))" width="\(coordinate(size.x))" \
      height="\(coordinate(size.y))"/>
      \(body)</svg>
      """
  }
}

/// A rectangle along the axes.
struct Box {
  var low: SIMD2<Double>
  var high: SIMD2<Double>

  /// The area shared with another rectangle.
  func overlap(_ other: Box) -> Double {
    let width = min(high.x, other.high.x) - max(low.x, other.low.x)
    let height = min(high.y, other.high.y) - max(low.y, other.low.y)
    return width > 0 && height > 0 ? width * height : 0
  }

  /// Whether a point lies in it.
  func contains(_ point: SIMD2<Double>) -> Bool {
    point.x >= low.x && point.x <= high.x && point.y >= low.y && point.y <= high.y
  }

  mutating func include(_ other: Box) {
    low = pointwiseMin(low, other.low)
    high = pointwiseMax(high, other.high)
  }
}

/// A coordinate in tenths of a pixel.
func coordinate(_ value: Double) -> String {
  let tenths = (value * 10).rounded()
  let whole = Int(tenths / 10)
  let rest = abs(Int(tenths) % 10)
  let sign = tenths < 0 && whole == 0 ? "-" : ""
  return rest == 0 ? "\(whole)" : "\(sign)\(whole).\(rest)"
}
