internal import ProbeLinearAlgebra

/// Descent of ½‖A - C B C'‖² over orthogonal C, within one sign of the determinant.
///
/// Riemannian L-BFGS on the group O(n) with its bi-invariant metric: gradients and steps are skew matrices at the current C, kept
/// as their upper triangles, and are carried from point to point unchanged. A step X moves along its Cayley transform
/// (I - X/2)^-1 (I + X/2) (Edelman, Arias and Smith 1998, doi:10.1137/S0895479895290954; Huang, Gallivan and Absil 2015,
/// doi:10.1137/140955483, on quasi-Newton steps). With E = A - C B C' =: A - M the gradient is the skew part of M'E - EM', which
/// keeps its digits where E is small.
struct OrthogonalDescent {
  /// A.
  let target: Matrix<Double>
  /// B, in its own coordinates.
  private let source: Matrix<Double>
  /// C.
  private(set) var rotation: Matrix<Double>
  /// M = C B C'.
  private var moved: Matrix<Double>
  /// ½‖A - C B C'‖².
  private(set) var value = 0.0
  /// The gradient's upper triangle at C.
  private var gradient: [Double] = []
  /// Whether the last descent ended because there is no way down.
  private(set) var isStationary = false
  private var history = StepHistory(capacity: 12)

  private var size: Int { target.rows }

  init(target: Matrix<Double>, source: Matrix<Double>, start: Matrix<Double>) {
    self.target = target
    self.source = source
    rotation = start
    moved = Self.conjugate(source, by: start)
    (value, gradient) = Self.evaluate(target, moved)
  }

  /// ‖A - C B C'‖.
  var distance: Double { (2 * value).squareRoot() }

  /// The norm of the gradient as a skew matrix.
  var gradientNorm: Double { (2 * dot(gradient, gradient)).squareRoot() }

  /// Goes down for at most so many steps, or until the gradient's norm is below the tolerance times the distance.
  ///
  /// - Complexity: O(n³) a step.
  mutating func descend(steps: Int, tolerance: Double) {
    for _ in 0..<steps {
      if isStationary { return }
      guard gradientNorm > tolerance * distance else {
        isStationary = true
        return
      }
      var direction = history.direction(for: gradient)
      var slope = 2 * dot(gradient, direction)
      if slope >= 0 {
        history.clear()
        direction = history.direction(for: gradient)
        slope = 2 * dot(gradient, direction)
      }
      guard move(along: direction, slope: slope) else {
        // A stale history may have made a poor direction; the gradient alone decides.
        guard !history.isEmpty else {
          isStationary = true
          return
        }
        history.clear()
        continue
      }
    }
  }

  /// Backtracks along a direction until Armijo's condition holds; false where no step does.
  private mutating func move(along direction: [Double], slope: Double) -> Bool {
    // A first step without curvature information, and no step, turns by more than about a radian.
    let length = (2 * dot(direction, direction)).squareRoot()
    var scale = min(1, 1 / length)
    for _ in 0..<30 {
      guard let turn = cayley(direction, scale: scale) else { return false }
      let candidate = Self.conjugate(moved, by: turn)
      let (newValue, newGradient) = Self.evaluate(target, candidate)
      if newValue <= value + 1e-4 * scale * slope {
        guard newValue < value else { return false }
        history.add(step: direction, scale: scale, from: gradient, to: newGradient)
        rotation = turn * rotation
        moved = candidate
        (value, gradient) = (newValue, newGradient)
        return true
      }
      // The minimum of the parabola through what is known, within a fair range.
      let curvature = newValue - value - scale * slope
      let best = curvature > 0 ? -slope * scale * scale / (2 * curvature) : 0
      scale = min(0.5 * scale, max(0.1 * scale, best))
    }
    return false
  }

  /// Removes what rounding has added to C's departure from orthogonality, and evaluates again.
  mutating func orthonormalize() throws(LinearAlgebraError) {
    _ = try rotation.orthonormalize()
    moved = Self.conjugate(source, by: rotation)
    (value, gradient) = Self.evaluate(target, moved)
  }

