internal import ProbeLinearAlgebra

/// (X'X + ridge I)^-1 X'Y, refused where X'X + ridge I is singular to rounding.
///
/// - Parameters:
///   - squares: X'X, `[k, k]`; the ridge is added to it.
///   - products: X'Y, `[k, outputs]`.
///   - ridge: at least 0.
///   - object: what errors call the equations.
/// - Returns: `[k, outputs]`.
/// - Throws: ``DegeneracyError/singular(object:)``, or what kept a factorisation from its end.
func solveRegression(
  squares: inout Matrix<Double>, products: Matrix<Double>, ridge: Double, object: String
) throws(DegeneracyError) -> Matrix<Double> {
  let count = squares.rows
  for index in 0..<count { squares[index, index] += ridge }
  let matrix = squares
  let (eigen, factors) = try factorize("X'X of \(object)") { () throws(LinearAlgebraError) in
    (try SymmetricEigen(matrix), try LUFactorization(matrix))
  }
  // An eigenvalue of 0 comes out as rounding of the largest one.
  let least = eigen.values.last ?? 0
  guard least > Double(count) * .ulpOfOne * (eigen.values.first ?? 0), let solution = factors.solve(products)
  else { throw .singular(object: object) }
  return solution
}
