/// How values spread in several rows, one above the other on one axis: what was measured, and what controls give.
public struct SpreadPlot: Sendable, Equatable {
  /// What a control keeps and breaks; each kind has a mark of its own.
  public enum Control: String, Sendable, Equatable {
    /// Nothing is shared.
    case null
    /// Nothing differs but the sample.
    case floor
    /// Nothing was learned.
    case ceiling
  }

  /// The values of one row.
  public struct Row: Sendable, Equatable {
    /// What the values are, as the row's heading says it.
    public var title: String
    /// The place of its colour; nil for neutral.
    public var colour: Int?
    /// The values, in no order; those that are not finite are left out.
    public var values: [Double]
    /// Which control it is; nil where it was measured.
    public var control: Control?

    /// A row.
    public init(title: String, colour: Int?, values: [Double], control: Control? = nil) {
      self.title = title
      self.colour = colour
      self.values = values
      self.control = control
    }
  }

  /// What is measured; where it is logarithmic, values at or below zero are left out.
  public let axis: Axis
  /// The rows, from top to bottom.
  public let rows: [Row]

  /// Rows of values.
  public init(axis: Axis, rows: [Row]) {
    self.axis = axis
    self.rows = rows
  }

  /// The values of a row that its axis can show, ascending.
  public func shown(_ row: Row) -> [Double] {
    row.values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }.sorted()
  }

  /// How many values the axis cannot show.
  public var omitted: Int { rows.reduce(0) { $0 + $1.values.count - shown($1).count } }

  /// The value below which a share of sorted values lies, linear between neighbours (type 7 of Hyndman & Fan 1996).
  ///
  /// - Precondition: `values` has an element, `share` is between 0 and 1.
  public static func quantile(_ share: Double, of values: [Double]) -> Double {
    precondition(
      !values.isEmpty && share >= 0 && share <= 1, "no quantile \(share) of \(values.count) values")
    let place = share * Double(values.count - 1)
    let below = min(values.count - 1, Int(place))
    let above = min(values.count - 1, below + 1)
    // Equal neighbours give themselves, without rounding.
    return values[below] == values[above]
      ? values[below] : values[below] + (place - Double(below)) * (values[above] - values[below])
  }
}
