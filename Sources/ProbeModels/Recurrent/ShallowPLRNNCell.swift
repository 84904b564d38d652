public import ProbeLinearAlgebra

/// The shallow piecewise-linear recurrent network.
///
///     z' = A * z + W1 relu(W2 z + h2) + h1 + C s
///
/// Hess et al. 2023, arXiv:2306.04406, eq. 3. A is a vector; W1 is `[units, wide]`, W2 `[wide, units]`.
public struct ShallowPLRNNCell: RecurrentCell {
  /// A, `[units]`.
  public let diagonal: [Double]
  /// W1, `[units, wide]`.
  public let outerWeight: Matrix<Double>
  /// W2, `[wide, units]`.
  public let innerWeight: Matrix<Double>
  /// h1, `[units]`.
  public let outerBias: [Double]
  /// h2, `[wide]`.
  public let innerBias: [Double]
  /// C, `[units, input]`.
  public let inputWeight: Matrix<Double>

  /// Gathers the parameters.
  public init(
    diagonal: [Double], outerWeight: Matrix<Double>, innerWeight: Matrix<Double>, outerBias: [Double],
    innerBias: [Double], inputWeight: Matrix<Double>
  ) {
    self.diagonal = diagonal
    self.outerWeight = outerWeight
    self.innerWeight = innerWeight
    self.outerBias = outerBias
    self.innerBias = innerBias
    self.inputWeight = inputWeight
  }

  /// `shallow-plrnn`.
  public var family: String { "shallow-plrnn" }
  /// The number of input features.
  public var inputSize: Int { inputWeight.columns }
  /// The number of units.
  public var hiddenSize: Int { diagonal.count }
  /// No cell values.
  public var cellSize: Int { 0 }
  /// No gates.
  public var gates: [Gate] { [] }
  /// Piecewise linear.
  public var isSmooth: Bool { false }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    ShallowPLRNNKernel<Scalar>(
      projection: AffineLayer(weight: inputWeight, bias: outerBias),
      inner: AffineLayer(weight: innerWeight, bias: innerBias),
      outer: AffineLayer(weight: outerWeight, bias: nil),
      diagonal: diagonal.map { Scalar($0) })
  }

  /// J = diag(A) + W1 diag(1[W2 z + h2 > 0]) W2; dF/ds = C.
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    let wide = innerBias.count
    var slopes = preactivations(innerWeight, bias: innerBias, states, stride: stateStride, count: count)
    Nonlinearity.relu.replaceBySlopes(&slopes)
    for row in 0..<count {
      let product =
        outerWeight * innerWeight.scalingRows(by: Array(slopes[row * wide..<(row + 1) * wide]))
      let target = jacobians + row * n * n
      target.update(from: product.elements, count: n * n)
      for unit in 0..<n { target[unit * n + unit] += diagonal[unit] }
      inputJacobians.map {
        ($0 + row * n * inputSize).update(from: inputWeight.elements, count: n * inputSize)
      }
    }
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let inner = algebra.relu(
      algebra.linear(innerWeight, state[0], bias: innerBias), on: 0..<innerBias.count)
    return [
      algebra.add(
        algebra.scale(state[0], by: diagonal),
        algebra.add(
          algebra.linear(outerWeight, inner, bias: nil), algebra.linear(inputWeight, input, bias: outerBias)))
    ]
  }

  /// Nothing is claimed.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? { nil }
}

/// The batched step of a shallow PLRNN.
struct ShallowPLRNNKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let inner: AffineLayer<Scalar>
  let outer: AffineLayer<Scalar>
  let diagonal: [Scalar]

  var projectionSize: Int { projection.outputs }
  var scratchSize: Int { inner.outputs + outer.outputs }

  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>
  ) {
    projection.apply(inputs, stride: stride, rows: rows, into: projected)
  }

  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let n = outer.outputs
    let sums = scratch + rows * inner.outputs
    inner.apply(state, stride: stateStride, rows: rows, into: scratch)
    Scalar.relu(scratch, count: rows * inner.outputs)
    outer.apply(scratch, stride: inner.outputs, rows: rows, into: sums)
    for row in 0..<rows {
      let hidden = state + row * stateStride
      let input = projected + row * projectedStride
      for unit in 0..<n { hidden[unit] = diagonal[unit] * hidden[unit] + sums[row * n + unit] + input[unit] }
    }
  }
}
