/// Why a tokenizer could not be read.
///
/// Every case names the file; its text says what was attempted, what was seen, and what would be right.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused the file: missing, no permission, or a folder without a tokenizer.json.
  case unreadable(path: String, reason: String)
  /// The file is not JSON (RFC 8259). `offset` is the byte at fault.
  case damaged(path: String, offset: Int, fault: String)
  /// The file is JSON, but a part of it is missing or contradicts another.
  case invalid(path: String, component: String, fault: String)
  /// The file asks for something that is not implemented; `component` is its place in the file.
  case unsupported(path: String, component: String, kind: String, supported: String)

  /// One sentence for the person who gave the file.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the tokenizer \(path): \(reason)"
    case .damaged(let path, let offset, let fault):
      "\(path) is damaged at byte \(offset): \(fault)"
    case .invalid(let path, let component, let fault):
      "\(component) in \(path): \(fault)"
    case .unsupported(let path, let component, let kind, let supported):
      "\(component) in \(path) is not supported: \(kind); supported are \(supported)"
    }
  }
}
