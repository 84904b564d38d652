/// Why a head could not be scored.
public enum HeadsError: Error, Equatable, CustomStringConvertible {
  /// A shape does not fit what it is used with.
  case shapeMismatch(object: String, expected: String, found: String)
  /// A number is infinite or NaN.
  case notFinite(object: String, row: Int, column: Int)
  /// A query puts weight on a key after it.
  case notCausal(query: Int, key: Int, weight: Double)
  /// A needle's span does not lie within the prompt.
  case needleOutsidePrompt(span: Range<Int>, promptLength: Int)
  /// A needle's tokens stand nowhere in the prompt.
  case needleNotFound(needle: [Int], promptLength: Int)
  /// Two needles share positions.
  case needlesOverlap(first: Range<Int>, second: Range<Int>)
  /// A span or a list that must hold something holds nothing.
  case empty(object: String)
  /// An index points at nothing.
  case indexOutOfRange(object: String, index: Int, count: Int)
  /// There are fewer heads to draw from than a draw needs.
  case tooFewHeads(needed: Int, available: Int)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .shapeMismatch(let object, let expected, let found):
      "\(object) should be \(expected); it is \(found)"
    case .notFinite(let object, let row, let column):
      "\(object) holds an infinity or a NaN at row \(row), column \(column); scores need finite numbers"
    case .notCausal(let query, let key, let weight):
      "query \(query) puts weight \(weight) on the later key \(key); "
        + "a causal pattern is zero above its diagonal"
    case .needleOutsidePrompt(let span, let promptLength):
      "the needle at \(span.lowerBound)..<\(span.upperBound) is not within the prompt of \(promptLength) tokens"
    case .needleNotFound(let needle, let promptLength):
      "the needle \(needle) stands nowhere in the prompt of \(promptLength) tokens; "
        + "it must be there token for token"
    case .needlesOverlap(let first, let second):
      "the needles at \(first.lowerBound)..<\(first.upperBound) and \(second.lowerBound)..<\(second.upperBound) "
        + "overlap; each position may belong to one needle"
    case .empty(let object): "\(object) is empty"
    case .indexOutOfRange(let object, let index, let count):
      "\(object) has index \(index), which is not in 0..<\(count)"
    case .tooFewHeads(let needed, let available):
      "a draw needs \(needed) heads; only \(available) are left to draw from"
    }
  }
}
