public import ProbeLinearAlgebra

/// A discrete-time dynamical system x -> F(x) at a fixed input, in f64.
///
/// Fixed points, spectra and Lyapunov exponents are written once, against this protocol.
public protocol DynamicalMap: Sendable {
  /// The number of state variables.
  var dimension: Int { get }
  /// The number of input features, for input Jacobians.
  var inputDimension: Int { get }
  /// Whether F is infinitely differentiable; otherwise it is piecewise linear.
  var isSmooth: Bool { get }

  /// F at `count` states.
  ///
  /// - Parameters:
  ///   - states: `[count, dimension]`.
  ///   - count: the number of states.
  ///   - result: `[count, dimension]`; may be `states`.
  func apply(_ states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>)

  /// dF/dx at `count` states.
  ///
  /// - Parameters:
  ///   - states: `[count, dimension]`.
  ///   - count: the number of states.
  ///   - result: `[count, dimension, dimension]`.
  func jacobians(at states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>)

  /// dF/dinput at a state: `[dimension, inputDimension]`.
  func inputJacobian(at state: [Double]) -> Matrix<Double>

  /// Bounds that hold exactly at a point, rounding included.
  func enclosure(at state: [Double]) -> PointEnclosure

  /// A bound on ||D²F|| over a ball: the most that the Jacobian changes, in the 2-norm, per unit of distance.
  ///
  /// - Parameters:
  ///   - center: `[dimension]`.
  ///   - radius: in the 2-norm.
  ///   - norms: norms of this map's weights, remembered from ball to ball.
  /// - Returns: infinity where a kink may lie in the ball; zero for a linear piece.
  func curvature(center: [Double], radius: Double, norms: WeightNorms) -> Double

  /// Half-widths of a box around the origin that F maps into itself and that holds every fixed point, or nil where
  /// none is known.
  var invariantBox: [Double]? { get }

  /// Whether `enclosure` and `curvature` are bounds; otherwise they are estimates, and nothing is certified from them.
  var hasProvenBounds: Bool { get }
}

extension DynamicalMap {
  /// Maps whose equations are known have bounds.
  public var hasProvenBounds: Bool { true }

  /// F at one state.
  public func apply(_ state: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    apply(state, count: 1, into: &result)
    return result
  }

  /// dF/dx at one state, `[dimension, dimension]`.
  public func jacobian(at state: [Double]) -> Matrix<Double> {
    var result = Matrix<Double>(rows: dimension, columns: dimension)
    jacobians(at: state, count: 1, into: &result.elements)
    return result
  }
}

/// What is certain about a map at a point, rounding included.
public struct PointEnclosure: Sendable {
  /// F as computed, `[dimension]`.
  public let value: [Double]
  /// Bounds on |computed F_i - exact F_i|, `[dimension]`.
  public let valueError: [Double]
  /// The Jacobian, `[dimension, dimension]`.
  public let jacobian: Matrix<Double>
  /// For each row of `jacobian` a bound on the Euclidean norm of its error.
  public let jacobianRowErrors: [Double]

  /// Gathers the parts.
  public init(value: [Double], valueError: [Double], jacobian: Matrix<Double>, jacobianRowErrors: [Double]) {
    self.value = value
    self.valueError = valueError
    self.jacobian = jacobian
    self.jacobianRowErrors = jacobianRowErrors
  }
}
