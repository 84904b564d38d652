import ComplexModule
import ProbeLinearAlgebra
import RealModule

extension FixedPoint {
  /// An upper bound on how little J must change, relative to its 2-norm, for an eigenvalue to reach the unit circle.
  ///
  /// The complex stability radius is the minimum over theta of sigma_min(e^(i theta) I - J) (Hinrichsen & Pritchard
  /// 1986, doi:10.1016/0167-6911(86)90094-6). It is evaluated at theta = 0 and pi and, for matrices up to 128, at the
  /// arguments of the three eigenvalues nearest to the circle, so that the true radius may be smaller.
  ///
  /// - Returns: NaN for the zero matrix.
  /// - Throws: ``LinearAlgebraError/notFinite(routine:)``.
  /// - Complexity: O(n³), a handful of singular value decompositions.
  public func stabilityRadius() throws -> Double {
    let n = jacobian.rows
    var smallest = min(
      sigmaMin, try shifted(jacobian, cosine: -1, sine: 0).singularValues().last ?? .infinity)
    if n <= 128 {
      let nearest = stability.eigen.values.filter { $0.imaginary > 0 }
        .sorted { abs(1 - $0.length) < abs(1 - $1.length) }.prefix(3)
      for value in nearest {
        let matrix = shifted(
          jacobian, cosine: value.real / value.length, sine: value.imaginary / value.length)
        smallest = min(smallest, try matrix.singularValues().last ?? .infinity)
      }
    }
    let norm = try jacobian.singularValues().first ?? 0
    return norm > 0 ? smallest / norm : .nan
  }
}

/// e^(i theta) I - J: as it is for real angles, else as the real matrix [[c I - J, -s I], [s I, c I - J]], which has
/// the same singular values, twice each.
private func shifted(_ matrix: Matrix<Double>, cosine: Double, sine: Double) -> Matrix<Double> {
  let n = matrix.rows
  let blocks = sine == 0 ? 1 : 2
  var result = Matrix<Double>(rows: blocks * n, columns: blocks * n)
  for block in 0..<blocks {
    for row in 0..<n {
      for column in 0..<n { result[block * n + row, block * n + column] = -matrix[row, column] }
      result[block * n + row, block * n + row] += cosine
      if blocks == 2 { result[block * n + row, (1 - block) * n + row] = block == 0 ? -sine : sine }
    }
  }
  return result
}
