extension Alphabet {
  /// The word that ``text(of:)`` writes as the given text, or that a person writes in the same manner.
  ///
  /// `ε` and the empty text are the empty word. Where all names are single characters they may stand side by side or apart;
  /// where two names could be meant the longer one is. Other names stand apart by spaces, in quotation marks with Swift's
  /// escapes (`\n`, `\"`, `\\`, `\u{e9}`) where they hold spaces or quotes themselves.
  ///
  /// - Throws: ``AutomataError/unknownSymbol(_:)``; ``AutomataError/unreadableText(format:line:reason:)`` where a quotation
  ///   mark is not closed.
  public func word(from text: String) throws(AutomataError) -> Word {
    if text.isEmpty || text == "ε" { return [] }
    return try isCompact ? compactWord(text) : spacedWord(text)
  }

  /// Whether every name is one character that needs no space around it.
  var isCompact: Bool {
    symbols.allSatisfy {
      $0.count == 1 && !$0.contains { $0.isWhitespace || $0 == "\"" || $0 == "ε" }
    }
  }

  private func compactWord(_ text: String) throws(AutomataError) -> Word {
    let names = symbols.map { Array($0.utf8) }
    let order = names.indices.sorted { (names[$1].count, $0) < (names[$0].count, $1) }
    let bytes = Array(text.utf8)
    var word: Word = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == 0x20 {
        place += 1
      } else if let symbol = order.first(where: { bytes[place...].starts(with: names[$0]) }) {
        word.append(symbol)
        place += names[symbol].count
      } else {
        let rest = String(decoding: bytes[place...], as: UTF8.self)
        throw .unknownSymbol(rest.first.map { String($0) } ?? "")
      }
    }
    return word
  }

  private func spacedWord(_ text: String) throws(AutomataError) -> Word {
    var word: Word = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == " " {
        rest.removeFirst()
        continue
      }
      let name: String
      if scalar == "\"" {
        rest.removeFirst()
        name = try quotedName(&rest)
      } else {
        name = String(rest.prefix { $0 != " " })
        rest = rest.drop { $0 != " " }
      }
      guard let symbol = index(of: name) else { throw .unknownSymbol(name) }
      word.append(symbol)
    }
    return word
  }

  /// The name that a quotation mark has opened.
  private func quotedName(_ rest: inout Substring.UnicodeScalarView) throws(AutomataError) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return String(name) }
      guard scalar == "\\" else {
        name.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "n": name.append("\n")
      case "r": name.append("\r")
      case "t": name.append("\t")
      case "0": name.append("\0")
      case "u" where rest.first == "{":
        let digits = String(rest.dropFirst().prefix { $0 != "}" })
        guard let code = UInt32(digits, radix: 16), let value = Unicode.Scalar(code) else {
          throw .unreadableText(format: "a word", line: 1, reason: "\\u{\(digits)} is no character")
        }
        name.append(value)
        rest = rest.drop { $0 != "}" }.dropFirst()
      case let other?: name.append(other)
      case nil: break
      }
    }
    throw .unreadableText(format: "a word", line: 1, reason: "a quotation mark is not closed")
  }
}
