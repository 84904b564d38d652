internal import RealModule

/// How far two clouds of states are from each other after the best rotation or reflection: the Procrustes shape
/// distance.
///
/// Angular: arccos(||X'Y||_* / (||X|| ||Y||)); Euclidean: sqrt(||X||² + ||Y||² - 2 ||X'Y||_*), with centred
/// columns and ||.||_* the sum of singular values (Williams et al. 2021, arXiv:2110.14739, eqs. 5 and 7; alpha
/// = 1). The narrower network counts as padded with silent units.
public struct ShapeDistance: RepresentationMetric {
  /// How the aligned clouds are compared.
  public enum Form: String, Sendable, CaseIterable {
    /// By the angle between them, in radians, 0...pi/2.
    case angular
    /// By the length of their difference, in the states' units times sqrt(samples).
    case euclidean
  }

  /// How the aligned clouds are compared.
  public var form: Form

  /// The distance of the given form.
  public init(_ form: Form = .angular) { self.form = form }

  /// What is computed.
  public var convention: MetricConvention {
    let common: Set<MetricConvention.Property> = [
      .symmetric, .zeroOnItself, .triangleInequality, .orthogonalInvariance, .translationInvariance,
      .permutationInvariance, .signInvariance,
    ]
    return switch form {
    case .angular:
      MetricConvention(
        name: "procrustes_angular", level: .representation,
        text:
          "arccos of the nuclear norm of X'Y over ||X|| ||Y||, columns centred, both scaled to norm 1; not squared; "
          + "radians (Williams et al. 2021, alpha = 1)",
        properties: common.union([.scaleInvariance]))
    case .euclidean:
      MetricConvention(
        name: "procrustes_euclidean", level: .representation,
        text:
          "Frobenius norm of X - YQ at the best orthogonal Q, columns centred, not scaled, not divided by the number "
          + "of samples; not squared (Williams et al. 2021, alpha = 1)",
        properties: common)
    }
  }

  /// The distance; numbers that differ by rounding alone give up to sqrt(rounding), as both formulas end in a root.
  public func compare(
    _ pair: RepresentationPair, _ first: Void, _ second: Void
  ) throws(DegeneracyError) -> DirectedValue {
    switch form {
    case .angular: return DirectedValue(.acos(try pair.nuclearCosine()))
    case .euclidean:
      let squared = pair.a.sumOfSquares + pair.b.sumOfSquares - 2 * (try pair.nuclearNorm())
      return DirectedValue(max(0, squared).squareRoot())
    }
  }
}
