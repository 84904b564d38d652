import Glibc
import ProbeLinearAlgebra

extension PointEnclosureAlgebra {
  /// p = softmax(v) and its derivative p_i (V_i - sum_j p_j V_j), V the derivative of v.
  ///
  /// With |delta_j| <= e_j, p(v + delta)_i / p(v)_i = exp(delta_i) / sum_j p_j exp(delta_j) lies within exp(±(e_i + max e)).
  /// As computed, exp(v_j - max v) has the relative error unit |v_j - max v| of its argument and that of the function;
  /// the sum adds its terms' errors in their shares, one unit an addition, and the quotient one unit.
  public func softmax(_ vector: Vector) -> Vector {
    let count = vector.value.count
    let highest = vector.value.max() ?? 0
    let weights = vector.value.map { exp($0 - highest) }
    let total = weights.reduce(0, +)
    let value = weights.map { $0 / total }
    let relative = vector.value.map { unit * abs($0 - highest) + functionError }
    var totalRelative = Double(count) * unit
    for index in 0..<count { totalRelative += value[index] * relative[index] }
    let widest = vector.error.max() ?? 0
    let error = (0..<count).map { index in
      let growth = expm1(vector.error[index] + widest)
      guard growth.isFinite else { return 1.0 }
      let rounding = relative[index] + totalRelative + unit
      return min(1, value[index] * (growth + rounding) * widening + tiny * (1 + growth))
    }
    guard let inner = vector.jacobian else {
      return Vector(value: value, error: error, jacobian: nil, rowError: Array(repeating: 0, count: count))
    }
    let norms = (0..<count).map { vector.rowNorm($0) }
    let mean = inner.transposed.times(value)
    let meanNorm = euclideanNorm(mean)
    var meanError = 0.0
    for index in 0..<count {
      meanError += (error[index] + Double(count) * unit * value[index]) * norms[index]
      meanError += (value[index] + error[index]) * vector.rowError[index]
    }
    var jacobian = inner
    var rowError = [Double](repeating: 0, count: count)
    for row in 0..<count {
      for column in 0..<inner.columns { jacobian[row, column] -= mean[column] }
      let distance = euclideanNorm(jacobian.row(row))
      for column in 0..<inner.columns { jacobian[row, column] *= value[row] }
      rowError[row] =
        ((value[row] + error[row]) * (vector.rowError[row] + meanError) + error[row] * distance
          + 3 * unit * value[row] * (norms[row] + meanNorm)) * widening
    }
    return Vector(value: value, error: error, jacobian: jacobian, rowError: rowError)
  }
}
