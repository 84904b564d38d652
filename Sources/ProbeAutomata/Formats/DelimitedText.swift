/// Tables of texts, parted by commas (RFC 4180).
enum DelimitedText {
  /// A row: fields with commas, quotation marks or line breaks are put in quotation marks; the row ends in CR LF.
  static func row(_ fields: [String]) -> String {
    fields.map { field in
      // A row of one empty field would otherwise be an empty line.
      let needsQuotes =
        (field.isEmpty && fields.count == 1)
        || field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
      return needsQuotes ? "\"" + doubled(field) + "\"" : field
    }.joined(separator: ",") + "\r\n"
  }

  /// The rows of a text, with the lines on which they begin; lines may end in CR LF or LF, and empty ones are left out.
  ///
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)`` where a quotation mark is not closed, or stands where it
  ///   may not.
  static func rows(_ text: String) throws(AutomataError) -> [(line: Int, fields: [String])] {
    let bytes = Array(text.utf8)
    var rows: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var (line, firstLine, place) = (1, 1, 0)
    var wasQuoted = false
    // A byte order mark is no part of the first name.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    func endRow() {
      if !fields.isEmpty || !field.isEmpty || wasQuoted {
        endField()
        rows.append((firstLine, fields))
      }
      fields = []
      wasQuoted = false
    }
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case 0x22:
        guard field.isEmpty, !wasQuoted else {
          throw .unreadableText(format: "CSV", line: line, reason: "a quotation mark within a field")
        }
        let opening = line
        var isOpen = true
        while place < bytes.count, isOpen {
          let inner = bytes[place]
          place += 1
          if inner == 0x22 {
            if place < bytes.count, bytes[place] == 0x22 {
              field.append(0x22)
              place += 1
            } else {
              isOpen = false
            }
          } else {
            if inner == 0x0A { line += 1 }
            field.append(inner)
          }
        }
        if isOpen {
          throw .unreadableText(format: "CSV", line: opening, reason: "a quotation mark is not closed")
        }
        wasQuoted = true
      case 0x2C:
        endField()
        wasQuoted = false
      case 0x0D where place < bytes.count && bytes[place] == 0x0A: continue
      case 0x0A:
        endRow()
        line += 1
        firstLine = line
      default:
        guard !wasQuoted else {
          throw .unreadableText(
            format: "CSV", line: line, reason: "text after the quotation mark that ends a field")
        }
        field.append(byte)
      }
    }
    endRow()
    return rows
  }

  private static func doubled(_ field: String) -> String {
    String(decoding: field.utf8.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }, as: UTF8.self)
  }
}
