/// A JSON value whose strings are bytes.
///
/// Tokens are compared byte for byte: as Swift strings, two tokens that differ only in how an accent is composed would
/// be equal.
enum JSONValue {
  case null
  case bool(Bool)
  case number(Double)
  case string([UInt8])
  case array([JSONValue])
  case object(JSONObject)
  /// A value that was checked but not read: where it stands in the file.
  case unread(Range<Int>)

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    case .unread: "an unread value"
    }
  }
}

/// The members of a JSON object, in the order of the file.
struct JSONObject {
  private(set) var members: [(key: [UInt8], value: JSONValue)] = []

  mutating func append(_ key: [UInt8], _ value: JSONValue) { members.append((key, value)) }

  /// The last member of that name: later ones replace earlier ones, as in the reference.
  subscript(_ name: String) -> JSONValue? {
    members.last { $0.key.elementsEqual(name.utf8) }?.value
  }

  /// The last member whose name has these bytes.
  subscript(_ name: [UInt8]) -> JSONValue? {
    members.last { $0.key == name }?.value
  }
}
