public import ProbeLinearAlgebra

/// A linear map with an intercept, fitted by ridge regression; the intercept is not penalised.
///
/// Minimises ‖Y - X W - 1 b‖² + penalty ‖W‖² (Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634),
/// through the Gram matrix of the rows or of the columns, whichever is smaller.
public struct RidgeMap: Sendable, Equatable {
  /// W `[width, outputs]`.
  public let map: Matrix<Double>
  /// The mean of the inputs `[width]`.
  public let inputMean: [Double]
  /// The mean of the targets `[outputs]`.
  public let targetMean: [Double]

  /// Fits a map.
  ///
  /// - Parameters:
  ///   - inputs: X `[samples, width]`.
  ///   - targets: Y `[samples, outputs]`.
  ///   - penalty: positive.
  /// - Throws: ``LinearAlgebraError`` if an entry is not finite.
  /// - Precondition: there is a sample.
  /// - Complexity: O(samples width min(samples, width)).
  public init(
    inputs: Matrix<Double>, targets: Matrix<Double>, penalty: Double
  ) throws(LinearAlgebraError) {
    precondition(inputs.rows == targets.rows && inputs.rows > 0, "each sample needs an input and a target")
    precondition(penalty > 0, "the penalty must be positive")
    let (x, xMean) = Self.centred(inputs)
    let (y, yMean) = Self.centred(targets)
    inputMean = xMean
    targetMean = yMean
    let transposed = x.transposed
    let isTall = x.rows > x.columns
    var gram = isTall ? transposed * x : x * transposed
    for index in 0..<gram.rows { gram[index, index] += penalty }
    let factors = try LUFactorization(gram)
    // A positive penalty leaves the Gram matrix positive definite; only one lost in rounding could be
    // singular.
    let right = isTall ? transposed * y : y
    guard let solution = factors.solve(right) else {
      throw .notConverged(routine: "ridge regression", remaining: gram.rows)
    }
    map = isTall ? solution : transposed * solution
  }

  /// The fitted values of the given inputs: `[samples, outputs]`.
  public func callAsFunction(_ inputs: Matrix<Double>) -> Matrix<Double> {
    precondition(inputs.columns == inputMean.count, "inputs must be as wide as those fitted")
    var centred = inputs
    for row in 0..<inputs.rows {
      for column in inputMean.indices { centred[row, column] -= inputMean[column] }
    }
    var values = centred * map
    for row in 0..<values.rows {
      for column in targetMean.indices { values[row, column] += targetMean[column] }
    }
    return values
  }

  /// A matrix less its columns' means.
  static func centred(_ matrix: Matrix<Double>) -> (Matrix<Double>, mean: [Double]) {
    var mean = [Double](repeating: 0, count: matrix.columns)
    for row in 0..<matrix.rows {
      for column in mean.indices { mean[column] += matrix[row, column] }
    }
    for column in mean.indices { mean[column] /= Double(max(1, matrix.rows)) }
    var centred = matrix
    for row in 0..<matrix.rows {
      for column in mean.indices { centred[row, column] -= mean[column] }
    }
    return (centred, mean)
  }
}
