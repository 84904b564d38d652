/// A task as it is named on the command line: `NAME` or `NAME:key=value,key=value`.
///
/// A value that holds a comma stands in double quotes: `NAME:key="1,2"`. White space around names, keys and
/// unquoted values is not part of them.
public struct TaskSpecification: Sendable, Equatable {
  /// The task's name, not yet looked up.
  public var name: String
  /// The values given, by key.
  public var values: [String: String]

  /// Reads a specification.
  ///
  /// - Throws: ``TaskError/syntax(text:fault:)`` for an empty name, a part without `=`, an empty key or value,
  ///   a key given twice, or a quotation mark that is not closed.
  public init(parsing text: String) throws(TaskError) {
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    name = trimmed(text[..<colon])
    values = [:]
    guard !name.isEmpty else { throw .syntax(text: text, fault: "it does not begin with a task's name") }
    guard colon < text.endIndex else { return }
    for part in try Self.parts(of: text[text.index(after: colon)...], within: text) {
      guard let equals = part.firstIndex(of: "=") else {
        throw .syntax(text: text, fault: "'\(trimmed(part))' is not key=value")
      }
      let key = trimmed(part[..<equals])
      var value = trimmed(part[part.index(after: equals)...])
      if value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2 {
        value = String(value.dropFirst().dropLast())
      }
      guard !key.isEmpty else { throw .syntax(text: text, fault: "'\(trimmed(part))' has no key") }
      guard !value.isEmpty else { throw .syntax(text: text, fault: "'\(key)' has no value") }
      guard values.updateValue(value, forKey: key) == nil else {
        throw .syntax(text: text, fault: "'\(key)' is given twice")
      }
    }
  }

  /// Splits at the commas that are not within quotation marks.
  private static func parts(of list: Substring, within text: String) throws(TaskError) -> [Substring] {
    var parts: [Substring] = []
    var begin = list.startIndex
    var isQuoted = false
    for index in list.indices {
      if list[index] == "\"" { isQuoted.toggle() }
      if list[index] == "," && !isQuoted {
        parts.append(list[begin..<index])
        begin = list.index(after: index)
      }
    }
    guard !isQuoted else { throw .syntax(text: text, fault: "a quotation mark is not closed") }
    return parts + [list[begin...]]
  }

  /// A value as it must be typed: quoted where it holds a comma.
  static func quoted(_ value: String) -> String {
    value.contains(",") ? "\"\(value)\"" : value
  }
}

/// The text without white space at its ends.
private func trimmed(_ text: Substring) -> String {
  let start = text.drop { $0.isWhitespace }
  return String(start.reversed().drop { $0.isWhitespace }.reversed())
}
