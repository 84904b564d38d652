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

/// Minimises q(x) = |F(x) - x|² / 2 from the starts that Newton's method could not finish.
///
/// (A^T A + S + mu I) d = -A^T f with A = J - I, f = F(x) - x. Near the ghost of a fold A is almost singular and the
/// Hessian of q is mostly its second part, the sum of f_i times the second derivatives of F_i; S approximates that by
/// secants (Dennis, Gay & Welsch 1981, doi:10.1145/355958.355965). mu falls tenfold after a step that
/// lowers q and rises tenfold after one that does not (Marquardt 1963, doi:10.1137/0111030).
public struct SpeedMinimizer: Sendable {
  /// The most steps.
  public var stepLimit = 60
  /// Where |A^T f| / |f| is below this the state is a minimum (or a saddle) of the speed.
  public var gradientTolerance = 1e-6

  /// The defaults.
  public init() {}

  /// Where the descent ended: a state and whether its speed is stationary there.
  ///
  /// - Returns: nil where the start or its speed is not finite.
  /// - Complexity: O(steps n³).
  public func descend(_ map: some DynamicalMap, from start: [Double]) -> SlowPoint? {
    let n = map.dimension
    var place = Place(map, state: start, residual: Place.residual(map, start))
    var secant = Matrix<Double>(rows: n, columns: n)
    var damping = 1e-3
    for _ in 0..<stepLimit {
      guard place.squared.isFinite, place.squared > 0, place.stationarity > gradientTolerance else { break }
      var hessian = place.slope.transposed * place.slope
      for index in hessian.elements.indices { hessian.elements[index] += secant.elements[index] }
      for index in 0..<n { hessian[index, index] += damping }
      var accepted = false
      if let step = (try? LUFactorization(hessian))?.solve(place.gradient), dot(step, place.gradient) > 0 {
        let state = zip(place.state, step).map { $0 - $1 }
        let residual = Place.residual(map, state)
        if residual.reduce(0, { $0 + $1 * $1 }) < place.squared {
          let next = Place(map, state: state, residual: residual)
          update(&secant, from: place, to: next)
          place = next
          accepted = true
        }
      }
      damping = accepted ? max(1e-12, damping / 10) : damping * 10
      if damping > 1e8 { break }
    }
    guard place.squared.isFinite else { return nil }
    return SlowPoint(state: place.state, q: place.squared / 2, gradient: place.stationarity)
  }

  /// A state with what is known of q there.
  private struct Place {
    let state: [Double]
    /// f.
    let residual: [Double]
    /// |f|².
    let squared: Double
    /// A.
    let slope: Matrix<Double>
    /// A^T f.
    let gradient: [Double]
    /// |A^T f| / |f|; 0 at a fixed point.
    let stationarity: Double

    static func residual(_ map: some DynamicalMap, _ state: [Double]) -> [Double] {
      zip(map.apply(state), state).map { $0 - $1 }
    }

    init(_ map: some DynamicalMap, state: [Double], residual: [Double]) {
      self.state = state
      self.residual = residual
      squared = residual.reduce(0) { $0 + $1 * $1 }
      var slope = map.jacobian(at: state)
      for index in 0..<map.dimension { slope[index, index] -= 1 }
      self.slope = slope
      gradient = slope.transposed.times(residual)
      stationarity = squared > 0 ? euclideanNorm(gradient) / squared.squareRoot() : 0
    }
  }

  /// The symmetric secant update of S: S s = A'^T f' - A^T f', weighted by y = the change of the gradient, after
  /// scaling S down where it has outlived the residual.
  private func update(_ secant: inout Matrix<Double>, from old: Place, to new: Place) {
    let n = old.state.count
    let step = zip(new.state, old.state).map { $0 - $1 }
    let change = zip(new.gradient, old.gradient).map { $0 - $1 }
    let curved = zip(new.gradient, old.slope.transposed.times(new.residual)).map { $0 - $1 }
    let along = dot(change, step)
    guard abs(along) > 1e-12 * euclideanNorm(change) * euclideanNorm(step) else { return }
    let before = secant.times(step)
    let known = abs(dot(step, before))
    let scale = known > 0 ? min(1, abs(dot(step, curved)) / known) : 1
    let missing = zip(curved, before).map { $0 - scale * $1 }
    let excess = dot(step, missing) / along
    for row in 0..<n {
      for column in 0..<n {
        let added =
          missing[row] * change[column] + change[row] * missing[column] - excess * change[row]
          * change[column]
        secant[row, column] = scale * secant[row, column] + added / along
      }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
