extension MetricConvention {
  private static let delayOperator =
    "operator A on the leading singular vectors of the delay vectors (unit singular values, no centring)"
  private static let operatorInvariances: Set<Property> = [
    .symmetric, .zeroOnItself, .triangleInequality, .orthogonalInvariance, .scaleInvariance,
    .permutationInvariance, .signInvariance,
  ]

  /// ``VectorFieldAlignment/angle``.
  public static let angularDSA = MetricConvention(
    name: "dsa_angular", level: .dynamics,
    text:
      "\(delayOperator); min over C in O(n) of arccos(tr(A' C B C') / (‖A‖ ‖B‖)), between 0 and pi; properties hold of the "
      + "minimum, which the value is an upper bound of (Ostrow et al. 2023)",
    properties: operatorInvariances)
  /// ``VectorFieldAlignment/distance``.
  public static let euclideanDSA = MetricConvention(
    name: "dsa_euclidean", level: .dynamics,
    text:
      "\(delayOperator), divided by its Frobenius norm; min over C in O(n) of ‖A - C B C'‖, not squared, between 0 and 2; "
      + "properties hold of the minimum, which the value is an upper bound of (Ostrow et al. 2023)",
    properties: operatorInvariances)
  /// ``SpectrumDistance``.
  public static let spectrumWasserstein = MetricConvention(
    name: "dsa_w2", level: .dynamics,
    text:
      "eigenvalues of the \(delayOperator), not normalised; W2 of uniform weights by exact assignment, not squared; a "
      + "pseudometric among spectra of one size",
    properties: operatorInvariances)
  /// ``SpectrumDistance/squared(_:_:)``.
  public static let spectrumWassersteinSquared = MetricConvention(
    name: "dsa_w2_squared", level: .dynamics,
    text: "the square of dsa_w2, which dsa-metric calls wasserstein; no triangle inequality",
    properties: operatorInvariances.subtracting([.triangleInequality]))
  /// ``ControlledAlignment/distance``.
  public static let inputDSA = MetricConvention(
    name: "input_dsa", level: .dynamics,
    text:
      "(A, B) by DMD with control on the leading singular vectors of the delay vectors; min over C in O(n) of ‖K1 - C K2‖, "
      + "K = [B, AB, A'B, A²B, ...], not squared, not divided (InputDSA, with the minimiser C = V U')",
    properties: operatorInvariances)
  /// ``ControlledAlignment/angle``.
  public static let angularInputDSA = MetricConvention(
    name: "input_dsa_angular", level: .dynamics,
    text: "the angle between the K and C K of input_dsa, at the same C, between 0 and pi",
    properties: operatorInvariances)
  /// ``FixedPointTopology``.
  public static let fixedPointTopology = MetricConvention(
    name: "fixed_point_topology", level: .dynamics,
    text:
      "fixed points matched by index, stability and number of unstable directions at cost min(1, difference of spectral radii), "
      + "1 a point without a partner, divided by the larger number of points (OSPA of order 1, cut-off 1)",
    properties: operatorInvariances.union([.translationInvariance, .linearInvariance]))

  /// All conventions of this level that are computed here.
  public static let dynamics = [
    angularDSA, euclideanDSA, spectrumWasserstein, spectrumWassersteinSquared, inputDSA, angularInputDSA,
    fixedPointTopology,
  ]
}
