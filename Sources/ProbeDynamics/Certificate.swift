import Glibc
import ProbeLinearAlgebra
public import ProbeModels

/// A proof that a fixed point exists near a computed one, and that it is the only one around.
///
/// Newton-Kantorovich in the 2-norm for f(x) = F(x) - x (Kantorovich 1948; Ortega 1968, doi:10.2307/2313800): with
/// beta >= ||f'(x)^-1||, eta >= ||f'(x)^-1 f(x)||, K >= ||f''|| over a ball and h = beta K eta <= 1/2 there is exactly
/// one zero within the unique radius, and it lies within the existence radius:
///
///     existence  (1 - (1 - 2h)^0.5) / (beta K)        unique  (1 + (1 - 2h)^0.5) / (beta K)
///
/// both cut to the ball over which K holds. f and f' carry bounds on their rounding errors; beta comes from an
/// approximate inverse R through ||f'^-1|| <= ||R|| / (1 - ||I - R f'||). For a piecewise-linear map K is zero in a
/// ball that no kink enters, and infinite otherwise. The proof is about the map with the weights as stored, and says
/// nothing about points that were not found.
public struct Certificate: Sendable, Equatable {
  /// What was shown.
  public enum Verdict: String, Sendable {
    /// h <= 1/2 with every rounding error bounded.
    case certified
    /// The residual is near rounding, but the bounds do not suffice.
    case numerical
    /// The residual is not near rounding.
    case no
  }

  /// What was shown.
  public let verdict: Verdict
  /// The exact fixed point lies within this distance; NaN unless certified.
  public let radius: Double
  /// No other fixed point lies within this distance; NaN unless certified.
  public let uniqueRadius: Double
  /// Newton's method converges from every point within this distance, 2 / (3 beta K) cut to the ball (Rall 1974,
  /// doi:10.1137/0711003); 0 unless certified.
  public let attractionRadius: Double
  /// beta; NaN where I - J could not be bounded away from singularity.
  public let inverseNorm: Double
  /// K over the unique ball; NaN unless certified.
  public let curvature: Double

  /// Tries to certify a point.
  ///
  /// - Parameters:
  ///   - map: F.
  ///   - state: `[dimension]`.
  ///   - enclosure: of the map at that state.
  ///   - norms: norms of the map's weights, remembered from point to point.
  /// - Complexity: O(n³).
  public init(_ map: some DynamicalMap, state: [Double], enclosure: PointEnclosure, norms: WeightNorms) {
    let widening = 1 + 0x1p-20
    let n = Double(map.dimension)
    let residuals = state.indices.map { index in
      let residual = abs(enclosure.value[index] - state[index])
      return (residual * (1 + 0x1p-52) + enclosure.valueError[index]) * widening
    }
    let residualNorm = euclideanNorm(residuals) * widening
    let isSmall = residuals.allSatisfy { $0 <= 1e-10 }
    func failed(inverseNorm: Double = .nan) -> Certificate {
      Certificate(
        verdict: isSmall ? .numerical : .no, radius: .nan, uniqueRadius: .nan, attractionRadius: 0,
        inverseNorm: inverseNorm, curvature: .nan)
    }
    guard let beta = Self.inverseNorm(enclosure, dimension: n) else {
      self = failed()
      return
    }
    // Estimates prove nothing, however small they are.
    guard map.hasProvenBounds else {
      self = failed(inverseNorm: beta)
      return
    }
    let eta = beta * residualNorm * widening
    var best: (exist: Double, unique: Double, attract: Double, curvature: Double)?
    // A smaller ball bends less: follow the radius that its own bound allows, starting from the unit ball.
    var ball = 1.0
    // Down to radii of rounding: a kink may be that near.
    for _ in 0..<16 {
      let bend = map.curvature(center: state, radius: ball, norms: norms)
      guard bend.isFinite else {
        ball /= 8
        continue
      }
      let h = beta * bend * eta * widening
      guard h <= 0.5 else {
        ball /= 8
        continue
      }
      let root = (1 - 2 * h).squareRoot()
      let exist = 2 * eta / (1 + root) * widening
      let scale = beta * bend
      let unique = min(ball, scale > 0 ? (1 + root) / scale / widening : .infinity)
      if exist <= ball && unique > (best?.unique ?? 0) {
        best = (exist, unique, min(ball, scale > 0 ? 2 / (3 * scale) / widening : .infinity), bend)
      } else if best != nil {
        break
      }
      if scale == 0 { break }
      ball = min(ball / 2, unique * 2)
    }
    guard let best else {
      self = failed(inverseNorm: beta)
      return
    }
    self = Certificate(
      verdict: .certified, radius: best.exist, uniqueRadius: best.unique, attractionRadius: best.attract,
      inverseNorm: beta, curvature: best.curvature)
  }

  init(
    verdict: Verdict, radius: Double, uniqueRadius: Double, attractionRadius: Double, inverseNorm: Double,
    curvature: Double
  ) {
    self.verdict = verdict
    self.radius = radius
    self.uniqueRadius = uniqueRadius
    self.attractionRadius = attractionRadius
    self.inverseNorm = inverseNorm
    self.curvature = curvature
  }

  /// An upper bound on ||(J - I)^-1|| for every matrix within the enclosure; nil where none can be given.
  private static func inverseNorm(_ enclosure: PointEnclosure, dimension n: Double) -> Double? {
    let widening = 1 + 0x1p-20
    var shifted = enclosure.jacobian
    for index in 0..<shifted.rows { shifted[index, index] -= 1 }
    // Subtracting 1 rounds once more on the diagonal.
    let rounding = euclideanNorm((0..<shifted.rows).map { abs(shifted[$0, $0]) * 0x1p-53 })
    let error = (euclideanNorm(enclosure.jacobianRowErrors) + rounding) * widening
    guard error.isFinite, let factors = try? LUFactorization(shifted), let inverse = factors.inverse else {
      return nil
    }
    var defect = inverse * shifted
    for index in 0..<defect.rows { defect[index, index] -= 1 }
    let gamma = (n + 2) * 0x1p-53 * widening
    let inverseFrobenius = inverse.frobeniusNorm
    let bound =
      defect.frobeniusNorm + gamma * (inverseFrobenius * shifted.frobeniusNorm + n.squareRoot())
      + inverseFrobenius * error
    guard bound * widening < 1 else { return nil }
    return inverseFrobenius / (1 - bound * widening) * widening
  }
}
