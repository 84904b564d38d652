import ArgumentParser
import Foundation
import ProbeLinearAlgebra

/// Matrices that a peer wrote for both to work on: numbers of one type, `[networks, rows, columns]`, nothing else in the file.
struct NumberFile {
  /// Reads all matrices of a file.
  ///
  /// - Throws: `ValidationError` where the file does not hold a whole number of matrices.
  static func matrices<Scalar: BLASScalar>(
    _ path: String, rows: Int, columns: Int, as type: Scalar.Type = Scalar.self
  ) throws -> [Matrix<Scalar>] {
    let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    let size = rows * columns
    return try data.withUnsafeBytes { bytes in
      let numbers = bytes.bindMemory(to: Scalar.self)
      guard size > 0 && !numbers.isEmpty && numbers.count % size == 0 else {
        throw ValidationError(
          "\(path) holds \(numbers.count) numbers, not a multiple of \(rows) x \(columns)")
      }
      return stride(from: 0, to: numbers.count, by: size).map {
        Matrix(rows: rows, columns: columns, elements: Array(numbers[$0..<$0 + size]))
      }
    }
  }
}
