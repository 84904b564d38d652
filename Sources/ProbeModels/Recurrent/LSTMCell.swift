import Glibc
public import ProbeLinearAlgebra

/// Long short-term memory, with or without a projection of the hidden values.
///
///     i = sigma(W_i x + U_i h + b_i)        input
///     f = sigma(W_f x + U_f h + b_f)        forget
///     g = tanh(W_g x + U_g h + b_g)         new
///     o = sigma(W_o x + U_o h + b_o)        output
///     c' = f * c + i * g
///     h' = o * tanh(c')                     or P (o * tanh(c')) with a projection
///
/// `torch.nn.LSTM`; Hochreiter & Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; projection: Sak et al. 2014,
/// arXiv:1402.1128. The state is (h, c).
public struct LSTMCell: RecurrentCell {
  /// W: input, forget, new, output; `[4 cell, input]`.
  public let inputWeight: Matrix<Double>
  /// U: `[4 cell, hidden]`.
  public let recurrentWeight: Matrix<Double>
  /// b_ih + b_hh, `[4 cell]`.
  public let bias: [Double]
  /// P, `[hidden, cell]`, or nil.
  public let projection: Matrix<Double>?
  /// Whether there is a bias: one that is missing is zero, and no parameter.
  private let hasBias: Bool

  /// Gathers the parameters; a missing bias is zero.
  public init(
    inputWeight: Matrix<Double>, recurrentWeight: Matrix<Double>, bias: [Double]?,
    projection: Matrix<Double>? = nil
  ) {
    self.inputWeight = inputWeight
    self.recurrentWeight = recurrentWeight
    self.bias = bias ?? Array(repeating: 0, count: recurrentWeight.rows)
    self.projection = projection
    hasBias = bias != nil
  }

  /// `lstm`, or `lstm-projected`.
  public var family: String { projection == nil ? "lstm" : "lstm-projected" }
  /// The number of input features.
  public var inputSize: Int { inputWeight.columns }
  /// The number of hidden values.
  public var hiddenSize: Int { recurrentWeight.columns }
  /// The number of memory cells.
  public var cellSize: Int { recurrentWeight.rows / 4 }
  /// input, forget, new, output.
  public var gates: [Gate] {
    ["input", "forget", "new", "output"].map { Gate(name: $0, size: cellSize) }
  }
  /// Infinitely differentiable.
  public var isSmooth: Bool { true }
  /// Weights and biases alone.
  public var hasLinearParametersAlone: Bool { true }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    LSTMKernel<Scalar>(
      projection: AffineLayer(weight: inputWeight, bias: bias),
      recurrence: AffineLayer(weight: recurrentWeight, bias: nil),
      hiddenProjection: projection.map { AffineLayer(weight: $0, bias: nil) })
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let n = cellSize
    let sums = algebra.add(
      algebra.linear(inputWeight, input, bias: hasBias ? bias : nil),
      algebra.linear(recurrentWeight, state[0], bias: nil))
    func part(_ index: Int) -> Algebra.Vector { algebra.slice(sums, index * n..<(index + 1) * n) }
    let kept = algebra.multiply(algebra.sigmoid(part(1)), state[1])
    let added = algebra.multiply(algebra.sigmoid(part(0)), algebra.tanh(part(2)))
    let cell = algebra.add(kept, added)
    let exposed = algebra.multiply(algebra.sigmoid(part(3)), algebra.tanh(cell))
    return [projection.map { algebra.linear($0, exposed, bias: nil) } ?? exposed, cell]
  }

  /// |h_k| <= 1 (or the row sum of |P|), and |c_k| <= sup i_k / (1 - sup f_k) over such h and the given inputs.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    let hidden =
      projection.map { matrix in (0..<matrix.rows).map { matrix.row($0).reduce(0) { $0 + abs($1) } } }
      ?? Array(repeating: 1, count: hiddenSize)
    func largestGate(_ row: Int) -> Double {
      var sum = bias[row]
      for (weight, range) in zip(inputWeight.row(row), input) {
        sum += max(weight * range.lowerBound, weight * range.upperBound)
      }
      for (weight, bound) in zip(recurrentWeight.row(row), hidden) { sum += abs(weight) * bound }
      return 1 / (1 + exp(-sum))
    }
    let cells = (0..<cellSize).map { largestGate($0) / (1 - largestGate(cellSize + $0)) }
    // A forget gate that reaches 1 in floating point bounds nothing.
    return cells.allSatisfy(\.isFinite) ? hidden + cells : nil
  }
}

/// The batched step of an LSTM.
struct LSTMKernel<Scalar: CellScalar>: CellKernel {
  let projection: AffineLayer<Scalar>
  let recurrence: AffineLayer<Scalar>
  let hiddenProjection: AffineLayer<Scalar>?

  var projectionSize: Int { projection.outputs }
  /// U h (4n), then o tanh(c') (n) where it is projected.
  var scratchSize: Int { recurrence.outputs + recurrence.outputs / 4 }

  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>
  ) {
    projection.apply(inputs, stride: stride, rows: rows, into: projected)
  }

  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let width = recurrence.outputs
    let n = width / 4
    let hiddenSize = recurrence.inputs
    recurrence.apply(state, stride: stateStride, rows: rows, into: scratch)
    let exposed = scratch + rows * width
    for row in 0..<rows {
      let hidden = state + row * stateStride
      Scalar.lstmRow(
        projected + row * projectedStride, scratch + row * width,
        hidden: hiddenProjection == nil ? hidden : exposed + row * n, cell: hidden + hiddenSize,
        gates: gates.map { $0 + row * width }, count: n)
    }
    hiddenProjection?.apply(exposed, stride: n, rows: rows, into: state, outputStride: stateStride)
  }
}
