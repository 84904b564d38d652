/// Why a factorisation gave no answer.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// The matrix has different numbers of rows and columns.
  case notSquare(routine: String, rows: Int, columns: Int)
  /// The input holds an infinity or a NaN. LAPACK would return garbage for the former without a word.
  case notFinite(routine: String)
  /// The iteration stopped with this many values still unfound.
  case notConverged(routine: String, remaining: Int)
  /// LAPACK refused its `argument`-th argument: a fault in this package.
  case invalidArgument(routine: String, argument: Int)

  /// What was attempted, what was seen.
  public var description: String {
    switch self {
    case .notSquare(let routine, let rows, let columns):
      "\(routine) needs a square matrix; this one is \(rows) x \(columns)"
    case .notFinite(let routine): "\(routine) needs finite entries; the matrix holds an infinity or a NaN"
    case .notConverged(let routine, let remaining): "\(routine) left \(remaining) values unconverged"
    case .invalidArgument(let routine, let argument): "\(routine) refused argument \(argument)"
    }
  }
}

/// Turns LAPACK's `info` into a throw.
func checkLAPACK(_ routine: String, _ info: Int32) throws(LinearAlgebraError) {
  if info > 0 { throw .notConverged(routine: routine, remaining: Int(info)) }
  if info < 0 { throw .invalidArgument(routine: routine, argument: Int(-info)) }
}

extension Matrix where Scalar == Double {
  func requireSquareAndFinite(_ routine: String) throws(LinearAlgebraError) {
    guard rows == columns else { throw .notSquare(routine: routine, rows: rows, columns: columns) }
    try requireFinite(routine)
  }

  func requireFinite(_ routine: String) throws(LinearAlgebraError) {
    guard elements.allSatisfy(\.isFinite) else { throw .notFinite(routine: routine) }
  }
}
