import ProbeFindings

/// A table as the page's template wants it: the first rows and columns, few digits, intervals beside their values.
struct TableView {
  /// The most columns that the page shows.
  static let columnLimit = 24

  let name: String
  let title: String
  let caption: String?
  let columns: [Heading]
  let rows: [Row]
  let note: String

  struct Heading {
    let name: String
    let unit: String?
    let description: String
    let `class`: String
    let hasInterval: Bool
  }

  struct Row { let cells: [Cell] }

  struct Cell {
    let text: String
    let value: String
    let `class`: String
    let interval: String?
  }

  /// What a column of the page shows: a column of the table, and the ends of its interval where it has one.
  private struct Shown {
    let column: Column
    let low: Column?
    let high: Column?
    let isKey: Bool
    let isLastKey: Bool
  }

  init(_ table: Table, rowLimit: Int) {
    name = table.name
    title = table.title
    caption = table.caption.nilIfEmpty
    let all = TableView.merged(table)
    let shown = all.prefix(TableView.columnLimit)
    let rowCount = min(table.rowCount, rowLimit)
    columns = shown.map { one in
      Heading(
        name: one.column.name, unit: one.column.unit.nilIfEmpty, description: one.column.description,
        class: (TableView.isNumeric(one.column) ? "number" : "text") + TableView.keyClass(one),
        hasInterval: one.low != nil)
    }
    rows = (0..<rowCount).map { row in Row(cells: shown.map { TableView.cell($0, row) }) }
    var parts: [String] = []
    if table.rowCount > rowCount {
      parts.append("the first \(NumberText.grouped(rowCount)) of \(NumberText.grouped(table.rowCount)) rows")
    }
    if all.count > shown.count {
      parts.append("the first \(shown.count) of \(NumberText.grouped(all.count)) columns")
    }
    let count = "\(NumberText.grouped(table.rowCount)) \(table.rowCount == 1 ? "row" : "rows")"
    note =
      parts.isEmpty
      ? "\(count), here with four significant digits; all digits:"
      : "Shown are \(parts.joined(separator: " and ")), with four significant digits; everything:"
  }

  /// The columns, those named `<score>_low` and `<score>_high` taken into the column `<score>`.
  private static func merged(_ table: Table) -> [Shown] {
    var merged: [Shown] = []
    var ends: Set<String> = []
    for (place, column) in table.columns.enumerated() where !ends.contains(column.name) {
      var low: Column?
      var high: Column?
      if case .real = column.values, let lower = table[column: column.name + "_low"],
        let upper = table[column: column.name + "_high"], isNumeric(lower), isNumeric(upper)
      {
        low = lower
        high = upper
        ends.formUnion([lower.name, upper.name])
      }
      merged.append(
        Shown(
          column: column, low: low, high: high, isKey: place < table.keyColumns,
          isLastKey: place == table.keyColumns - 1))
    }
    // An end that stands before its score was already there.
    return merged.filter { !ends.contains($0.column.name) }
  }

  private static func isNumeric(_ column: Column) -> Bool {
    switch column.values {
    case .integer, .real: true
    case .string, .boolean: false
    }
  }

  private static func keyClass(_ one: Shown) -> String {
    one.isLastKey ? " key key-last" : one.isKey ? " key" : ""
  }

  private static func cell(_ one: Shown, _ row: Int) -> Cell {
    let ends = [one.low, one.high].compactMap { column -> String? in
      guard let value = column?.values[row] else { return nil }
      if case .real(let real) = value { return real.isNaN ? nil : NumberText.significant(real, digits: 3) }
      return value.text
    }
    let (text, value, kind) = content(one.column.values[row])
    return Cell(
      text: text, value: value, class: kind + keyClass(one),
      interval: ends.count == 2 ? "\(ends[0]) to \(ends[1])" : nil)
  }

  /// What a cell says, the value it is sorted by, and its class.
  private static func content(_ value: Value?) -> (text: String, value: String, class: String) {
    switch value {
    case .none: ("", "", "text")
    case .string(let text):
      (text, text, PointKind(rawValue: text).map { "kind kind-\($0.rawValue)" } ?? "text")
    case .integer(let integer): (String(integer), String(integer), "number")
    case .real(let real): (NumberText.significant(real), Value.real(real).text, "number")
    case .boolean(let boolean): (boolean ? "yes" : "no", boolean ? "true" : "false", "text")
    }
  }
}
