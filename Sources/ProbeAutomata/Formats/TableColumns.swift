/// Columns of a table of texts, picked by name.
struct TableColumns {
  /// The fields of the columns asked for, in their order; those of optional columns come last.
  private(set) var rows: [[String]] = []
  /// The line on which each row begins.
  private(set) var lines: [Int] = []
  /// Whether the table has the optional columns.
  let hasOptional: Bool

  /// The columns of a table whose first row has their names.
  ///
  /// - Parameters:
  ///   - text: the table.
  ///   - required: columns that must be there.
  ///   - optional: columns that may be.
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)`` where a column is missing or a row has too many fields or
  ///   too few.
  init(_ text: String, _ required: [String], optional: [String] = []) throws(AutomataError) {
    let table = try DelimitedText.rows(text)
    guard let header = table.first?.fields else {
      throw .unreadableText(
        format: "CSV", line: 1, reason: "the text is empty; the columns \(required) were expected")
    }
    let known = optional.filter { header.contains($0) }
    hasOptional = !known.isEmpty
    var places: [Int] = []
    for name in required + known {
      guard let place = header.firstIndex(of: name) else {
        throw .unreadableText(format: "CSV", line: 1, reason: "the columns are \(header), without \(name)")
      }
      places.append(place)
    }
    for (line, fields) in table.dropFirst() {
      guard fields.count == header.count else {
        throw .unreadableText(
          format: "CSV", line: line, reason: "\(fields.count) fields in a table of \(header.count) columns")
      }
      rows.append(places.map { fields[$0] })
      lines.append(line)
    }
  }
}
