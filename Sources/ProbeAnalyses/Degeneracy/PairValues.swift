/// The values of all pairs, side by side in one array: a report of thousands of networks has millions.
struct PairValues: Sendable, Equatable {
  /// The number of values of a pair.
  let columns: Int
  /// Row by row; NaN where a metric cannot compare the pair.
  private var elements: [Double] = []

  /// Some pairs.
  init(columns: Int, rows: [[Double?]] = []) {
    self.columns = columns
    for row in rows { append(row) }
  }

  /// The number of pairs.
  var rows: Int { columns > 0 ? elements.count / columns : 0 }

  /// A pair's value; nil where a metric cannot compare the pair.
  subscript(row: Int, column: Int) -> Double? {
    let value = elements[row * columns + column]
    return value.isNaN ? nil : value
  }

  /// Appends a pair.
  ///
  /// - Precondition: `values` has one value a column.
  mutating func append(_ values: some Collection<Double?>) {
    precondition(values.count == columns, "\(values.count) values for \(columns) columns")
    for value in values { elements.append(value ?? .nan) }
  }

  /// Appends a pair of others.
  mutating func append(row: Int, of other: PairValues) {
    precondition(other.columns == columns, "\(other.columns) values for \(columns) columns")
    elements.append(contentsOf: other.elements[row * columns..<(row + 1) * columns])
  }

  /// A column, pair by pair.
  func column(_ column: Int) -> [Double?] { (0..<rows).map { self[$0, column] } }

  /// Two collections of rows are equal where the same values are missing and the others are the same.
  static func == (a: PairValues, b: PairValues) -> Bool {
    a.columns == b.columns && a.elements.map(\.bitPattern) == b.elements.map(\.bitPattern)
  }
}
