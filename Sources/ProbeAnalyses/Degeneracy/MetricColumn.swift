import ProbeDegeneracy

/// A column of `pairs.csv`.
struct MetricColumn: Sendable, Equatable {
  let name: String
  /// What is computed.
  let convention: MetricConvention
  /// Whether it only says how sure another column is: a bound of it.
  var isBound = false

  var level: MetricConvention.Level { convention.level }

  /// A column named after its metric.
  init(_ convention: MetricConvention) { (name, self.convention) = (convention.name, convention) }

  /// A column beside its metric's own, such as a bound or one way of two.
  init(_ convention: MetricConvention, suffix: String, isBound: Bool = false) {
    (name, self.convention, self.isBound) = (convention.name + suffix, convention, isBound)
  }

  private static let difference: Set<MetricConvention.Property> = [
    .symmetric, .zeroOnItself, .triangleInequality,
  ]

  static let loss = MetricColumn(
    MetricConvention(
      name: "loss_difference", level: .behaviour,
      text: "absolute difference of the mean squared errors on the captured trials", properties: difference))
  static let harderLoss = MetricColumn(
    MetricConvention(
      name: "harder_loss_difference", level: .behaviour,
      text: "absolute difference of the mean squared errors on the task's harder variant",
      properties: difference))
  static let outputs = MetricColumn(
    MetricConvention(
      name: "output_disagreement", level: .behaviour,
      text:
        "root mean squared difference of the readouts over outputs and shared steps, not centred, not scaled",
      properties: difference))

  static let behaviour = [loss, harderLoss, outputs]
  /// Of models without inputs.
  static let freeDynamics = [
    MetricColumn(.angularDSA), MetricColumn(.angularDSA, suffix: "_bound", isBound: true),
    MetricColumn(.euclideanDSA), MetricColumn(.spectrumWasserstein),
    MetricColumn(.spectrumWassersteinSquared),
  ]
  /// Of models with inputs.
  static let drivenDynamics = [MetricColumn(.inputDSA), MetricColumn(.angularInputDSA)]
  static let dynamics = freeDynamics + drivenDynamics
  /// Where fixed points are asked for.
  static let topology = MetricColumn(.fixedPointTopology)

  /// The columns of representation metrics: two where a metric has a direction.
  static func representation(_ metrics: [any RepresentationMetric]) -> [MetricColumn] {
    metrics.flatMap { metric in
      let convention = metric.convention
      return convention.properties.contains(.symmetric)
        ? [MetricColumn(convention)]
        : [MetricColumn(convention, suffix: "_ab"), MetricColumn(convention, suffix: "_ba")]
    }
  }

  /// The columns of weights: a pair for each symmetry among the networks.
  static func weights(_ symmetries: [CellSymmetry]) -> [MetricColumn] {
    return symmetries.flatMap { symmetry in
      let convention = WeightAlignment.convention(symmetry)
      return [MetricColumn(convention), MetricColumn(convention, suffix: "_bound", isBound: true)]
    } + [
      MetricColumn(WeightAlignment.recurrentConvention),
      MetricColumn(WeightAlignment.recurrentConvention, suffix: "_per_n2"),
      MetricColumn(WeightSpectra.singularValueConvention), MetricColumn(WeightSpectra.eigenvalueConvention),
    ]
  }

  /// The column of a name, as a part of a run lists it.
  static func named(_ name: String) -> MetricColumn? {
    (behaviour + dynamics + [topology] + representation(PairComparison.representationMetrics)
      + weights(CellSymmetry.allCases)).first { $0.name == name }
  }
}
