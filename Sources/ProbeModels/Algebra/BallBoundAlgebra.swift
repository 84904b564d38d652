import Glibc
public import ProbeLinearAlgebra

/// Bounds on first and second derivatives over a ball in the 2-norm.
///
/// For y(s) with s in the ball of radius R around a centre a vector carries y at the centre, for each element a bound
/// g_i >= sup ||grad y_i||, and bounds G >= sup ||Dy||, H >= sup ||D²y|| in the operator norms. By the mean value
/// theorem |y_i - y_i(centre)| <= g_i R. The rules follow from the chain and product rules and from
/// ||(p_i(u) q_i(v))_i|| <= max_i |p_i(u)| ||q(v)||:
///
///     linear      g_i = min(||w_i|| G, sum |w_ij| g_j)     G = ||W|| G          H = ||W|| H
///     phi(y)      g_i = sup|phi'| g_i                      G = max sup|phi'| G  H = max(sup|phi''| g_i) G + max sup|phi'| H
///     y * w       g_i = |y| g_w + |w| g_y                  G likewise           H = max|y| H_w + max|w| H_y + 2 min(max g_y G_w, max g_w G_y)
///
/// Every bound is widened by a relative 2^-20, which covers rounding.
public struct BallBoundAlgebra: CellAlgebra {
  /// A vector's values at the centre and bounds over the ball.
  public struct Vector {
    var center: [Double]
    var gradient: [Double]
    /// G.
    var slope: Double
    /// H; infinite where a kink may lie in the ball.
    var curvature: Double

    /// The state itself.
    public init(state: [Double]) {
      center = state
      gradient = Array(repeating: 1, count: state.count)
      slope = 1
      curvature = 0
    }

    init(center: [Double], gradient: [Double], slope: Double, curvature: Double) {
      self.center = center
      self.gradient = gradient
      self.slope = slope
      self.curvature = curvature
    }

    /// The bound on ||D²y||.
    public var curvatureBound: Double { curvature }
  }

  private let radius: Double
  private let norms: WeightNorms
  let widening = 1 + 0x1p-20
  /// Far above the rounding errors of the centre's values, far below any radius of interest.
  private let slack = 0x1p-40

  /// The algebra of a ball.
  ///
  /// - Parameters:
  ///   - radius: R.
  ///   - norms: norms of the weight matrices, remembered between balls.
  public init(radius: Double, norms: WeightNorms) {
    self.radius = radius
    self.norms = norms
  }

  /// A vector that does not vary.
  public func constant(_ values: [Double]) -> Vector {
    Vector(center: values, gradient: Array(repeating: 0, count: values.count), slope: 0, curvature: 0)
  }

  /// `W v + bias`.
  public func linear(_ weight: Matrix<Double>, _ vector: Vector, bias: [Double]?) -> Vector {
    var center = weight.times(vector.center)
    if let bias { for index in center.indices { center[index] += bias[index] } }
    // Asked for even where the vector does not vary: the norms go by their place in the sequence of products.
    let bounds = norms.bounds(of: weight)
    guard vector.slope > 0 else { return constant(center) }
    var gradient = bounds.rows.map { $0 * vector.slope }
    // The sum is sharper than the norm only where the gradients are uneven.
    if vector.gradient.contains(where: { $0 < vector.slope }) {
      for row in 0..<weight.rows {
        var sum = 0.0
        for column in 0..<weight.columns { sum += abs(weight[row, column]) * vector.gradient[column] }
        gradient[row] = min(gradient[row], sum)
      }
    }
    return widened(
      Vector(
        center: center, gradient: gradient, slope: bounds.spectral * vector.slope,
        curvature: vector.curvature == 0 ? 0 : bounds.spectral * vector.curvature))
  }

  /// The elementwise sum.
  public func add(_ a: Vector, _ b: Vector) -> Vector {
    widened(
      Vector(
        center: zip(a.center, b.center).map { $0 + $1 },
        gradient: zip(a.gradient, b.gradient).map { $0 + $1 },
        slope: a.slope + b.slope, curvature: a.curvature + b.curvature))
  }

  /// The elementwise product.
  public func multiply(_ a: Vector, _ b: Vector) -> Vector {
    let count = a.center.count
    let boundA = (0..<count).map { reach(a, $0).magnitude }
    let boundB = (0..<count).map { reach(b, $0).magnitude }
    let (largestA, largestB) = (boundA.max() ?? 0, boundB.max() ?? 0)
    let (steepestA, steepestB) = (a.gradient.max() ?? 0, b.gradient.max() ?? 0)
    return widened(
      Vector(
        center: zip(a.center, b.center).map { $0 * $1 },
        gradient: (0..<count).map { boundA[$0] * b.gradient[$0] + boundB[$0] * a.gradient[$0] },
        slope: product(largestA, b.slope) + product(largestB, a.slope),
        curvature: product(largestA, b.curvature) + product(largestB, a.curvature)
          + 2 * min(product(steepestA, b.slope), product(steepestB, a.slope))))
  }

