/// Networks of which the reader sees any two side by side: spectra, trajectories, fixed points and what each metric says.
public struct NetworkPairPlot: Sendable, Equatable {
  /// A fixed point in the plane of the trajectories.
  public struct Point: Sendable, Equatable {
    /// The coordinates along the first two principal components.
    public var position: SIMD2<Double>
    /// Its stability.
    public var kind: PointKind

    /// A fixed point.
    public init(position: SIMD2<Double>, kind: PointKind) {
      self.position = position
      self.kind = kind
    }
  }

  /// One network.
  public struct Network: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its group.
    public var group: String
    /// The eigenvalues of the linear model of its dynamics, real and imaginary parts; empty where there is no model.
    public var eigenvalues: [SIMD2<Double>]
    /// A few trials along its own first two principal components.
    public var trajectories: [[SIMD2<Double>]]
    /// The share of variance along these two, each 0 to 1.
    public var varianceShares: SIMD2<Double>
    /// Its fixed points.
    public var points: [Point]
    /// Why something is not shown, or what to know of it; empty for nothing.
    public var remark: String

    /// A network.
    public init(
      name: String, group: String, eigenvalues: [SIMD2<Double>], trajectories: [[SIMD2<Double>]],
      varianceShares: SIMD2<Double>, points: [Point], remark: String = ""
    ) {
      self.name = name
      self.group = group
      self.eigenvalues = eigenvalues
      self.trajectories = trajectories
      self.varianceShares = varianceShares
      self.points = points
      self.remark = remark
    }
  }

  /// What one metric says of every pair.
  public struct Metric: Sendable, Equatable {
    /// Its title.
    public var title: String
    /// The level that it compares at.
    public var level: String
    /// Each pair once, row-major; NaN of two that it cannot compare.
    public var values: [Double]

    /// A metric.
    public init(title: String, level: String, values: [Double]) {
      self.title = title
      self.level = level
      self.values = values
    }
  }

  /// The networks.
  public let networks: [Network]
  /// The metrics, level by level.
  public let metrics: [Metric]
  /// The places of the two that are shown at first.
  public let shown: [Int]

  /// Networks to be seen by twos.
  ///
  /// - Precondition: `shown` are two of the networks; each metric has a value for every pair.
  public init(networks: [Network], metrics: [Metric], shown: [Int]) {
    precondition(
      shown.count == 2 && shown.allSatisfy { networks.indices.contains($0) },
      "\(shown) are not two of \(networks.count) networks")
    let pairs = networks.count * (networks.count - 1) / 2
    for metric in metrics {
      precondition(
        metric.values.count == pairs, "\(metric.title): \(metric.values.count) values for \(pairs) pairs")
    }
    self.networks = networks
    self.metrics = metrics
    self.shown = shown
  }
}
