/// A JSON document that is written with the same bytes every time.
///
/// Object keys are sorted by their UTF-8 bytes, so neither a hash seed nor a thread count can change a file.
public enum JSON: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// An unsigned whole number: seeds use all 64 bits.
  case unsigned(UInt64)
  /// A real number. JSON has none for NaN and the infinities: they are the strings `"nan"`, `"inf"`, `"-inf"`.
  case real(Double)
  /// Text.
  case string(String)
  /// A list, in its order.
  case array([JSON])
  /// An object; keys are sorted when written, the last of equal keys wins.
  case object([String: JSON])

  /// The compact text, on one line.
  ///
  /// - Parameter forScript: also escapes `<`, `>`, `&`, U+2028 and U+2029, so that the text may stand inside an
  ///   HTML `script` element: no `</script` or `<!--` can then occur in it.
  /// - Returns: the text, without a line break.
  /// - Complexity: O(length of the text); sorting is O(k log k) for each object of k keys.
  public func text(forScript: Bool = false) -> String {
    var output = ""
    write(into: &output, indent: nil, forScript: forScript)
    return output
  }

  /// The text indented by two spaces a level, ending in a line feed.
  public var prettyText: String {
    var output = ""
    write(into: &output, indent: 0, forScript: false)
    return output + "\n"
  }

  private func write(into output: inout String, indent: Int?, forScript: Bool) {
    switch self {
    case .null: output += "null"
    case .boolean(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .unsigned(let value): output += String(value)
    case .real(let value):
      if value.isFinite {
        output += value.description
      } else {
        output += "\"\(Value.text(of: value))\""
      }
    case .string(let value): JSON.quote(value, into: &output, forScript: forScript)
    case .array(let items):
      JSON.writeItems(items, "[", "]", into: &output, indent: indent) { item, output, indent in
        item.write(into: &output, indent: indent, forScript: forScript)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      JSON.writeItems(sorted, "{", "}", into: &output, indent: indent) { member, output, indent in
        JSON.quote(member.key, into: &output, forScript: forScript)
        output += indent == nil ? ":" : ": "
        member.value.write(into: &output, indent: indent, forScript: forScript)
      }
    }
  }

  private static func writeItems<Item>(
    _ items: [Item], _ open: String, _ close: String, into output: inout String, indent: Int?,
    write: (Item, inout String, Int?) -> Void
  ) {
    output += open
    let inner = indent.map { $0 + 2 }
    for (position, item) in items.enumerated() {
      if position > 0 { output += "," }
      if let inner { output += "\n" + String(repeating: " ", count: inner) }
      write(item, &output, inner)
    }
    if let indent, !items.isEmpty { output += "\n" + String(repeating: " ", count: indent) }
    output += close
  }

  private static func quote(_ string: String, into output: inout String, forScript: Bool) {
    output += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "<" where forScript, ">" where forScript, "&" where forScript, "\u{2028}" where forScript,
        "\u{2029}" where forScript:
        output += escape(scalar)
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          output += escape(scalar)
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    output += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
