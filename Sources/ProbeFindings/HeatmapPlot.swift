/// A matrix of amounts, with named rows and columns.
public struct HeatmapPlot: Sendable, Equatable {
  /// How amounts become colours.
  public enum Scale: Sendable, Equatable {
    /// From little to much.
    case sequential
    /// From negative to positive around a zero that means something.
    case diverging
  }

  /// What the rows are.
  public let rowAxis: Axis
  /// What the columns are.
  public let columnAxis: Axis
  /// The rows' labels, from top to bottom.
  public let rows: [String]
  /// The columns' labels, from left to right.
  public let columns: [String]
  /// The amounts, row-major, `rows.count * columns.count`; NaN leaves a cell empty.
  public let values: [Double]
  /// What an amount measures.
  public let amount: Axis
  /// How amounts become colours.
  public let scale: Scale
  /// What hovering adds to a cell's amount, row-major, lines parted by `\n`: counts, an interval; empty for nothing.
  public let hover: [String]
  /// The ends of the colour scale, such as 0 to 1; the ends of the amounts where there is none.
  public let range: ClosedRange<Double>?

  /// A matrix of amounts.
  ///
  /// - Precondition: `values` has `rows.count * columns.count` elements; `hover` as many, or none.
  public init(
    rowAxis: Axis, columnAxis: Axis, rows: [String], columns: [String], values: [Double], amount: Axis,
    scale: Scale = .sequential, hover: [String] = [], range: ClosedRange<Double>? = nil
  ) {
    precondition(
      values.count == rows.count * columns.count,
      "\(values.count) values for \(rows.count) rows of \(columns.count) columns")
    precondition(
      hover.isEmpty || hover.count == values.count, "\(hover.count) texts for \(values.count) values")
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rows = rows
    self.columns = columns
    self.values = values
    self.amount = amount
    self.scale = scale
    self.hover = hover
    self.range = range
  }
}
