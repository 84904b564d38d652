/// Why two networks could not be compared.
public enum DegeneracyError: Error, Equatable, CustomStringConvertible {
  /// A shape does not fit what it is compared with.
  case shapeMismatch(object: String, expected: String, found: String)
  /// A number is infinite or NaN.
  case notFinite(object: String, row: Int, column: Int)
  /// There is too little to compute from.
  case tooFew(object: String, needed: Int, found: Int)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .shapeMismatch(let object, let expected, let found):
      "\(object) should be \(expected); it is \(found)"
    case .notFinite(let object, let row, let column):
      "\(object) holds an infinity or a NaN at row \(row), column \(column); comparisons need finite numbers"
    case .tooFew(let object, let needed, let found):
      "\(found) \(object) are too few; at least \(needed) are needed"
    }
  }
}
