public import ProbeLinearAlgebra
public import ProbeModels

/// A fixed point and everything that is known about its neighbourhood.
public struct FixedPoint: Sendable {
  /// The state.
  public let state: [Double]
  /// How the start that found it was chosen.
  public let origin: Start.Origin
  /// The infinity norm of F(x) - x.
  public let residual: Double
  /// Half the squared 2-norm of F(x) - x: FixedPointFinder's q.
  public let q: Double
  /// The proof of existence and uniqueness.
  public let certificate: Certificate
  /// The eigenvalues and what follows from them.
  public let stability: Stability
  /// dF/dx, `[n, n]`.
  public let jacobian: Matrix<Double>
  /// The sign of det(I - J): -1 or 1; 0 where rounding leaves it open or the matrix is singular.
  public let index: Int
  /// The singular values of I - J, largest first; the last is the distance to the nearest fold.
  public let singularValues: [Double]

  /// The smallest singular value of I - J.
  public var sigmaMin: Double { singularValues.last ?? .nan }

  /// The dimension of the continuum of fixed points through this one, to first order: the number of singular values
  /// of I - J below `tolerance` times the largest.
  public func continuumDimension(tolerance: Double = 1e-8) -> Int {
    let largest = max(1, singularValues.first ?? 1)
    return singularValues.count { $0 <= tolerance * largest }
  }
}

/// What a neighbourhood is judged by.
public struct NeighbourhoodOptions: Sendable {
  /// Half an ulp of the stored weights' type, relative.
  public var weightRounding = 0x1p-24
  /// Steps of a trial; modes that last longer are marginal.
  public var trialLength = 100.0

  /// The defaults.
  public init() {}
}

extension FixedPoint {
  /// Analyses a converged state.
  ///
  /// - Throws: ``LinearAlgebraError`` if the Jacobian is not finite or its decomposition fails.
  /// - Complexity: O(n³).
  public init(
    _ map: some DynamicalMap, state: [Double], origin: Start.Origin, norms: WeightNorms,
    options: NeighbourhoodOptions
  ) throws {
    let enclosure = map.enclosure(at: state)
    let certificate = Certificate(map, state: state, enclosure: enclosure, norms: norms)
    try self.init(
      map, state: state, origin: origin, enclosure: enclosure, certificate: certificate, options: options)
  }

  init(
    _ map: some DynamicalMap, state: [Double], origin: Start.Origin, enclosure: PointEnclosure,
    certificate: Certificate, options: NeighbourhoodOptions
  ) throws {
    self.state = state
    self.origin = origin
    self.certificate = certificate
    let differences = zip(map.apply(state), state).map { $0 - $1 }
    residual = differences.reduce(0) { max($0, abs($1)) }
    q = differences.reduce(0) { $0 + $1 * $1 } / 2
    jacobian = enclosure.jacobian
    let rounding = euclideanNorm(enclosure.jacobianRowErrors)
    let drift = certificate.verdict == .certified ? certificate.curvature * certificate.radius : 0
    stability = try Stability(
      jacobian: enclosure.jacobian, jacobianError: (rounding.isFinite ? rounding : 0) + drift,
      weightRounding: options.weightRounding, trialLength: options.trialLength,
      isDifferentiable: rounding.isFinite)
    var shifted = Matrix<Double>.identity(map.dimension)
    for position in shifted.elements.indices {
      shifted.elements[position] -= enclosure.jacobian.elements[position]
    }
    singularValues = try shifted.singularValues()
    // An inverse with a bounded defect exists for every matrix in the enclosure, so the sign cannot change in it.
    index = certificate.inverseNorm.isFinite ? try LUFactorization(shifted).determinantSign : 0
  }
}
