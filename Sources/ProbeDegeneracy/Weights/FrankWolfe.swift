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
    for _ in 0..<steps {
      let (byPlain, bySigned) = problem.gradient(p, q)
      let vertex = problem.bestVertex(plain: byPlain, signed: bySigned)
      var (dp, dq) = (p, q)
      step(&dp, &dq, towards: vertex, by: 1)
      dp.add(p, times: -1)
      dq.add(q, times: -1)
      let slope = byPlain.dot(dp) + bySigned.dot(dq)
      let size = abs(byPlain.dot(p)) + abs(bySigned.dot(q))
      guard slope > 1e-9 * size else { break }
      let curvature = problem.curvature(dp, dq)
      let length = curvature < 0 ? min(1, -slope / (2 * curvature)) : 1
      p.add(dp, times: length)
      q.add(dq, times: length)
      if length == 1 { return vertexOrClimb(problem, vertex, p, q) }
    }
    return problem.bestVertex(plain: p, signed: q)
  }

  /// A full step has arrived at a matching; it is the end unless another one is better in its direction, which
  /// local search looks after.
  private func vertexOrClimb(
    _ problem: AlignmentProblem, _ vertex: UnitMatching, _ p: Matrix<Double>, _ q: Matrix<Double>
  ) -> UnitMatching {
    var current = vertex
    var value = problem.value(current)
    for _ in 0..<steps {
      var (p, q) = (p, q)
      step(&p, &q, towards: current, by: 1)
      let (byPlain, bySigned) = problem.gradient(p, q)
      let next = problem.bestVertex(plain: byPlain, signed: bySigned)
      let improved = problem.value(next)
      guard improved > value else { break }
      (current, value) = (next, improved)
    }
    return current
  }

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
