/// How the text is rewritten before it is cut.
enum Normalizer: Sendable {
  case unicode(UnicodeNormalizer.Form)
  case lowercase
  case prepend([UInt32])
  case replace(SplitPattern, [UInt32])
  case strip(left: Bool, right: Bool)
  case stripAccents
  case nmt
  case byteLevel
  case bert(BertNormalizer)
  case sequence([Normalizer])

  /// Whether a text of ASCII alone is certain to stay as it is.
  var keepsASCII: Bool {
    switch self {
    case .unicode, .stripAccents: true
    case .sequence(let parts): parts.allSatisfy(\.keepsASCII)
    default: false
    }
  }

  /// Rewrites a text.
  func apply(_ text: inout ScalarText) {
    switch self {
    case .unicode(let form):
      var normalizer = UnicodeNormalizer(form)
      text.transform(normalizer.normalize(text.scalars))
    case .lowercase: Self.lowercase(&text)
    case .prepend(let prefix): text.prepend(prefix)
    case .replace(let pattern, let content): text.replace(pattern, with: content)
    case .strip(let left, let right): Self.strip(&text, left: left, right: right)
    case .stripAccents: text.filter { !Self.isMark($0) }
    case .nmt: Self.cleanLikeNMT(&text)
    case .byteLevel: Self.spellBytes(&text)
    case .bert(let bert): bert.apply(&text)
    case .sequence(let parts): for part in parts { part.apply(&text) }
    }
  }

  /// Lowercases scalar by scalar; the rest of a longer mapping counts as inserted.
  static func lowercase(_ text: inout ScalarText) {
    var changes: [ScalarText.Change] = []
    changes.reserveCapacity(text.scalars.count)
    for value in text.scalars {
      if value < 0x80 {
        changes.append(.init(0x41...0x5A ~= value ? value + 0x20 : value, 0))
      } else if let properties = Unicode.Scalar(value)?.properties, properties.changesWhenLowercased {
        for (index, scalar) in properties.lowercaseMapping.unicodeScalars.enumerated() {
          changes.append(.init(scalar.value, index == 0 ? 0 : 1))
        }
      } else {
        changes.append(.init(value, 0))
      }
    }
    text.transform(changes)
  }

  private static func strip(_ text: inout ScalarText, left: Bool, right: Bool) {
    func isSpace(_ value: UInt32) -> Bool { Unicode.Scalar(value)?.properties.isWhitespace ?? false }
    let scalars = text.scalars
    let leading = left ? scalars.prefix(while: isSpace).count : 0
    let trailing = right ? scalars.reversed().prefix(while: isSpace).count : 0
    guard leading + trailing > 0 else { return }
    var changes = scalars.dropFirst(leading).dropLast(leading < scalars.count ? trailing : 0).map {
      ScalarText.Change($0, 0)
    }
    if let last = changes.indices.last { changes[last].change = -trailing }
    text.transform(changes, removed: leading)
  }

  /// General category Mark, as of the version that normalisation knows.
  private static func isMark(_ value: UInt32) -> Bool {
    guard value >= 0x300, let properties = Unicode.Scalar(value)?.properties else { return false }
    if value == 0x1CF2 || value == 0x1CF3 { return true }  // until Unicode 12
    if value == 0x111C9 { return false }  // since Unicode 11
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark:
      return ScalarClass.isAssigned(properties, by: UnicodeForms.version)
    default: return false
    }
  }

  /// The cleaning that SentencePiece calls nmt: control characters go, other white space becomes a space.
  private static func cleanLikeNMT(_ text: inout ScalarText) {
    text.filter {
      switch $0 {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: false
      default: true
      }
    }
    text.transform(
      text.scalars.map {
        switch $0 {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
          .init(0x20, 0)
        default: .init($0, 0)
        }
      })
  }

  /// Writes every byte as its letter of the byte-level alphabet.
  private static func spellBytes(_ text: inout ScalarText) {
    var changes: [ScalarText.Change] = []
    var bytes: [UInt8] = []
    for scalar in text.scalars {
      bytes.removeAll(keepingCapacity: true)
      UTF8Text.append(scalar, to: &bytes)
      for (index, byte) in bytes.enumerated() {
        changes.append(.init(ByteAlphabet.scalars[Int(byte)], index == 0 ? 0 : 1))
      }
    }
    text.transform(changes)
  }
}
