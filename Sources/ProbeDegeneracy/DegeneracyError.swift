public import ProbeLinearAlgebra

/// Why two networks could not be compared.
public enum DegeneracyError: Error, Equatable, CustomStringConvertible {
  /// A shape does not fit what it is compared with.
  case shapeMismatch(object: String, expected: String, found: String)
  /// A number is infinite or NaN.
  case notFinite(object: String, row: Int, column: Int)
  /// There is too little to compute from.
  case tooFew(object: String, needed: Int, found: Int)
  /// There is more than a method can hold.
  case tooMany(object: String, limit: Int, found: Int)
  /// All samples are alike, so that nothing relative to their spread is defined.
  case noVariation(object: String)
  /// A decomposition failed.
  case decomposition(object: String, reason: LinearAlgebraError)
  /// A factorisation of the object failed.
  case factorization(object: String, reason: LinearAlgebraError)
  /// A system of equations has no unique solution.
  case singular(object: String)
  /// An object without direction: it is 0, and cannot be divided by its norm.
  case zeroNorm(object: String)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .shapeMismatch(let object, let expected, let found):
      "\(object) should be \(expected); it is \(found)"
    case .notFinite(let object, let row, let column):
      "\(object) holds an infinity or a NaN at row \(row), column \(column); comparisons need finite numbers"
    case .tooFew(let object, let needed, let found):
      "\(found) \(object) are too few; at least \(needed) are needed"
    case .tooMany(let object, let limit, let found):
      "\(found) \(object) are too many; at most \(limit) can be held, so average or draw fewer"
    case .noVariation(let object):
      "\(object) does not vary over the samples; a comparison needs at least two different ones"
    case .decomposition(let object, let reason): "decomposing \(object) failed: \(reason)"
    case .factorization(let object, let reason): "\(object) could not be factorised: \(reason)"
    case .singular(let object):
      "\(object) has no unique solution: the equations are dependent; take a smaller rank or a positive ridge"
    case .zeroNorm(let object):
      "\(object) is 0 and has no direction to compare; compare networks whose state moves"
    }
  }
}

/// Runs a decomposition and names the object it was made of.
func decomposing<Result>(
  _ object: String, _ body: () throws(LinearAlgebraError) -> Result
) throws(DegeneracyError) -> Result {
  do {
    return try body()
  } catch {
    throw .decomposition(object: object, reason: error)
  }
}

/// Runs a factorisation and names its object in the error.
func factorize<Value>(
  _ object: @autoclosure () -> String, _ body: () throws(LinearAlgebraError) -> Value
) throws(DegeneracyError) -> Value {
  do { return try body() } catch { throw .factorization(object: object(), reason: error) }
}
