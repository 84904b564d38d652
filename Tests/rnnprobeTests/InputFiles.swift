import Foundation
import ProbeLinearAlgebra

/// The bytes of a version 1.0 npy file of float64, written by hand.
func npyBytes(_ shape: [Int], _ elements: [Double]) -> [UInt8] {
  npyBytes(
    shape, type: "<f8",
    data: elements.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
}

/// The bytes of a version 1.0 npy file of int64.
func npyBytes(_ shape: [Int], tokens: [Int]) -> [UInt8] {
  npyBytes(
    shape, type: "<i8", data: tokens.flatMap { withUnsafeBytes(of: Int64($0).littleEndian) { Array($0) } })
}

private func npyBytes(_ shape: [Int], type: String, data: [UInt8]) -> [UInt8] {
  let extents = shape.map { "\($0), " }.joined()
  var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
  while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0]
    + withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { Array($0) }
    + Array(header.utf8) + data
}

/// A csv table of a report; no cell of these tests' tables holds a quote or a comma.
struct CSVFile {
  let header: [String]
  let rows: [[String]]

  init(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map { Self.cells(String($0)) }
    header = lines.first ?? []
    rows = Array(lines.dropFirst())
  }

  /// The cells of a line, quotation marks undone (RFC 4180); no cell of these files holds a line break.
  private static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  /// A column's cells.
  func column(_ name: String) -> [String] {
    header.firstIndex(of: name).map { index in rows.map { $0[index] } } ?? []
  }
}
