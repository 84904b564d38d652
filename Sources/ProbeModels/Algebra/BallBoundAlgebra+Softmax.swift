import Glibc

extension BallBoundAlgebra {
  /// Bounds for p = softmax(v).
  ///
  /// The derivative is J = diag(p) - p p^T, the covariance of a unit drawn with probabilities p: a^T J b = Cov_p(a, b).
  /// By Gershgorin ||J|| <= lambda = max 2 p_i (1 - p_i) <= 1/2. Row i is p_i (e_i - p), and ||e_i - p|| <= 2^0.5 (1 - p_i),
  /// so g_i <= p_i (1 - p_i) min(2^0.5 G, g_i + max g).
  ///
  /// The second derivative is a third central moment, u^T D²p[a, b] = E_p[(u - Eu) (a - Ea) (b - Eb)]. It is symmetric in
  /// u, a, b, so its norm is reached at u = a = b (Banach 1938, Studia Math. 7, 36). A unit vector's entries span at most
  /// 2^0.5, and for a given mean the third central moment is linear in the distribution, so largest on two points, where
  /// it is span³ q (1 - q) (1 - 2q) <= span³ / (6 · 3^0.5): hence ||D²p|| <= 2^0.5 / (3 · 3^0.5) = 0.2722. By Cauchy and
  /// Schwarz it is also at most (span of a) (Var u Var b)^0.5 <= (span of a) lambda, which vanishes as p becomes one-hot.
  /// With a = Dv[s]: span <= min(2^0.5 G, 2 max g).
  ///
  /// p_i is largest over the ball where v_i is largest and all others smallest.
  public func softmax(_ vector: Vector) -> Vector {
    let count = vector.center.count
    let ranges = (0..<count).map { reach(vector, $0) }
    let highest = vector.center.max() ?? 0
    let weights = vector.center.map { exp($0 - highest) }
    let total = weights.reduce(0, +)
    let steepest = vector.gradient.max() ?? 0
    var lambda = 0.0
    var result = vector
    for index in 0..<count {
      // The odds against unit i at both ends: p = 1 / (1 + odds).
      var (leastOdds, mostOdds) = (0.0, 0.0)
      for other in 0..<count where other != index {
        leastOdds += exp(ranges[other].low - ranges[index].high)
        mostOdds += exp(ranges[other].high - ranges[index].low)
      }
      let variance = largestVariance(leastOdds, mostOdds)
      lambda = max(lambda, 2 * variance)
      result.center[index] = weights[index] / total
      result.gradient[index] =
        variance * min(2.0.squareRoot() * vector.slope, vector.gradient[index] + steepest)
    }
    lambda = min(lambda, 0.5) * widening
    let span = min(2.0.squareRoot() * vector.slope, 2 * steepest)
    let bend = min(
      2.0.squareRoot() / (3 * 3.0.squareRoot()) * product(vector.slope, vector.slope),
      lambda * product(span, vector.slope))
    result.slope = product(lambda, vector.slope)
    result.curvature = bend + product(lambda, vector.curvature)
    return widened(result)
  }

  /// The largest p (1 - p) = odds / (1 + odds)² for odds in a range; never 0, as exp may underflow.
  private func largestVariance(_ least: Double, _ most: Double) -> Double {
    if least <= 1 && most >= 1 { return 0.25 }
    let odds = most < 1 ? most : 1 / least
    return (odds / ((1 + odds) * (1 + odds))) * widening + Double.leastNormalMagnitude
  }
}
