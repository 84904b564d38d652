/// A table as CSV says it (RFC 4180), by column name.
struct DelimitedTable {
  let header: [String]
  let rows: [[Field]]
  let path: String

  /// A field; an empty one without quotes is missing.
  struct Field: Equatable {
    var text: String
    var isQuoted: Bool
    var isMissing: Bool { text.isEmpty && !isQuoted }
  }

  /// Reads a file's text.
  ///
  /// - Throws: ``AnalysisError/part(path:fault:)`` where rows have other numbers of fields than the header.
  init(_ text: String, path: String) throws(AnalysisError) {
    var records: [[Field]] = []
    var (record, field) = ([Field](), [UInt8]())
    var (isQuoted, wasQuoted) = (false, false)
    func end(_ record: inout [Field], _ field: inout [UInt8], _ wasQuoted: inout Bool) {
      record.append(Field(text: String(decoding: field, as: UTF8.self), isQuoted: wasQuoted))
      field.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): (isQuoted, wasQuoted) = (true, true)
      case UInt8(ascii: ","): end(&record, &field, &wasQuoted)
      case 13: break
      case 10:
        end(&record, &field, &wasQuoted)
        records.append(record)
        record = []
      default: field.append(byte)
      }
    }
    guard let header = records.first, record.isEmpty, field.isEmpty, !isQuoted else {
      throw .part(path: path, fault: "it does not end with a whole row; run its part again")
    }
    if let row = records.firstIndex(where: { $0.count != header.count }) {
      throw .part(
        path: path,
        fault: "row \(row) has \(records[row].count) fields, the header \(header.count); run its part again")
    }
    (self.header, rows, self.path) = (header.map(\.text), Array(records.dropFirst()), path)
  }

  /// The place of a column.
  func column(_ name: String) throws(AnalysisError) -> Int {
    guard let place = header.firstIndex(of: name) else {
      throw .part(path: path, fault: "it has no column '\(name)'; was it written by another version?")
    }
    return place
  }

  /// A column's texts; nil where missing.
  func texts(_ name: String) throws(AnalysisError) -> [String?] {
    let place = try column(name)
    return rows.map { $0[place].isMissing ? nil : $0[place].text }
  }

  /// A column's numbers; nil where missing.
  func numbers(_ name: String) throws(AnalysisError) -> [Double?] {
    var numbers: [Double?] = []
    for (row, text) in try texts(name).enumerated() {
      guard let text else {
        numbers.append(nil)
        continue
      }
      guard let number = Double(text) else {
        throw .part(path: path, fault: "row \(row + 1) has '\(text)' for \(name), which is no number")
      }
      numbers.append(number)
    }
    return numbers
  }
}
