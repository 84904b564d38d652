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

  /// A matrix of amounts.
  ///
  /// - Precondition: `values` has `rows.count * columns.count` elements.
  public init(
    rowAxis: Axis, columnAxis: Axis, rows: [String], columns: [String], values: [Double], amount: Axis,
    scale: Scale = .sequential
  ) {
    precondition(
      values.count == rows.count * columns.count,
      "\(values.count) values for \(rows.count) rows of \(columns.count) columns")
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rows = rows
    self.columns = columns
    self.values = values
    self.amount = amount
    self.scale = scale
  }
}
