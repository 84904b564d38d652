/// Writes the elements of a graph's SVG, and knows what encloses them.
struct GraphPen {
  /// The elements so far.
  private(set) var body = ""
  /// What encloses them.
  private(set) var box: Box?

  /// Adds elements that are drawn elsewhere.
  mutating func add(_ text: String) { body += text }

  /// Widens what encloses the drawing.
  mutating func include(_ other: Box) {
    box?.include(other)
    if box == nil { box = other }
  }

  /// Opens the group of an arrow, or of its label.
  mutating func open(_ arrow: GraphArrow, kind: String) {
    let marked = arrow.isHighlighted ? " marked" : ""
    body += "<g class=\"\(kind)\(marked)\" data-from=\"\(arrow.from)\" data-to=\"\(arrow.to)\">"
  }

  /// An ellipse.
  static func ellipse(_ center: SIMD2<Double>, _ radii: SIMD2<Double>, _ attributes: String = "") -> String {
    "<ellipse\(attributes) cx=\"\(coordinate(center.x))\" cy=\"\(coordinate(center.y))\" "
      + "rx=\"\(coordinate(radii.x))\" ry=\"\(coordinate(radii.y))\"/>"
  }

  /// A text centred on a point, escaped.
  static func text(_ text: String, at place: SIMD2<Double>) -> String {
    "<text x=\"\(coordinate(place.x))\" y=\"\(coordinate(place.y))\">\(PageText.escape(text))</text>"
  }

  /// An arrow's head.
  ///
  /// - Parameters:
  ///   - tip: its point.
  ///   - direction: where it points, a unit vector.
  ///   - length: from its point to its back, in pixels.
  /// - Returns: the element.
  static func head(at tip: SIMD2<Double>, along direction: SIMD2<Double>, length: Double = 9) -> String {
    let side = SIMD2(-direction.y, direction.x) * (length * 0.44)
    let back = tip - direction * length
    return "<polygon points=\"\(point(tip)) \(point(back + side)) \(point(back - side))\"/>"
  }

  /// A pair of coordinates.
  static func point(_ place: SIMD2<Double>) -> String { "\(coordinate(place.x)),\(coordinate(place.y))" }

  /// Lines of text, centred on a point.
  static func lines(_ lines: [String], at place: SIMD2<Double>) -> String {
    lines.enumerated().map { index, line in
      let y = place.y + (Double(index) - Double(lines.count - 1) / 2) * 13
      return text(line, at: SIMD2(place.x, y))
    }
    .joined()
  }
}
