/// Points in the plane that belong together and share a colour, a symbol and an entry of the legend.
public struct PointGroup: Sendable, Equatable {
  /// The legend's entry.
  public var name: String
  /// What the points stand for, where it is one of the known kinds; else colours are dealt out in order.
  public var kind: PointKind?
  /// The horizontal coordinates, or real parts.
  public var x: [Double]
  /// The vertical coordinates, or imaginary parts; as many as `x`.
  public var y: [Double]
  /// What hovering shows, one text a point, lines parted by `\n`; empty for the coordinates alone.
  public var hover: [String]
  /// An amount for each point, drawn as a colour; empty for none.
  ///
  /// A scatter plot then says what it measures in its `amount`.
  public var amounts: [Double]

  /// A group of points.
  ///
  /// - Precondition: `y` is as long as `x`; `hover` and `amounts` are as long as `x`, or empty.
  public init(
    name: String, kind: PointKind? = nil, x: [Double], y: [Double], hover: [String] = [],
    amounts: [Double] = []
  ) {
    precondition(x.count == y.count, "group \(name): \(x.count) x against \(y.count) y")
    precondition(
      hover.isEmpty || hover.count == x.count,
      "group \(name): \(hover.count) texts, \(x.count) points")
    precondition(
      amounts.isEmpty || amounts.count == x.count,
      "group \(name): \(amounts.count) amounts, \(x.count) points")
    self.name = name
    self.kind = kind
    self.x = x
    self.y = y
    self.hover = hover
    self.amounts = amounts
  }
}

/// Points in the complex plane, such as eigenvalues, drawn with equal scales on both axes.
public struct ComplexPlanePlot: Sendable, Equatable {
  /// The points: `x` the real parts, `y` the imaginary parts.
  public var groups: [PointGroup]
  /// Whether to draw the unit circle, the border of stability of a map.
  public var showsUnitCircle: Bool

  /// Points in the complex plane.
  public init(groups: [PointGroup], showsUnitCircle: Bool = true) {
    self.groups = groups
    self.showsUnitCircle = showsUnitCircle
  }
}

/// Points in the plane.
public struct ScatterPlot: Sendable, Equatable {
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The points.
  public var groups: [PointGroup]
  /// What the groups' amounts measure, where they have any.
  public var amount: Axis?

  /// Points in the plane.
  public init(x: Axis, y: Axis, groups: [PointGroup], amount: Axis? = nil) {
    self.x = x
    self.y = y
    self.groups = groups
    self.amount = amount
  }
}

/// Lines, each with a band of uncertainty where it has one.
public struct LinePlot: Sendable, Equatable {
  /// One line.
  public struct Series: Sendable, Equatable {
    /// The legend's entry.
    public var name: String
    /// The horizontal coordinates.
    public var x: [Double]
    /// The vertical coordinates; NaN breaks the line.
    public var y: [Double]
    /// The lower end of the band; empty for none.
    public var low: [Double]
    /// The upper end of the band; empty for none.
    public var high: [Double]

    /// A line.
    ///
    /// - Precondition: `y` is as long as `x`; `low` and `high` are both as long as `x`, or both empty.
    public init(name: String, x: [Double], y: [Double], low: [Double] = [], high: [Double] = []) {
      precondition(x.count == y.count, "series \(name): \(x.count) x against \(y.count) y")
      precondition(low.count == high.count, "series \(name): a band needs both ends")
      precondition(low.isEmpty || low.count == x.count, "series \(name): \(low.count) low, \(x.count) x")
      self.name = name
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }
  }

  /// A horizontal line to compare with, such as chance or zero.
  public struct Reference: Sendable, Equatable {
    /// Its height.
    public var y: Double
    /// Its name.
    public var label: String

    /// A horizontal line.
    public init(y: Double, label: String) {
      self.y = y
      self.label = label
    }
  }

  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The lines.
  public var series: [Series]
  /// Horizontal lines to compare with.
  public var references: [Reference]
  /// What the bands are: "95 % confidence interval"; the legend says it.
  public var bandMeaning: String

  /// Lines with bands.
  public init(x: Axis, y: Axis, series: [Series], references: [Reference] = [], bandMeaning: String = "") {
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.bandMeaning = bandMeaning
  }
}
