/// The principal components of a cloud of points.
public struct PrincipalComponents: Sendable {
  /// The centre of the cloud, `[features]`.
  public let mean: [Double]
  /// `[components, features]`, orthonormal rows; each row's entry of largest modulus is positive.
  public let directions: Matrix<Double>
  /// The share of the total variance along each direction, between 0 and 1.
  public let varianceShares: [Double]
  /// The square root of the total variance: the typical distance of a point from the centre.
  public let spread: Double

  /// Finds the leading components from the covariance matrix.
  ///
  /// - Parameters:
  ///   - points: `[points, features]`; at least one point.
  ///   - count: how many components are wanted; fewer come back when there are fewer features.
  /// - Throws: ``LinearAlgebraError/notFinite(routine:)``.
  /// - Complexity: O(points features² + features³).
  public init(of points: Matrix<Double>, count: Int) throws(LinearAlgebraError) {
    precondition(points.rows > 0, "a cloud needs a point")
    let features = points.columns
    var mean = [Double](repeating: 0, count: features)
    for row in 0..<points.rows {
      for column in 0..<features { mean[column] += points[row, column] }
    }
    for column in 0..<features { mean[column] /= Double(points.rows) }
    var centred = points
    for row in 0..<points.rows {
      for column in 0..<features { centred[row, column] -= mean[column] }
    }
    var covariance = Matrix<Double>(rows: features, columns: features)
    Double.multiply(
      rows: features, columns: features, inner: points.rows, alpha: 1 / Double(points.rows),
      centred.elements, stride: max(1, features), transposed: true,
      centred.elements, stride: max(1, features), transposed: false,
      beta: 0, into: &covariance.elements, stride: max(1, features))
    let eigen = try SymmetricEigen(covariance)
    let total = eigen.values.reduce(0) { $0 + max(0, $1) }
    let kept = min(count, features)
    var rows = Matrix<Double>(rows: kept, columns: features)
    for k in 0..<kept {
      let vector = eigen.vectors.row(k)
      let leading = vector.max { abs($0) < abs($1) } ?? 0
      for (column, value) in vector.enumerated() { rows[k, column] = leading < 0 ? -value : value }
    }
    self.mean = mean
    directions = rows
    varianceShares = eigen.values.prefix(kept).map { total > 0 ? max(0, $0) / total : 0 }
    spread = total.squareRoot()
  }

  /// The coordinates of points along the directions.
  ///
  /// - Parameter points: `[points, features]`.
  /// - Returns: `[points, components]`.
  public func project(_ points: Matrix<Double>) -> Matrix<Double> {
    var centred = points
    for row in 0..<points.rows {
      for column in 0..<points.columns { centred[row, column] -= mean[column] }
    }
    return centred * directions.transposed
  }
}
