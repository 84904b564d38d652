internal import ProbeLinearAlgebra

/// The Fast Approximate QAP algorithm, over signed matchings too.
///
/// Frank-Wolfe on the relaxed problem, each step an assignment, the end projected onto a matching (Vogelstein
/// et al. 2015, doi:10.1371/journal.pone.0121002).
struct FrankWolfe: Sendable {
  /// The most steps; a planted matching takes two or three.
  var steps = 30

  /// Climbs from a start.
  ///
  /// - Parameters:
  ///   - problem: what is maximised.
  ///   - start: a matching, mixed half and half with the barycentre; the barycentre alone if nil.
  /// - Returns: a matching.
  /// - Complexity: O(n³) a step.
  func maximize(_ problem: AlignmentProblem, from start: UnitMatching?) -> UnitMatching {
    let n = problem.units
    var p = Matrix<Double>(rows: n, columns: n, repeating: 1 / Double(n))
    var q = Matrix<Double>(rows: n, columns: n)
    if let start { step(&p, &q, towards: start, by: 0.5) }
    var slopes = problem.quadraticGradient(p, q)
    for _ in 0..<steps {
      var (byPlain, bySigned) = (slopes.plain, slopes.signed)
      byPlain.add(problem.plain)
      bySigned.add(problem.signed)
      let vertex = problem.bestVertex(plain: byPlain, signed: bySigned)
      var (dp, dq) = (p, q)
      step(&dp, &dq, towards: vertex, by: 1)
      dp.add(p, times: -1)
      dq.add(q, times: -1)
      let slope = byPlain.dot(dp) + bySigned.dot(dq)
      let size = abs(byPlain.dot(p)) + abs(bySigned.dot(q))
      guard slope > 1e-9 * size else { break }
      // The quadratic terms' gradient is linear, so that at the vertex gives that along the way and the curvature too.
      var change = problem.quadraticGradient(at: vertex)
      change.plain.add(slopes.plain, times: -1)
      change.signed.add(slopes.signed, times: -1)
      let curvature = (change.plain.dot(dp) + change.signed.dot(dq)) / 2
      let length = curvature < 0 ? min(1, -slope / (2 * curvature)) : 1
      p.add(dp, times: length)
      q.add(dq, times: length)
      slopes.plain.add(change.plain, times: length)
      slopes.signed.add(change.signed, times: length)
      let moved = length * (dp.dot(dp) + dq.dot(dq)).squareRoot()
      guard moved > Self.standstill * Double(n).squareRoot() else { break }
    }
    return problem.bestVertex(plain: p, signed: q)
  }

  /// The length of a step, in root mean square by row, below which the vertex no longer changes: scipy's default.
  private static let standstill = 0.03

  private func step(
    _ p: inout Matrix<Double>, _ q: inout Matrix<Double>, towards matching: UnitMatching, by length: Double
  ) {
    for index in p.elements.indices {
      p.elements[index] *= 1 - length
      q.elements[index] *= 1 - length
    }
    for (row, column) in matching.order.enumerated() {
      p[row, column] += length
      q[row, column] += length * matching.signs[row]
    }
  }
}
