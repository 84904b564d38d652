public import ProbeLinearAlgebra

/// The Elman cell, with tanh or ReLU.
///
///     h' = phi(W x + b_x + U h + b_h)
///
/// `torch.nn.RNN`; Elman 1990, doi:10.1207/s15516709cog1402_1.
public struct ElmanCell: RecurrentCell {
  /// W, `[hidden, input]`.
  public let inputWeight: Matrix<Double>
  /// U, `[hidden, hidden]`.
  public let recurrentWeight: Matrix<Double>
  /// b_x + b_h, `[hidden]`, or nil.
  public let bias: [Double]?
  /// phi.
  public let nonlinearity: Nonlinearity

  /// Gathers the parameters.
  public init(
    inputWeight: Matrix<Double>, recurrentWeight: Matrix<Double>, bias: [Double]?, nonlinearity: Nonlinearity
  ) {
    self.inputWeight = inputWeight
    self.recurrentWeight = recurrentWeight
    self.bias = bias
    self.nonlinearity = nonlinearity
  }

  /// `elman` or `elman-relu`.
  public var family: String { nonlinearity == .tanh ? "elman" : "elman-relu" }
  /// The number of input features.
  public var inputSize: Int { inputWeight.columns }
  /// The number of units.
  public var hiddenSize: Int { recurrentWeight.rows }
  /// No cell values.
  public var cellSize: Int { 0 }
  /// No gates.
  public var gates: [Gate] { [] }
  /// Smooth with tanh.
  public var isSmooth: Bool { nonlinearity == .tanh }
  /// Weights and biases alone.
  public var hasLinearParametersAlone: Bool { true }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    SimpleKernel<Scalar>(
      projection: AffineLayer(weight: inputWeight, bias: bias),
      recurrence: AffineLayer(weight: recurrentWeight, bias: nil), nonlinearity: nonlinearity, leak: nil)
  }

  /// J = diag(phi'(a)) U and diag(phi'(a)) W.
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    var slopes = preactivations(inputWeight, bias: bias, inputs, stride: inputStride, count: count)
    let recurrent = preactivations(recurrentWeight, bias: nil, states, stride: stateStride, count: count)
    for index in slopes.indices { slopes[index] += recurrent[index] }
    nonlinearity.replaceBySlopes(&slopes)
    jacobians.update(repeating: 0, count: count * n * n)
    inputJacobians?.update(repeating: 0, count: count * n * inputSize)
    slopes.withUnsafeBufferPointer { slopes in
      guard let base = slopes.baseAddress else { return }
      for row in 0..<count {
        addScaledRows(
          recurrentWeight, rowOffset: 0, factors: base + row * n, count: n, to: jacobians + row * n * n,
          stride: n)
        if let inputJacobians {
          addScaledRows(
            inputWeight, rowOffset: 0, factors: base + row * n, count: n,
            to: inputJacobians + row * n * inputSize, stride: inputSize)
        }
      }
    }
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let sum = algebra.add(
      algebra.linear(inputWeight, input, bias: bias), algebra.linear(recurrentWeight, state[0], bias: nil))
    return [algebra.apply(nonlinearity, sum, size: hiddenSize)]
  }

  /// tanh maps everything into [-1, 1]; for ReLU nothing is claimed.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    nonlinearity == .tanh ? Array(repeating: 1, count: hiddenSize) : nil
  }
}

extension Nonlinearity {
  /// Replaces pre-activations by the derivatives of the nonlinearity there.
  func replaceBySlopes(_ values: inout [Double]) {
    switch self {
    case .tanh:
      let count = values.count
      values.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        Double.tanh(base, count: count)
        for index in 0..<count { base[index] = 1 - base[index] * base[index] }
      }
    case .relu:
      for index in values.indices { values[index] = values[index] > 0 ? 1 : 0 }
    }
  }
}
