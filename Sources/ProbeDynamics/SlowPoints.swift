import ProbeLinearAlgebra
public import ProbeModels

/// A local minimum of the speed |F(x) - x| that is no fixed point.
public struct SlowPoint: Sendable {
  /// The state.
  public let state: [Double]
  /// Half the squared 2-norm of F(x) - x.
  public let q: Double
  /// |F(x) - x|_2, per step.
  public var speed: Double { (2 * q).squareRoot() }
  /// |(J - I)^T (F(x) - x)|_2 / |F(x) - x|_2: how far from stationary.
  public let gradient: Double
}

/// Levenberg-Marquardt on q(x) = |F(x) - x|² / 2 for the starts that Newton's method could not finish.
///
/// (A^T A + mu I) d = -A^T f with A = J - I; mu falls tenfold after a step that lowers q and rises tenfold after one
/// that does not (Marquardt 1963, doi:10.1137/0111030).
public struct SpeedMinimizer: Sendable {
  /// The most steps.
  public var stepLimit = 60
  /// Where |A^T f| / |f| is below this the state is a minimum (or a saddle) of the speed.
  public var gradientTolerance = 1e-6

  /// The defaults.
  public init() {}

  /// Where the descent ended: a state and whether its speed is stationary there.
  ///
  /// - Complexity: O(steps n³).
  public func descend(_ map: some DynamicalMap, from start: [Double]) -> SlowPoint? {
    let n = map.dimension
    var state = start
    var residual = zip(map.apply(state), state).map { $0 - $1 }
    var squared = residual.reduce(0) { $0 + $1 * $1 }
    var damping = 1e-3
    var gradientNorm = Double.infinity
    for _ in 0..<stepLimit {
      guard squared.isFinite, squared > 0 else { break }
      var a = map.jacobian(at: state)
      for index in 0..<n { a[index, index] -= 1 }
      let transposed = a.transposed
      let gradient = transposed.times(residual)
      gradientNorm = euclideanNorm(gradient)
      if gradientNorm <= gradientTolerance * squared.squareRoot() { break }
      var normal = transposed * a
      for index in 0..<n { normal[index, index] += damping }
      guard let factors = try? LUFactorization(normal), let step = factors.solve(gradient) else { break }
      let trial = zip(state, step).map { $0 - $1 }
      let trialResidual = zip(map.apply(trial), trial).map { $0 - $1 }
      let trialSquared = trialResidual.reduce(0) { $0 + $1 * $1 }
      if trialSquared < squared {
        (state, residual, squared) = (trial, trialResidual, trialSquared)
        damping = max(1e-12, damping / 10)
      } else {
        damping *= 10
        if damping > 1e8 { break }
      }
    }
    guard squared.isFinite else { return nil }
    return SlowPoint(
      state: state, q: squared / 2, gradient: squared > 0 ? gradientNorm / squared.squareRoot() : 0)
  }
}
