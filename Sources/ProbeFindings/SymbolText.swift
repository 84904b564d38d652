/// Symbols of an alphabet as labels on a drawing: short, visible, and no two alike.
///
/// The empty symbol is `ε`, a space `␣`. What would look like these, like a list or like a range, or shows nothing at all
/// is quoted, with escapes as in Swift (`"\n"`, `"\u{200B}"`).
public enum SymbolText {
  /// The symbol as one can see it; different symbols (by their scalars) have different texts.
  ///
  /// - Complexity: O(scalars).
  public static func visible(_ symbol: String) -> String {
    if symbol.isEmpty { return "ε" }
    if symbol.unicodeScalars.elementsEqual(" ".unicodeScalars) { return "␣" }
    return symbol.unicodeScalars.allSatisfy(isPlain) ? symbol : quoted(symbol)
  }

  /// The labels of several edges in few words: in alphabetical order, three or more consecutive characters as a range `a–f`.
  ///
  /// Only ASCII letters and digits make ranges: of others few readers know the order.
  ///
  /// - Complexity: O(n log n) in the number of symbols.
  public static func summary(of symbols: [String]) -> [String] {
    var single: Set<UInt8> = []
    var others: [String] = []
    for symbol in symbols {
      let bytes = Array(symbol.utf8)
      if bytes.count == 1, isOrdered(bytes[0]) {
        single.insert(bytes[0])
      } else {
        others.append(visible(symbol))
      }
    }
    var pieces: [String] = []
    var run: [UInt8] = []
    func close() {
      let texts = run.map { String(decoding: [$0], as: UTF8.self) }
      if texts.count > 2 { pieces.append("\(texts[0])–\(texts[texts.count - 1])") } else { pieces += texts }
      run = []
    }
    for byte in single.sorted() {
      if let last = run.last, byte != last + 1 { close() }
      run.append(byte)
    }
    close()
    var seen: Set<[UInt8]> = []
    return pieces + others.filter { seen.insert(Array($0.utf8)).inserted }
  }

  /// Letters and digits; between 9 and A and between Z and a lie others, so runs never cross.
  private static func isOrdered(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Whether a scalar shows by itself and means nothing in a list of symbols.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", ",", "–", "…", "ε", "␣", "\\": return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .unassigned,
      .privateUse, .nonspacingMark, .enclosingMark, .spacingMark:
      return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func quoted(_ symbol: String) -> String {
    var output = "\"".unicodeScalars
    for scalar in symbol.unicodeScalars {
      switch scalar {
      case "\"": output.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": output.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": output.append(contentsOf: "\\n".unicodeScalars)
      case "\r": output.append(contentsOf: "\\r".unicodeScalars)
      case "\t": output.append(contentsOf: "\\t".unicodeScalars)
      case " ", ",", "–", "…", "ε", "␣": output.append(scalar)
      case _ where isPlain(scalar): output.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        output.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
      }
    }
    output.append("\"")
    return String(output)
  }
}
