/// One typed value: a cell of a table, a headline number or an option.
public enum Value: Sendable, Equatable {
  /// Text.
  case string(String)
  /// A whole number.
  case integer(Int)
  /// A real number; NaN and the infinities are allowed.
  case real(Double)
  /// Yes or no.
  case boolean(Bool)

  /// The value as text that reads back to the same value.
  ///
  /// Reals are written with the shortest decimal that round-trips (at most 17 significant digits), and `nan`,
  /// `inf`, `-inf`, the words that pandas, NumPy and R read.
  public var text: String {
    switch self {
    case .string(let string): string
    case .integer(let integer): String(integer)
    case .real(let real): Value.text(of: real)
    case .boolean(let boolean): boolean ? "true" : "false"
    }
  }

  /// The value as JSON; see ``JSON/real(_:)`` for values that JSON has no number for.
  public var json: JSON {
    switch self {
    case .string(let string): .string(string)
    case .integer(let integer): .integer(integer)
    case .real(let real): .real(real)
    case .boolean(let boolean): .boolean(boolean)
    }
  }

  /// A real number as the shortest text that reads back to the same bits (any NaN: `nan`).
  static func text(of real: Double) -> String {
    if real.isNaN { return "nan" }
    if real.isInfinite { return real < 0 ? "-inf" : "inf" }
    return real.description
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// Text from a literal.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number from a literal.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A real number from a literal.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// Yes or no from a literal.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
