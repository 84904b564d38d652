internal import ComplexModule
internal import ProbeLinearAlgebra
internal import RealModule

/// A distance that no orthogonal change of coordinates can go below: min over C in O(n) of ‖A - C B C'‖ is at least this.
///
/// The largest of three bounds, for operators of Frobenius norm 1, where ‖A - C B C'‖² = 2 - 2 tr(A' C B C'):
/// 1. Symmetric and skew parts do not mix under the trace. Hoffman and Wielandt 1953 (doi:10.1215/S0012-7094-53-02004-3) bounds
///    the first by the product of sorted eigenvalues, von Neumann 1937 the second by that of sorted singular values.
/// 2. von Neumann's inequality for the whole: the product of sorted singular values.
/// 3. Hoffman-Wielandt for the normal parts of complex Schur forms: the distance of the spectra under the best matching, less
///    both departures from normality.
func alignmentLowerBound(_ a: OperatorProfile, _ b: OperatorProfile) -> Double {
  func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
  func squares(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
  // The differences' squares say the same as 2 - 2 (products), without cancellation between equal operators.
  let parts = squares(a.symmetricValues, b.symmetricValues) + squares(a.skewValues, b.skewValues)
  let whole = squares(a.singularValues, b.singularValues)
  let first = a.eigenvalues.map { $0 / Complex(a.norm) }
  let second = b.eigenvalues.map { $0 / Complex(b.norm) }
  let spectra = matchedSquares(first, second).squareRoot() - a.departure - b.departure
  return max(parts.squareRoot(), whole.squareRoot(), spectra)
}

/// The smallest sum of squared distances between matched points of two sets of one size.
func matchedSquares(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> Double {
  LinearAssignment(
    costs: Matrix(
      rows: a.count, columns: b.count, elements: a.flatMap { x in b.map { (x - $0).lengthSquared } })
  ).cost
}
