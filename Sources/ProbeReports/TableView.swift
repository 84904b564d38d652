import ProbeFindings

/// A table as the page's template wants it: the first rows and columns, few digits.
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
  }

  struct Row { let cells: [Cell] }

  struct Cell {
    let text: String
    let value: String
    let `class`: String
  }

  init(_ table: Table, rowLimit: Int) {
    name = table.name
    title = table.title
    caption = table.caption.nilIfEmpty
    let shown = table.columns.prefix(TableView.columnLimit)
    let rowCount = min(table.rowCount, rowLimit)
    columns = shown.map { column in
      Heading(
        name: column.name, unit: column.unit.nilIfEmpty, description: column.description,
        class: TableView.isNumeric(column) ? "number" : "text")
    }
    rows = (0..<rowCount).map { row in Row(cells: shown.map { TableView.cell($0.values[row]) }) }
    var parts: [String] = []
    if table.rowCount > rowCount {
      parts.append("the first \(NumberText.grouped(rowCount)) of \(NumberText.grouped(table.rowCount)) rows")
    }
    if table.columns.count > shown.count {
      parts.append("the first \(shown.count) of \(NumberText.grouped(table.columns.count)) columns")
    }
    let count = "\(NumberText.grouped(table.rowCount)) \(table.rowCount == 1 ? "row" : "rows")"
    note =
      parts.isEmpty
      ? "\(count), here with four significant digits; all digits:"
      : "Shown are \(parts.joined(separator: " and ")), with four significant digits; everything:"
  }

  private static func isNumeric(_ column: Column) -> Bool {
    switch column.values {
    case .integer, .real: true
    case .string, .boolean: false
    }
  }

  private static func cell(_ value: Value?) -> Cell {
    switch value {
    case .none: Cell(text: "", value: "", class: "text")
    case .string(let text):
      Cell(
        text: text, value: text, class: PointKind(rawValue: text).map { "kind kind-\($0.rawValue)" } ?? "text"
      )
    case .integer(let integer): Cell(text: String(integer), value: String(integer), class: "number")
    case .real(let real):
      Cell(text: NumberText.significant(real), value: Value.real(real).text, class: "number")
    case .boolean(let boolean):
      Cell(text: boolean ? "yes" : "no", value: boolean ? "true" : "false", class: "text")
    }
  }
}
