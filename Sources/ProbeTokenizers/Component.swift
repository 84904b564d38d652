/// One component of a tokenizer.json as it is being read: its place in the file, its type, its members.
///
/// Whatever it lacks or has wrong becomes an error that names it.
struct Component {
  let file: String
  /// Where it stands, such as `pre_tokenizer.pretokenizers[1]`.
  let place: String
  let members: JSONObject
  /// The member `type`.
  let type: String

  init(file: String, place: String, _ value: JSONValue) throws(TokenizerError) {
    self.file = file
    self.place = place
    guard case .object(let members) = value else {
      throw .invalid(path: file, component: place, fault: "it is \(value.kind) but should be an object")
    }
    self.members = members
    guard case .string(let type)? = members["type"] else {
      throw .invalid(path: file, component: place, fault: "it has no string 'type'")
    }
    self.type = String(decoding: type, as: UTF8.self)
  }

  /// A component that need not say its type.
  init(file: String, place: String, members: JSONObject, type: String) {
    self.file = file
    self.place = place
    self.members = members
    self.type = type
  }

  func invalid(_ fault: String) -> TokenizerError {
    .invalid(path: file, component: "\(place) (\(type))", fault: fault)
  }

  func unsupported(_ kind: String, supported: String) -> TokenizerError {
    .unsupported(path: file, component: place, kind: kind, supported: supported)
  }

  /// The components that a sequence holds.
  func parts(_ name: String) throws(TokenizerError) -> [Component] {
    guard case .array(let elements)? = members[name] else { throw missing(name, "an array") }
    var parts: [Component] = []
    for (index, element) in elements.enumerated() {
      parts.append(try Component(file: file, place: "\(place).\(name)[\(index)]", element))
    }
    return parts
  }

  /// A boolean member; `absent` stands for a missing one or null.
  func flag(_ name: String, absent: Bool? = nil) throws(TokenizerError) -> Bool {
    switch members[name] {
    case .bool(let value)?: return value
    case nil, .null?:
      guard let absent else { throw missing(name, "true or false") }
      return absent
    default: throw missing(name, "true or false")
    }
  }

  /// A string member as bytes; nil where it is missing or null.
  func optionalBytes(_ name: String) throws(TokenizerError) -> [UInt8]? {
    switch members[name] {
    case .string(let value)?: return value
    case nil, .null?: return nil
    default: throw missing(name, "a string")
    }
  }

  /// A string member as bytes.
  func bytes(_ name: String) throws(TokenizerError) -> [UInt8] {
    guard let value = try optionalBytes(name) else { throw missing(name, "a string") }
    return value
  }

  /// A string member that chooses among names.
  func name(_ name: String, absent: String? = nil) throws(TokenizerError) -> String {
    guard let value = try optionalBytes(name) else {
      guard let absent else { throw missing(name, "a string") }
      return absent
    }
    return String(decoding: value, as: UTF8.self)
  }

  /// A string member of one Unicode scalar.
  func scalar(_ name: String) throws(TokenizerError) -> UInt32 {
    let scalars = UTF8Text.scalars(try bytes(name))
    guard scalars.count == 1 else { throw missing(name, "a string of one character") }
    return scalars[0]
  }

  /// A member that is a whole number, not negative.
  func count(_ name: String, absent: Int? = nil) throws(TokenizerError) -> Int {
    switch members[name] {
    case .number(let value)?:
      guard let whole = Int(exactly: value), whole >= 0 else {
        throw missing(name, "a whole number, not negative")
      }
      return whole
    case nil, .null?:
      guard let absent else { throw missing(name, "a whole number, not negative") }
      return absent
    default: throw missing(name, "a whole number, not negative")
    }
  }

  /// The member `pattern`: `{"String": ...}` or `{"Regex": ...}`.
  func pattern() throws(TokenizerError) -> SplitPattern {
    guard case .object(let pattern)? = members["pattern"] else {
      throw missing("pattern", #"{"String": ...} or {"Regex": ...}"#)
    }
    if case .string(let literal)? = pattern["String"] {
      guard !literal.isEmpty else { throw invalid("its 'pattern' is empty") }
      return .literal(literal)
    }
    guard case .string(let text)? = pattern["Regex"] else {
      throw missing("pattern", #"{"String": ...} or {"Regex": ...}"#)
    }
    let expression = String(decoding: text, as: UTF8.self)
    do throws(RegularExpression.Refusal) {
      return try SplitPattern(expression: expression)
    } catch {
      throw unsupported(
        "the regular expression \(expression): \(error.reason)",
        supported: "sets, general categories, groups, alternatives, repetitions, look-around")
    }
  }

  /// The member `behavior`.
  func behavior(absent: String? = nil) throws(TokenizerError) -> SplitBehavior {
    let text = try name("behavior", absent: absent)
    guard let behavior = SplitBehavior(rawValue: text) else {
      throw unsupported(
        "the behavior \(text)", supported: "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"
      )
    }
    return behavior
  }

  private func missing(_ name: String, _ right: String) -> TokenizerError {
    let seen = members[name].map { "is \($0.kind)" } ?? "is missing"
    return invalid("its '\(name)' \(seen) but should be \(right)")
  }
}