  /// The elementwise product with constants.
  public func scale(_ vector: Vector, by factors: [Double]) -> Vector {
    let largest = factors.reduce(0) { max($0, abs($1)) }
    return widened(
      Vector(
        center: zip(vector.center, factors).map { $0 * $1 },
        gradient: zip(vector.gradient, factors).map { $0 * abs($1) }, slope: product(largest, vector.slope),
        curvature: product(largest, vector.curvature)))
  }

  /// |tanh'| = 1 - t², |tanh''| = 2|t|(1 - t²), largest (4 / 27^0.5) at |t| = 3^-0.5.
  public func tanh(_ vector: Vector) -> Vector {
    chain(vector, Glibc.tanh) { low, high in
      let (a, b) = (Glibc.tanh(low), Glibc.tanh(high))
      let nearest = a <= 0 && b >= 0 ? 0 : min(abs(a), abs(b))
      let farthest = max(abs(a), abs(b))
      let turning = 1 / 3.0.squareRoot()
      func second(_ t: Double) -> Double { 2 * t * (1 - t * t) }
      let curvature =
        nearest <= turning && farthest >= turning
        ? second(turning) : max(second(nearest), second(farthest))
      return (1 - nearest * nearest, curvature)
    }
  }

  /// |sigma'| = s (1 - s) and |sigma''| = s (1 - s) |1 - 2 s|, largest at s = (3 ± 3^0.5) / 6: sigma is tanh at half
  /// the argument.
  public func sigmoid(_ vector: Vector) -> Vector {
    chain(vector, logistic) { low, high in
      let (a, b) = (Glibc.tanh(low / 2), Glibc.tanh(high / 2))
      let nearest = a <= 0 && b >= 0 ? 0 : min(abs(a), abs(b))
      let farthest = max(abs(a), abs(b))
      let turning = 1 / 3.0.squareRoot()
      func second(_ t: Double) -> Double { t * (1 - t * t) / 4 }
      let curvature =
        nearest <= turning && farthest >= turning
        ? second(turning) : max(second(nearest), second(farthest))
      return ((1 - nearest * nearest) / 4, curvature)
    }
  }

  /// A unit that may change sign in the ball makes the curvature infinite.
  public func relu(_ vector: Vector, on units: Range<Int>) -> Vector {
    var result = vector
    for unit in units {
      let range = reach(vector, unit)
      if range.low <= 0 && range.high >= 0 && vector.gradient[unit] > 0 { result.curvature = .infinity }
      if !(vector.center[unit] > 0) {
        result.center[unit] = 0
        if range.high < 0 { result.gradient[unit] = 0 }
      }
    }
    return result
  }

  /// Consecutive elements.
  public func slice(_ vector: Vector, _ range: Range<Int>) -> Vector {
    Vector(
      center: Array(vector.center[range]), gradient: Array(vector.gradient[range]), slope: vector.slope,
      curvature: vector.curvature)
  }

  func reach(_ vector: Vector, _ index: Int) -> (low: Double, high: Double, magnitude: Double) {
    let center = vector.center[index]
    let width = vector.gradient[index] * radius * widening + slack * (1 + abs(center))
    return (center - width, center + width, abs(center) + width)
  }

  /// 0 times infinity is 0 here: a part that does not vary does not bend.
  func product(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }

  func widened(_ vector: Vector) -> Vector {
    var result = vector
    for index in result.gradient.indices { result.gradient[index] *= widening }
    // G is never more than the root of the summed squares of the g_i.
    result.slope = min(vector.slope, euclideanNorm(result.gradient)) * widening
    result.curvature *= widening
    return result
  }

  private func chain(
    _ vector: Vector, _ function: (Double) -> Double,
    _ suprema: (Double, Double) -> (first: Double, second: Double)
  ) -> Vector {
    var result = vector
    var steepest = 0.0
    var bend = 0.0
    for index in vector.center.indices {
      let range = reach(vector, index)
      let (first, second) = suprema(range.low, range.high)
      steepest = max(steepest, first)
      bend = max(bend, second * vector.gradient[index])
      result.center[index] = function(vector.center[index])
      result.gradient[index] = first * vector.gradient[index]
    }
    result.slope = product(steepest, vector.slope)
    result.curvature = product(bend, vector.slope) + product(steepest, vector.curvature)
    return widened(result)
  }
}
