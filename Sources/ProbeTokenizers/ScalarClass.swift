/// Classes of Unicode scalars that patterns and pre-tokenizers ask for.
///
/// The reference draws on three Unicode databases of different ages: its regular expressions (Oniguruma), Rust's `char`,
/// and tables of Unicode 8 for punctuation and control characters. Scalars assigned later than a database knows are
/// unassigned to it, which `Unicode.Scalar.Properties.age` tells.
struct ScalarClass: OptionSet, Sendable {
  let rawValue: UInt8

  /// `\p{L}`.
  static let letter = ScalarClass(rawValue: 1)
  /// `\p{N}`.
  static let number = ScalarClass(rawValue: 2)
  /// `\s`, the property White_Space.
  static let space = ScalarClass(rawValue: 4)
  /// `\w` of Rust's regular expressions: Alphabetic, Mark, Decimal_Number, Connector_Punctuation, Join_Control.
  static let word = ScalarClass(rawValue: 8)
  /// ASCII punctuation and symbols, or general category P in Unicode 8.
  static let punctuation = ScalarClass(rawValue: 16)
  /// Control, format and private-use characters in Unicode 8, except tab and line ends.
  static let control = ScalarClass(rawValue: 32)
  /// Nonspacing marks in Unicode 8.
  static let nonspacing = ScalarClass(rawValue: 64)
  /// Categories Nd, Nl and No by Rust's `char::is_numeric`.
  static let numeric = ScalarClass(rawValue: 128)

  /// The classes of every scalar of the basic plane.
  static let table: [UInt8] = (0..<0x10000).map { UInt32($0) }.map { Self(computing: $0).rawValue }

  /// The classes of a scalar.
  @inline(__always)
  static func of(_ scalar: UInt32, _ table: [UInt8]) -> ScalarClass {
    scalar < 0x10000 ? ScalarClass(rawValue: table[Int(scalar)]) : ScalarClass(computing: scalar)
  }
}

extension ScalarClass {
  /// The version of Unicode in both of the reference's engines for regular expressions.
  static let patternVersion = (major: 16, minor: 0)
  /// The version of Unicode in the tables for punctuation and control characters.
  static let categoryVersion = (major: 8, minor: 0)

  /// Whether a scalar was assigned by some version of Unicode.
  static func isAssigned(_ properties: Unicode.Scalar.Properties, by version: (major: Int, minor: Int))
    -> Bool
  {
    properties.age.map { $0 <= version } ?? false
  }

  private static func isWord(_ properties: Unicode.Scalar.Properties) -> Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }

  /// Looks a scalar up in the standard library; surrogates are in no class.
  init(computing value: UInt32) {
    var found: ScalarClass = []
    guard let scalar = Unicode.Scalar(value) else {
      self = found
      return
    }
    let properties = scalar.properties
    let category = properties.generalCategory
    if properties.isWhitespace { found.insert(.space) }
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      if Self.isAssigned(properties, by: Self.patternVersion) { found.insert(.letter) }
    case .decimalNumber, .letterNumber, .otherNumber:
      if Self.isAssigned(properties, by: Self.patternVersion) { found.insert(.number) }
      found.insert(.numeric)
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      if Self.isAssigned(properties, by: Self.categoryVersion) { found.insert(.punctuation) }
    case .control, .format, .privateUse:
      if value != 0x09, value != 0x0A, value != 0x0D,
        category == .privateUse || Self.isAssigned(properties, by: Self.categoryVersion)
      {
        found.insert(.control)
      }
    case .nonspacingMark:
      if Self.isAssigned(properties, by: Self.categoryVersion) { found.insert(.nonspacing) }
    default: break
    }
    switch value {
    case 0x166D, 0x111C9:  // punctuation until Unicode 11 and 12
      found.insert(.punctuation)
      found.remove(.nonspacing)
    case 0x1734, 0x1171E: found.insert(.nonspacing)  // until Unicode 14
    case 0x1885, 0x1886, 0xA9BD: found.remove(.nonspacing)  // since Unicode 9 and 11
    default: break
    }
    if scalar.isASCII, category != .control, value != 0x20, !found.contains(.number), !found.contains(.letter)
    {
      found.insert(.punctuation)
    }
    if Self.isWord(properties), Self.isAssigned(properties, by: Self.patternVersion) { found.insert(.word) }
    self = found
  }
}
