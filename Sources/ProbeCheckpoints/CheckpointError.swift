/// Why a weight file, or an array of inputs, could not be read or written.
///
/// Every case names the file; its text says what was attempted, what was seen, and what would be right.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused the file: missing, a folder, no permission.
  case unreadable(path: String, reason: String)
  /// The file is none of the formats that are read.
  case unrecognised(path: String, seen: String)
  /// The bytes contradict the format: truncated, overlapping, out of range. `offset` is the byte in the file,
  /// where one is to blame.
  case damaged(path: String, offset: Int?, fault: String)
  /// The file is what it claims to be, but holds something that is not read, such as objects or encryption.
  case unsupported(path: String, fault: String)
  /// No tensor has the name asked for.
  case missingTensor(path: String, name: String, available: [String])
  /// The tensor cannot be given in the form asked for.
  case mismatched(path: String, tensor: String, fault: String)
  /// A weight is infinite or not a number.
  case notFinite(path: String, tensor: String, index: [Int], value: Double)
  /// The operating system refused to write the file.
  case unwritable(path: String, reason: String)

  /// One sentence for the person who gave the file.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .unrecognised(let path, let seen):
      "cannot tell what \(path) is: \(seen); read are safetensors (also sharded, with an index), npy, npz and "
        + "PyTorch's zip (.pt, .pth)"
    case .damaged(let path, .some(let offset), let fault):
      "\(path) is damaged at byte \(offset): \(fault)"
    case .damaged(let path, .none, let fault):
      "\(path) is damaged: \(fault)"
    case .unsupported(let path, let fault):
      "cannot use \(path): \(fault)"
    case .missingTensor(let path, let name, let available):
      "\(path) has no tensor '\(name)'; it has \(Self.listing(available))"
    case .mismatched(let path, let tensor, let fault):
      "tensor '\(tensor)' in \(path): \(fault)"
    case .notFinite(let path, let tensor, let index, let value):
      "tensor '\(tensor)' in \(path) has \(value) at index \(index); weights must be finite"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }

  /// The names, shortened where there are many.
  private static func listing(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
