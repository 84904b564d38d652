public import ProbeLinearAlgebra

/// An update whose nonlinearity stands before the recurrent matrix.
///
///     x' = d * x + L R phi(x) + B u + c
///
/// d is a vector, L R the recurrent matrix or its low-rank factors, phi acts on a range of units and leaves the
/// others as they are. The leaky cell in the potential form, the low-rank RNN, the PLRNN and the AL-RNN are all of
/// this kind and differ in what their parameters are.
public struct PotentialForm: Sendable {
  /// d, `[units]`.
  public let decay: [Double]
  /// L, `[units, rank]`; the whole recurrent matrix where `right` is nil.
  public let left: Matrix<Double>
  /// R, `[rank, units]`, or nil.
  public let right: Matrix<Double>?
  /// B, `[units, input]`.
  public let inputWeight: Matrix<Double>
  /// c, `[units]`.
  public let bias: [Double]
  /// phi.
  public let nonlinearity: Nonlinearity
  /// The units that phi acts on.
  public let nonlinearUnits: Range<Int>

  var units: Int { decay.count }

  /// L R.
  var recurrentWeight: Matrix<Double> { right.map { left * $0 } ?? left }

  func slopes(_ state: UnsafePointer<Double>) -> [Double] {
    var slopes = [Double](repeating: 1, count: units)
    var inner = nonlinearUnits.map { state[$0] }
    nonlinearity.replaceBySlopes(&inner)
    slopes.replaceSubrange(nonlinearUnits, with: inner)
    return slopes
  }
}

/// A cell in the potential form.
public protocol PotentialFormCell: RecurrentCell {
  /// The update's parameters.
  var form: PotentialForm { get }
}

extension PotentialFormCell {
  /// The number of input features.
  public var inputSize: Int { form.inputWeight.columns }
  /// The number of units.
  public var hiddenSize: Int { form.units }
  /// No cell values.
  public var cellSize: Int { 0 }
  /// No gates.
  public var gates: [Gate] { [] }
  /// Smooth with tanh.
  public var isSmooth: Bool { form.nonlinearity == .tanh }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    PotentialKernel<Scalar>(
      projection: AffineLayer(weight: form.inputWeight, bias: form.bias),
      left: AffineLayer(weight: form.left, bias: nil),
      right: form.right.map { AffineLayer(weight: $0, bias: nil) },
      decay: form.decay.map { Scalar($0) }, nonlinearity: form.nonlinearity,
      nonlinearUnits: form.nonlinearUnits)
  }

  /// J = diag(d) + L R diag(phi'(x)); dF/du = B.
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    let weight = form.recurrentWeight
    for row in 0..<count {
      let slopes = form.slopes(states + row * stateStride)
      let target = jacobians + row * n * n
      for unit in 0..<n {
        for column in 0..<n { target[unit * n + column] = weight[unit, column] * slopes[column] }
        target[unit * n + unit] += form.decay[unit]
      }
      inputJacobians.map {
        ($0 + row * n * inputSize).update(from: form.inputWeight.elements, count: n * inputSize)
      }
    }
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let active =
      form.nonlinearity == .relu
      ? algebra.relu(state[0], on: form.nonlinearUnits) : algebra.tanh(state[0])
    let recurrent = algebra.linear(
      form.left, form.right.map { algebra.linear($0, active, bias: nil) } ?? active, bias: nil)
    return [
      algebra.add(
        algebra.scale(state[0], by: form.decay),
        algebra.add(recurrent, algebra.linear(form.inputWeight, input, bias: form.bias)))
    ]
  }

  /// With tanh and 0 <= d < 1: |x_i| <= (sum_j |(L R)_ij| + sup |B u + c|_i) / (1 - d_i).
  ///
  /// For ReLU nothing is claimed.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    guard form.nonlinearity == .tanh && form.decay.allSatisfy({ $0 >= 0 && $0 < 1 }) else { return nil }
    let weight = form.recurrentWeight
    return (0..<hiddenSize).map { unit in
      var bound = weight.row(unit).reduce(abs(form.bias[unit])) { $0 + abs($1) }
      for (factor, range) in zip(form.inputWeight.row(unit), input) {
        bound += abs(factor) * max(abs(range.lowerBound), abs(range.upperBound))
      }
      return bound / (1 - form.decay[unit])
    }
  }
}

/// The batched step of a cell in the potential form.
struct PotentialKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let left: AffineLayer<Scalar>
  let right: AffineLayer<Scalar>?
  let decay: [Scalar]
  let nonlinearity: Nonlinearity
  let nonlinearUnits: Range<Int>

  var projectionSize: Int { projection.outputs }
  /// phi(x) (n), the recurrent sum (n), R phi(x) (rank).
  var scratchSize: Int { 2 * left.outputs + (right?.outputs ?? 0) }

  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>
  ) {
    projection.apply(inputs, stride: stride, rows: rows, into: projected)
  }

  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let n = left.outputs
    let active = scratch
    let recurrent = scratch + rows * n
    for row in 0..<rows {
      (active + row * n).update(from: state + row * stateStride, count: n)
      Scalar.apply(nonlinearity, active + row * n + nonlinearUnits.lowerBound, count: nonlinearUnits.count)
    }
    if let right {
      let inner = recurrent + rows * n
      right.apply(active, stride: n, rows: rows, into: inner)
      left.apply(inner, stride: right.outputs, rows: rows, into: recurrent)
    } else {
      left.apply(active, stride: n, rows: rows, into: recurrent)
    }
    for row in 0..<rows {
      let hidden = state + row * stateStride
      let input = projected + row * projectedStride
      let sum = recurrent + row * n
      for unit in 0..<n { hidden[unit] = decay[unit] * hidden[unit] + sum[unit] + input[unit] }
    }
  }
}
