public import ProbeLinearAlgebra

/// The gated recurrent unit, in PyTorch's order and in the original one.
///
///     r = sigma(W_r x + b_r + U_r h + c_r)                 reset
///     z = sigma(W_z x + b_z + U_z h + c_z)                 update
///     n = tanh(W_n x + b_n + r * (U_n h + c_n))            new, PyTorch's order
///     n = tanh(W_n x + b_n + U_n (r * h) + c_n)            new, the original order
///     h' = (1 - z) * n + z * h
///
/// `torch.nn.GRU`; Cho et al. 2014, arXiv:1406.1078, eq. 5-8 (their z is 1 - z here).
public struct GRUCell: RecurrentCell {
  /// W: reset, update, new; `[3 hidden, input]`.
  public let inputWeight: Matrix<Double>
  /// U: reset, update, new; `[3 hidden, hidden]`.
  public let recurrentWeight: Matrix<Double>
  /// b, `[3 hidden]`.
  public let inputBias: [Double]
  /// c, `[3 hidden]`.
  public let recurrentBias: [Double]
  /// Whether the reset gate multiplies h before the matrix does.
  public let resetBefore: Bool
  /// Which biases there are: one that is missing is zero, and no parameter.
  private let hasBias: (input: Bool, recurrent: Bool)

  /// Gathers the parameters; missing biases are zero.
  public init(
    inputWeight: Matrix<Double>, recurrentWeight: Matrix<Double>, inputBias: [Double]?,
    recurrentBias: [Double]?,
    resetBefore: Bool = false
  ) {
    self.inputWeight = inputWeight
    self.recurrentWeight = recurrentWeight
    let zero = [Double](repeating: 0, count: recurrentWeight.rows)
    self.inputBias = inputBias ?? zero
    self.recurrentBias = recurrentBias ?? zero
    self.resetBefore = resetBefore
    hasBias = (inputBias != nil, recurrentBias != nil)
  }

  /// `gru` or `gru-original`.
  public var family: String { resetBefore ? "gru-original" : "gru" }
  /// The number of input features.
  public var inputSize: Int { inputWeight.columns }
  /// The number of units.
  public var hiddenSize: Int { recurrentWeight.columns }
  /// No cell values.
  public var cellSize: Int { 0 }
  /// reset, update, new.
  public var gates: [Gate] {
    [
      Gate(name: "reset", size: hiddenSize), Gate(name: "update", size: hiddenSize),
      Gate(name: "new", size: hiddenSize),
    ]
  }
  /// Infinitely differentiable.
  public var isSmooth: Bool { true }
  /// Weights and biases alone.
  public var hasLinearParametersAlone: Bool { true }

  /// The biases that may be added before the step: all but the new gate's c_n, which the reset gate multiplies.
  var projectionBias: [Double] {
    let n = hiddenSize
    return (0..<3 * n).map { inputBias[$0] + ($0 < 2 * n || resetBefore ? recurrentBias[$0] : 0) }
  }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    let projection = AffineLayer<Scalar>(weight: inputWeight, bias: projectionBias)
    let n = hiddenSize
    if resetBefore {
      return OriginalGRUKernel<Scalar>(
        projection: projection,
        gateWeight: AffineLayer(weight: recurrentWeight.rows(0..<2 * n), bias: nil),
        newWeight: AffineLayer(weight: recurrentWeight.rows(2 * n..<3 * n), bias: nil))
    }
    return GRUKernel<Scalar>(
      projection: projection, recurrence: AffineLayer(weight: recurrentWeight, bias: nil),
      newBias: recurrentBias[(2 * n)...].map { Scalar($0) })
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let n = hiddenSize
    let hidden = state[0]
    let projected = algebra.linear(inputWeight, input, bias: hasBias.input ? inputBias : nil)
    func gate(_ index: Int) -> Algebra.Vector {
      let rows = index * n..<(index + 1) * n
      return algebra.sigmoid(
        algebra.add(
          algebra.slice(projected, rows),
          algebra.linear(
            recurrentWeight.rows(rows), hidden, bias: hasBias.recurrent ? Array(recurrentBias[rows]) : nil)))
    }
    let reset = gate(0)
    let update = gate(1)
    let last = 2 * n..<3 * n
    let newWeight = recurrentWeight.rows(last)
    let newBias = hasBias.recurrent ? Array(recurrentBias[last]) : nil
    let recurrent =
      resetBefore
      ? algebra.linear(newWeight, algebra.multiply(reset, hidden), bias: newBias)
      : algebra.multiply(reset, algebra.linear(newWeight, hidden, bias: newBias))
    let new = algebra.tanh(algebra.add(algebra.slice(projected, last), recurrent))
    return [algebra.blend(new, hidden, gate: update, size: n)]
  }

  /// h' lies between h and n, and |n| <= 1.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    Array(repeating: 1, count: hiddenSize)
  }
}

extension Matrix {
  /// A block of consecutive rows.
  func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      elements: Array(elements[range.lowerBound * columns..<range.upperBound * columns]))
  }
}
