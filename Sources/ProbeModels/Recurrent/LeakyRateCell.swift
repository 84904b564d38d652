public import ProbeLinearAlgebra

/// The leaky (continuous-time) cell in the rate form.
///
///     h' = (1 - a) * h + a * phi(W x + U h + b),     a = dt / tau, one a unit
///
/// The Euler step of tau dh/dt = -h + phi(W x + U h + b); Song, Yang & Wang 2016,
/// doi:10.1371/journal.pcbi.1004792, with the nonlinearity around the sum.
public struct LeakyRateCell: RecurrentCell {
  /// W, `[hidden, input]`.
  public let inputWeight: Matrix<Double>
  /// U, `[hidden, hidden]`.
  public let recurrentWeight: Matrix<Double>
  /// b, `[hidden]`, or nil.
  public let bias: [Double]?
  /// a, `[hidden]`, in (0, 1].
  public let leak: [Double]
  /// phi.
  public let nonlinearity: Nonlinearity

  /// Gathers the parameters.
  public init(
    inputWeight: Matrix<Double>, recurrentWeight: Matrix<Double>, bias: [Double]?, leak: [Double],
    nonlinearity: Nonlinearity
  ) {
    precondition(leak.count == recurrentWeight.rows, "one leak a unit")
    self.inputWeight = inputWeight
    self.recurrentWeight = recurrentWeight
    self.bias = bias
    self.leak = leak
    self.nonlinearity = nonlinearity
  }

  /// `leaky-rate`.
  public var family: String { "leaky-rate" }
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
  /// Weights and biases; a leak is given, not trained.
  public var hasLinearParametersAlone: Bool { true }

  private var withoutLeak: ElmanCell {
    ElmanCell(
      inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, nonlinearity: nonlinearity)
  }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    SimpleKernel<Scalar>(
      projection: AffineLayer(weight: inputWeight, bias: bias),
      recurrence: AffineLayer(weight: recurrentWeight, bias: nil), nonlinearity: nonlinearity,
      leak: leak.map { Scalar($0) })
  }

  /// J = diag(1 - a) + diag(a phi') U.
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    withoutLeak.jacobians(
      states: states, stateStride: stateStride, inputs: inputs, inputStride: inputStride, count: count,
      into: jacobians, inputJacobians: inputJacobians)
    for row in 0..<count {
      for unit in 0..<n {
        let line = jacobians + (row * n + unit) * n
        for column in 0..<n { line[column] *= leak[unit] }
        line[unit] += 1 - leak[unit]
        if let inputJacobians {
          let inputLine = inputJacobians + (row * n + unit) * inputSize
          for column in 0..<inputSize { inputLine[column] *= leak[unit] }
        }
      }
    }
  }

  /// The update.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let target = withoutLeak.equations(algebra, state: state, input: input)[0]
    return [
      algebra.add(algebra.scale(state[0], by: leak.map { 1 - $0 }), algebra.scale(target, by: leak))
    ]
  }

  /// With tanh, h' lies between h and a number in [-1, 1].
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    nonlinearity == .tanh && leak.allSatisfy { $0 >= 0 && $0 <= 1 }
      ? Array(repeating: 1, count: hiddenSize) : nil
  }
}
