internal import Foundation

/// One message of the framing, version 1: a line of JSON, then the raw little-endian elements of the arrays it declares.
///
/// docs/outside-models.md describes it for those who write the other end.
struct Message: Equatable {
  /// The first line.
  struct Header: Codable, Equatable {
    /// What is asked or answered: `hello`, `map`, `jacobian`, `input_jacobian`, `states`, `words`, `error`, `end`.
    var type: String
    /// In `hello`: what is spoken, `rnnprobe-outside`.
    var `protocol`: String?
    /// In `hello`: the version of the framing.
    var version: Int?
    /// In `states`: how many.
    var count: Int?
    /// In `states`: the seed.
    var seed: UInt64?
    /// In `error`: what went wrong.
    var message: String?
    /// What follows the line, in order.
    var arrays: [ArrayHeader]?
  }

  /// What an array is.
  struct ArrayHeader: Codable, Equatable {
    /// The role: `states`, `input`, `next`, ...
    var name: String
    /// numpy's name of the element: `<f8` or `<i4`.
    var dtype: String
    /// The lengths of the axes, row-major.
    var shape: [Int]
  }

  /// The elements of an array.
  enum Elements: Equatable {
    case real([Double])
    case integer([Int32])

    /// numpy's name of the element.
    var dtype: String {
      switch self {
      case .real: "<f8"
      case .integer: "<i4"
      }
    }
  }

  private(set) var header: Header
  private(set) var bodies: [Elements] = []

  /// A message without arrays.
  init(_ header: Header) { self.header = header }

  /// A message of a type.
  init(type: String) { header = Header(type: type) }

  /// Adds an array.
  mutating func add(_ name: String, _ elements: Elements, shape: [Int]) {
    header.arrays = (header.arrays ?? []) + [ArrayHeader(name: name, dtype: elements.dtype, shape: shape)]
    bodies.append(elements)
  }

  /// The message as it goes over the pipe.
  ///
  /// Swift's platforms are little-endian, so elements go as they lie in memory.
  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and numbers always encode, and never with a line feed.
    var bytes = (try? encoder.encode(header)).map { [UInt8]($0) } ?? []
    bytes.append(UInt8(ascii: "\n"))
    for body in bodies {
      switch body {
      case .real(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      case .integer(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Reads f64 elements from raw bytes.
  static func reals(_ bytes: [UInt8]) -> [Double] {
    [Double](unsafeUninitializedCapacity: bytes.count / 8) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      count = bytes.count / 8
    }
  }

  /// Reads i32 elements from raw bytes.
  static func integers(_ bytes: [UInt8]) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      count = bytes.count / 4
    }
  }
}
