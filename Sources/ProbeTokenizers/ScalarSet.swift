/// A set of Unicode scalars as a regular expression writes it: ranges, general categories, white space, word characters.
struct ScalarSet: Sendable {
  /// One thing that belongs to the set.
  enum Member: Sendable {
    case range(UInt32, UInt32)
    /// General categories, as bits.
    case categories(UInt32)
    case space
    /// `\w` as Oniguruma has it: word characters without the joiners, but with `²`, `³`, `¹`, `¼`, `½`, `¾`.
    case word
    indirect case not(Member)
  }

  private var members: [Member] = []
  private let isNegated: Bool
  private let ignoresCase: Bool
  /// The answer for ASCII, which most text is.
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ members: [Member], negated: Bool = false, ignoringCase: Bool = false) {
    self.members = members
    isNegated = negated
    ignoresCase = ignoringCase
    for value in UInt32(0)..<64 where computed(value) { low |= 1 << UInt64(value) }
    for value in UInt32(64)..<128 where computed(value) { high |= 1 << UInt64(value - 64) }
  }

  /// Whether a scalar belongs to the set.
  @inline(__always)
  func contains(_ value: UInt32) -> Bool {
    if value < 64 { return low >> UInt64(value) & 1 == 1 }
    if value < 128 { return high >> UInt64(value - 64) & 1 == 1 }
    return computed(value)
  }

  private func computed(_ value: UInt32) -> Bool {
    if members.contains(where: { Self.matches($0, value) }) { return !isNegated }
    guard ignoresCase, let scalar = Unicode.Scalar(value) else { return isNegated }
    let upper = Self.single(scalar.properties.uppercaseMapping)
    let variants = [Self.single(scalar.properties.lowercaseMapping), upper, upper.flatMap(Self.lowercased)]
    for case let variant? in variants where variant != value {
      if members.contains(where: { Self.matches($0, variant) }) { return !isNegated }
    }
    return isNegated
  }

  private static func single(_ mapping: String) -> UInt32? {
    let scalars = mapping.unicodeScalars
    return scalars.count == 1 ? scalars.first?.value : nil
  }

  private static func lowercased(_ value: UInt32) -> UInt32? {
    Unicode.Scalar(value).flatMap { single($0.properties.lowercaseMapping) }
  }

  private static func matches(_ member: Member, _ value: UInt32) -> Bool {
    switch member {
    case .range(let low, let high): return value >= low && value <= high
    case .not(let member): return !matches(member, value)
    case .categories(let bits): return bits & category(value) != 0
    case .space: return Unicode.Scalar(value)?.properties.isWhitespace ?? false
    case .word:
      switch value {
      case 0xB2, 0xB3, 0xB9, 0xBC...0xBE: return true
      case 0x200C, 0x200D: return false
      default: return ScalarClass.of(value, ScalarClass.table).contains(.word)
      }
    }
  }

  /// The general category as one bit; what later versions of Unicode assigned is unassigned.
  private static func category(_ value: UInt32) -> UInt32 {
    guard let properties = Unicode.Scalar(value)?.properties else { return bit(.surrogate) }
    let category = properties.generalCategory
    if category == .privateUse || category == .control { return bit(category) }
    return bit(ScalarClass.isAssigned(properties, by: ScalarClass.patternVersion) ? category : .unassigned)
  }

  private static let order: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
    ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
    ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
    ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation),
    ("Pi", .initialPunctuation), ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol),
    ("Sc", .currencySymbol), ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator),
    ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ("Cs", .surrogate), ("Co", .privateUse), ("Cn", .unassigned),
  ]
  private static let bits = Dictionary(
    uniqueKeysWithValues: order.enumerated().map { ($1.category, UInt32(1) << UInt32($0)) })

  private static func bit(_ category: Unicode.GeneralCategory) -> UInt32 { bits[category] ?? 0 }

  /// The bits of a general category or of a group of them, such as "L" or "Lu".
  static func categories(_ name: String) -> UInt32? {
    let found = order.filter { $0.name == name || name.count == 1 && $0.name.hasPrefix(name) }
    return found.isEmpty ? nil : found.reduce(0) { $0 | bit($1.category) }
  }
}