  /// ½‖A - M‖² and the upper triangle of its gradient.
  private static func evaluate(_ target: Matrix<Double>, _ moved: Matrix<Double>) -> (Double, [Double]) {
    let n = target.rows
    var residual = target
    var value = 0.0
    residual.elements.withUnsafeMutableBufferPointer { residual in
      moved.elements.withUnsafeBufferPointer { moved in
        for index in 0..<n * n {
          residual[index] -= moved[index]
          value += residual[index] * residual[index]
        }
      }
    }
    // d ½‖A - M‖² = -<E, XM - MX> = <X, M'E - EM'>.
    var full = [Double](repeating: 0, count: n * n)
    Double.multiply(
      rows: n, columns: n, inner: n, alpha: 1, moved.elements, stride: n, transposed: true,
      residual.elements, stride: n, transposed: false, beta: 0, into: &full, stride: n)
    Double.multiply(
      rows: n, columns: n, inner: n, alpha: -1, residual.elements, stride: n, transposed: false,
      moved.elements, stride: n, transposed: true, beta: 1, into: &full, stride: n)
    var gradient = [Double](repeating: 0, count: n * (n - 1) / 2)
    var position = 0
    full.withUnsafeBufferPointer { full in
      for row in 0..<n {
        for column in row + 1..<max(row + 1, n) {
          gradient[position] = (full[row * n + column] - full[column * n + row]) / 2
          position += 1
        }
      }
    }
    return (value / 2, gradient)
  }

  /// Q M Q'.
  private static func conjugate(_ matrix: Matrix<Double>, by turn: Matrix<Double>) -> Matrix<Double> {
    let n = matrix.rows
    let left = turn * matrix
    var result = Matrix<Double>(rows: n, columns: n)
    Double.multiply(
      rows: n, columns: n, inner: n, alpha: 1, left.elements, stride: n, transposed: false, turn.elements,
      stride: n, transposed: true, beta: 0, into: &result.elements, stride: n)
    return result
  }

  /// (I - X/2)^-1 (I + X/2) of the skew matrix X = scale * direction.
  private func cayley(_ direction: [Double], scale: Double) -> Matrix<Double>? {
    let n = size
    var plus = Matrix<Double>.identity(n)
    var minus = plus
    var position = 0
    for row in 0..<n {
      for column in row + 1..<max(row + 1, n) {
        let half = scale * direction[position] / 2
        plus.elements[row * n + column] = half
        plus.elements[column * n + row] = -half
        minus.elements[row * n + column] = -half
        minus.elements[column * n + row] = half
        position += 1
      }
    }
    guard let factors = try? LUFactorization(minus) else { return nil }
    return factors.solve(plus)
  }
}

/// The last steps and changes of gradient, from which L-BFGS makes its next direction.
///
/// Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7.
private struct StepHistory {
  let capacity: Int
  private var steps: [[Double]] = []
  private var changes: [[Double]] = []
  private var inverses: [Double] = []

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { steps.isEmpty }

  mutating func clear() {
    steps = []
    changes = []
    inverses = []
  }

  /// Remembers a step; one along which the gradient did not grow is no use to a convex model.
  mutating func add(step: [Double], scale: Double, from old: [Double], to new: [Double]) {
    let step = step.map { $0 * scale }
    let change = zip(new, old).map { $0 - $1 }
    let product = dot(step, change)
    guard product > 1e-12 * (dot(step, step) * dot(change, change)).squareRoot() else { return }
    if steps.count == capacity {
      steps.removeFirst()
      changes.removeFirst()
      inverses.removeFirst()
    }
    steps.append(step)
    changes.append(change)
    inverses.append(1 / product)
  }

  /// The two-loop recursion; the negative gradient where nothing is remembered.
  func direction(for gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    guard let lastStep = steps.last, let lastChange = changes.last else { return direction }
    var weights = [Double](repeating: 0, count: steps.count)
    for k in steps.indices.reversed() {
      weights[k] = inverses[k] * dot(steps[k], direction)
      add(changes[k], times: -weights[k], to: &direction)
    }
    let scale = dot(lastStep, lastChange) / dot(lastChange, lastChange)
    for index in direction.indices { direction[index] *= scale }
    for k in steps.indices {
      add(steps[k], times: weights[k] - inverses[k] * dot(changes[k], direction), to: &direction)
    }
    return direction
  }

  private func add(_ vector: [Double], times factor: Double, to sum: inout [Double]) {
    vector.withUnsafeBufferPointer { vector in
      sum.withUnsafeMutableBufferPointer { sum in
        for index in vector.indices { sum[index] += factor * vector[index] }
      }
    }
  }
}

/// The inner product, in four running sums so that it need not wait for each addition.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
      let whole = a.count / 4 * 4
      for index in stride(from: 0, to: whole, by: 4) {
        first += a[index] * b[index]
        second += a[index + 1] * b[index + 1]
        third += a[index + 2] * b[index + 2]
        fourth += a[index + 3] * b[index + 3]
      }
      var sum = (first + second) + (third + fourth)
      for index in whole..<a.count { sum += a[index] * b[index] }
      return sum
    }
  }
}
