public import ProbeLinearAlgebra
internal import RealModule

/// How near two systems with inputs come under one change of orthonormal basis of their states.
///
/// InputDSA (arXiv 2510.25943): min over C in O(n) of ‖K1 - C K2‖ of the matrices ``ControlledOperator/reachable``, whose
/// minimiser is C = V U' of K2 K1' = U S V' (Schönemann 1966, doi:10.1007/BF02289451). dsa-metric 2.0.1 takes the transpose of
/// it, with which a system and its rotated copy are not at distance 0.
public struct ControlledAlignment: Sendable, Equatable {
  /// C, `[n, n]`.
  public let rotation: Matrix<Double>
  /// ‖K1 - C K2‖, not divided by anything.
  public let distance: Double
  /// The angle between K1 and C K2, between 0 and pi.
  public let angle: Double
  /// ‖A1 - C A2 C'‖ at that C.
  public let stateDistance: Double
  /// ‖B1 - C B2‖ at that C.
  public let inputDistance: Double

  /// Aligns the second system to the first.
  ///
  /// - Throws: ``DegeneracyError`` where sizes differ, or nothing is reachable.
  /// - Complexity: O(n³ m).
  public init(_ a: ControlledOperator, _ b: ControlledOperator) throws(DegeneracyError) {
    guard a.input.rows == b.input.rows && a.input.columns == b.input.columns else {
      throw .shapeMismatch(
        object: "the second system", expected: "\(a.input.rows) states and \(a.input.columns) inputs",
        found: "\(b.input.rows) states and \(b.input.columns) inputs")
    }
    let (first, second) = (a.reachable, b.reachable)
    let (firstNorm, secondNorm) = (first.frobeniusNorm, second.frobeniusNorm)
    for (name, norm) in [
      ("what the first system's inputs reach", firstNorm),
      ("what the second system's inputs reach", secondNorm),
    ] {
      guard norm > 0 else { throw .zeroNorm(object: name) }
      guard norm.isFinite else { throw .notFinite(object: name, row: 0, column: first.columns - 1) }
    }
    let decomposition = try factorize("the product of what inputs reach") { () throws(LinearAlgebraError) in
      try (second * first.transposed).singularValueDecomposition()
    }
    rotation = decomposition.v.transposed * decomposition.u.transposed
    let moved = rotation * second
    distance = (first - moved).frobeniusNorm
    // 2 arcsin of half the chord between the directions keeps its digits near 0.
    var chord = 0.0
    for (x, y) in zip(first.elements, moved.elements) {
      let difference = x / firstNorm - y / secondNorm
      chord += difference * difference
    }
    angle = 2 * Double.asin(min(1, chord.squareRoot() / 2))
    stateDistance = (a.state - rotation * b.state * rotation.transposed).frobeniusNorm
    inputDistance = (a.input - rotation * b.input).frobeniusNorm
  }
}
