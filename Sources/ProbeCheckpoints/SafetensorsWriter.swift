import Glibc
public import ProbeLinearAlgebra

/// The precision that ``writeSafetensors(_:to:as:metadata:)`` stores.
public enum StoredPrecision: Sendable {
  /// F64: every bit kept.
  case float64
  /// F32: rounded to nearest.
  case float32
}

/// Writes tensors as one safetensors file, sorted by name; the same content gives the same bytes.
///
/// The file appears under its name only when it is whole: it is written beside it and renamed.
///
/// - Parameters:
///   - tensors: the values by name.
///   - path: the file to be written or replaced.
///   - precision: how the values are stored.
///   - metadata: text by key, kept under `__metadata__`.
/// - Throws: ``CheckpointError/unwritable(path:reason:)``.
/// - Complexity: O(elements) time, memory for one tensor.
public func writeSafetensors(
  _ tensors: [String: Tensor<Double>], to path: String, as precision: StoredPrecision = .float64,
  metadata: [String: String] = [:]
) throws(CheckpointError) {
  let names = tensors.keys.sorted()
  let layout = SafetensorsLayout(
    names.map { ($0, tensors[$0]?.shape ?? []) }, type: precision == .float64 ? .float64 : .float32,
    metadata: metadata)
  let partial = path + ".partial"
  let descriptor = Glibc.open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .unwritable(path: path, reason: MappedFile.lastError()) }
  var isOpen = true
  func discard() -> CheckpointError {
    let reason = MappedFile.lastError()
    if isOpen { close(descriptor) }
    unlink(partial)
    return .unwritable(path: path, reason: reason)
  }
  guard layout.header.withUnsafeBytes({ writeAll($0, to: descriptor) }) else { throw discard() }
  for name in names {
    guard let elements = tensors[name]?.elements else { continue }
    let isWritten =
      switch precision {
      case .float64: elements.withUnsafeBytes { writeAll($0, to: descriptor) }
      case .float32: elements.map { Float($0) }.withUnsafeBytes { writeAll($0, to: descriptor) }
      }
    guard isWritten else { throw discard() }
  }
  isOpen = false
  guard close(descriptor) == 0, rename(partial, path) == 0 else { throw discard() }
}

/// Writes all bytes, however many calls it takes; `false` leaves the reason in `errno`.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
    if written < 0, errno == EINTR { continue }
    guard written > 0 else { return false }
    rest = rest.dropFirst(written)
  }
  return true
}

/// The first bytes of a safetensors file: length and header, filled with spaces so that the data are 8-byte aligned.
struct SafetensorsLayout {
  let header: [UInt8]

  /// The layout of tensors of one type, in the order given.
  init(_ tensors: [(name: String, shape: [Int])], type: ElementType, metadata: [String: String]) {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var begin = 0
    for (name, shape) in tensors {
      let end = begin + shape.reduce(1, *) * type.byteCount
      let extents = shape.map(String.init).joined(separator: ",")
      members.append(
        "\(Self.quoted(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
      begin = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    header = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
