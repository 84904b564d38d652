import Mustache

/// Text that is safe in HTML's elements and quoted attributes.
///
/// swift-mustache's own escaping goes by grapheme clusters: a quote followed by a combining mark is another
/// `Character` and is let through, although a browser sees the quote and ends the attribute. This one goes by scalars.
struct PageText: MustacheContentType {
  /// Makes the escaping known to templates that begin with `{{% CONTENT_TYPE:PAGE}}`.
  static func register() { registration }

  private static let registration: Void = MustacheContentTypes.register(PageText(), named: "PAGE")

  func escapeText(_ text: String) -> String { PageText.escape(text) }

  /// The text with `<`, `>`, `&` and both quotes as character references, and U+0000 replaced, as HTML allows none.
  static func escape(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": output.append(contentsOf: "&lt;".unicodeScalars)
      case ">": output.append(contentsOf: "&gt;".unicodeScalars)
      case "&": output.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": output.append(contentsOf: "&quot;".unicodeScalars)
      case "'": output.append(contentsOf: "&#39;".unicodeScalars)
      case "\0": output.append("\u{FFFD}")
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
