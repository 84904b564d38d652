import Glibc

/// A smooth curve of cubic Béziers, from node to node.
struct EdgeCurve {
  /// A cubic Bézier.
  struct Piece {
    var start: SIMD2<Double>
    var first: SIMD2<Double>
    var second: SIMD2<Double>
    var end: SIMD2<Double>

    /// The point at a parameter from 0 to 1.
    func callAsFunction(_ t: Double) -> SIMD2<Double> {
      let s = 1 - t
      return start * (s * s * s) + first * (3 * s * s * t) + second * (3 * s * t * t) + end * (t * t * t)
    }

    /// The piece bent so that its middle lies further to the right of its direction.
    func bowed(by distance: Double) -> Piece {
      let along = end - start
      let aside = SIMD2(-along.y, along.x) / max(norm(along), 1e-9) * (distance * 4 / 3)
      return Piece(start: start, first: first + aside, second: second + aside, end: end)
    }

    /// The part between two parameters, by de Casteljau's subdivision.
    func part(from low: Double, to high: Double) -> Piece {
      let upper = cut(at: high).lower
      return high > 0 ? upper.cut(at: low / high).upper : upper
    }

    private func cut(at t: Double) -> (lower: Piece, upper: Piece) {
      let a = start + (first - start) * t
      let b = first + (second - first) * t
      let c = second + (end - second) * t
      let d = a + (b - a) * t
      let e = b + (c - b) * t
      let middle = d + (e - d) * t
      return (
        Piece(start: start, first: a, second: d, end: middle),
        Piece(start: middle, first: e, second: c, end: end)
      )
    }
  }

  /// The pieces, each beginning where the one before ends.
  private(set) var pieces: [Piece]

  /// Where it ends.
  var end: SIMD2<Double> { pieces[pieces.count - 1].end }

  /// A curve of given pieces; there is at least one.
  init(_ pieces: [Piece]) { self.pieces = pieces }

  /// Cuts off what lies within the ellipse of the node at the start.
  ///
  /// - Parameters:
  ///   - center: the node's centre, where the curve begins.
  ///   - radii: half the width and height of what is cut off.
  mutating func leave(_ center: SIMD2<Double>, radii: SIMD2<Double>) {
    let t = EdgeCurve.crossing(pieces[0], center, radii, inside: 0)
    pieces[0] = pieces[0].part(from: t, to: 1)
  }

  /// Cuts off what lies within the ellipse of the node at the end.
  mutating func arrive(_ center: SIMD2<Double>, radii: SIMD2<Double>) {
    let last = pieces.count - 1
    let t = EdgeCurve.crossing(pieces[last], center, radii, inside: 1)
    pieces[last] = pieces[last].part(from: 0, to: t)
  }

  /// The parameter at which a piece leaves an ellipse last, by bisection after a search from the outside.
  private static func crossing(
    _ piece: Piece, _ center: SIMD2<Double>, _ radii: SIMD2<Double>, inside: Double
  ) -> Double {
    func isInside(_ t: Double) -> Bool {
      let relative = (piece(t) - center) / radii
      return (relative * relative).sum() < 1
    }
    let steps = 32
    for step in (0..<steps).reversed() {
      let share = Double(step) / Double(steps)
      let t = inside == 0 ? share : 1 - share
      guard isInside(t) else { continue }
      var low = t
      var high = inside == 0 ? t + 1 / Double(steps) : t - 1 / Double(steps)
      for _ in 0..<30 {
        let middle = (low + high) / 2
        if isInside(middle) { low = middle } else { high = middle }
      }
      return high
    }
    return inside
  }

  /// Points along the curve, the same number on each piece.
  func points(each count: Int) -> [SIMD2<Double>] {
    var points = [pieces[0].start]
    for piece in pieces {
      for step in 1...count { points.append(piece(Double(step) / Double(count))) }
    }
    return points
  }

  /// The point at a share of the curve's length, and the curve's direction there, a unit vector.
  func place(at share: Double) -> (point: SIMD2<Double>, direction: SIMD2<Double>) {
    let points = points(each: 16)
    var lengths = [0.0]
    for (one, next) in zip(points, points.dropFirst()) {
      lengths.append(lengths[lengths.count - 1] + norm(next - one))
    }
    let target = share * lengths[lengths.count - 1]
    let index = max(1, lengths.firstIndex { $0 >= target } ?? lengths.count - 1)
    let step = points[index] - points[index - 1]
    let rest = (target - lengths[index - 1]) / max(norm(step), 1e-9)
    return (points[index - 1] + step * rest, step / max(norm(step), 1e-9))
  }

  /// The `d` attribute of an SVG path.
  var path: String {
    var text = "M\(EdgeCurve.text(pieces[0].start))"
    for piece in pieces {
      text += " C\(EdgeCurve.text(piece.first)) \(EdgeCurve.text(piece.second)) \(EdgeCurve.text(piece.end))"
    }
    return text
  }

  private static func text(_ point: SIMD2<Double>) -> String {
    "\(coordinate(point.x)),\(coordinate(point.y))"
  }
}

/// The Euclidean norm.
func norm(_ vector: SIMD2<Double>) -> Double { hypot(vector.x, vector.y) }
