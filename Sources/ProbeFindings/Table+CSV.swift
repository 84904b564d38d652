extension Table {
  /// The table as CSV (RFC 4180): a header row, fields parted by commas, rows ended by CR LF.
  ///
  /// Reals are the shortest decimals that read back to the same bits, and `nan`, `inf`, `-inf`; booleans `true`
  /// and `false`. A missing value is an empty field, an empty text is `""`, so the two stay apart; where a table
  /// has only one column a missing value is `""` too, as readers skip empty lines.
  ///
  /// - Complexity: O(rows x columns).
  public var csv: String {
    var output = ""
    for (position, column) in columns.enumerated() {
      if position > 0 { output += "," }
      Table.write(column.name, into: &output)
    }
    if !columns.isEmpty { output += "\r\n" }
    let missing = columns.count == 1 ? "\"\"" : ""
    for row in 0..<rowCount {
      for (position, column) in columns.enumerated() {
        if position > 0 { output += "," }
        switch column.values[row] {
        case .none: output += missing
        case .string(let text): Table.write(text, into: &output)
        case .some(let value): output += value.text
        }
      }
      output += "\r\n"
    }
    return output
  }

  /// Appends a text field, quoted where a comma, quote, line break or edge blank would be misread.
  private static func write(_ text: String, into output: inout String) {
    let needsQuotes =
      text.isEmpty || text.first == " " || text.last == " "
      || text.utf8.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
      }
    guard needsQuotes else {
      output += text
      return
    }
    output += "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { output += "\"" }
      output.unicodeScalars.append(scalar)
    }
    output += "\""
  }
}
