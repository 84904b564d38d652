public import ProbeLinearAlgebra
internal import RealModule

/// Procrustes analysis over vector fields: how near one linear operator comes to another under a change of orthonormal basis.
///
/// min over C in O(n) of ‖A - C B C'‖, both divided by their Frobenius norms (Ostrow et al. 2023, arXiv 2306.10168). The
/// problem is not convex: many starts, of both determinants, go a few steps each, the better ones more, and the best until no way
/// leads down.
/// The result is an upper bound of the minimum; a lower bound is given beside it.
public struct VectorFieldProcrustes: Sendable, Hashable {
  /// Random bases among the starts, each with both determinants.
  public var randomStarts = 12
  /// The rounds, each with the number of starts that go on and the most steps that each goes.
  public var rounds = [
    Round(starts: .max, steps: 8), Round(starts: 10, steps: 25), Round(starts: 4, steps: 80),
    Round(starts: 2, steps: 1000),
  ]
  /// The norm of the gradient, in units of the distance, at which a descent ends.
  ///
  /// What is then left to gain is of the order of its square.
  public var tolerance = 1e-8
  /// The seed of the random starts.
  public var seed: UInt64 = 0

  /// Starts that go on for some steps.
  public struct Round: Sendable, Hashable {
    /// How many go on, the best so far.
    public var starts: Int
    /// The most steps that each goes.
    public var steps: Int

    /// A round.
    public init(starts: Int, steps: Int) {
      self.starts = starts
      self.steps = steps
    }
  }

  /// Twelve random starts beside the structured ones, seed 0.
  public init() {}

  /// Aligns the second operator to the first.
  ///
  /// - Throws: ``DegeneracyError/shapeMismatch(object:expected:found:)`` where sizes differ.
  /// - Complexity: O(n³) a step.
  public func align(
    _ a: OperatorProfile, _ b: OperatorProfile
  ) throws(DegeneracyError) -> VectorFieldAlignment {
    guard a.size == b.size else {
      throw .shapeMismatch(
        object: "the second operator", expected: "[\(a.size), \(a.size)] as the first",
        found: "[\(b.size), \(b.size)]")
    }
    let bound = alignmentLowerBound(a, b)
    let starts = AlignmentStart.all(a, b, random: a.size > 1 ? randomStarts : 0, seed: seed)
    var descents = starts.map { start in
      (start: start, descent: OrthogonalDescent(target: a.matrix, source: b.matrix, start: start.rotation))
    }
    // By value, then by number, so that equal ones have an order.
    func ranking() -> [Int] {
      descents.indices.sorted { (descents[$0].descent.value, $0) < (descents[$1].descent.value, $1) }
    }
    search: for round in rounds {
      for index in ranking().prefix(round.starts) {
        descents[index].descent.descend(steps: round.steps, tolerance: tolerance)
        // Nothing can be better than the bound.
        if descents[index].descent.distance <= bound + 1e-13 { break search }
      }
    }
    let best = ranking()[0]
    try factorize("the alignment") { () throws(LinearAlgebraError) in
      try descents[best].descent.orthonormalize()
    }
    let chosen = descents[best]
    let sign = try factorize("the alignment") { () throws(LinearAlgebraError) in
      try LUFactorization(chosen.descent.rotation).determinantSign
    }
    return VectorFieldAlignment(
      rotation: chosen.descent.rotation, distance: chosen.descent.distance, lowerBound: bound,
      determinant: sign, start: chosen.start.name, gradientNorm: chosen.descent.gradientNorm,
      isStationary: chosen.descent.isStationary)
  }
}

/// The best change of basis that was found between two operators.
public struct VectorFieldAlignment: Sendable, Equatable {
  /// C, `[n, n]`, orthogonal.
  public let rotation: Matrix<Double>
  /// ‖A - C B C'‖ of the operators divided by their norms, between 0 and 2.
  public let distance: Double
  /// What no C can go below, up to rounding.
  public let lowerBound: Double
  /// The determinant of C, -1 or 1.
  public let determinant: Int
  /// The start that led here.
  public let start: String
  /// The norm of the gradient where the descent ended.
  public let gradientNorm: Double
  /// Whether the descent ended for want of a way down, and not for the number of steps.
  public let isStationary: Bool

  /// arccos of tr(A' C B C') / (‖A‖ ‖B‖), between 0 and pi: 2 arcsin(distance / 2), which keeps its digits near 0.
  public var angle: Double { Self.angle(distance) }
  /// The angle of the lower bound.
  public var angleLowerBound: Double { Self.angle(lowerBound) }
  /// How far the distance may be above the minimum; at least 0.
  public var gap: Double { max(0, distance - lowerBound) }

  private static func angle(_ chord: Double) -> Double { 2 * Double.asin(min(1, chord / 2)) }
}
