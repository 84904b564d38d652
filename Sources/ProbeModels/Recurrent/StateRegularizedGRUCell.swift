public import ProbeLinearAlgebra

/// A gated recurrent unit whose state is drawn to a mixture of learned centroids after every step.
///
///     u = GRU(x, h)                         in PyTorch's order
///     alpha = softmax(S u / temperature)    one share a centroid
///     h' = S^T alpha                        the mean of the centroids under alpha
///
/// Wang & Niepert 2019, "State-regularized recurrent neural networks", ICML, arXiv:1901.08817, eq. 2-4 with the dot
/// product as similarity. The rows of S are the centroids. At a low temperature alpha is nearly one-hot and the network
/// moves between k states; whatever the temperature, every state but the first lies in the centroids' convex hull.
public struct StateRegularizedGRUCell: RecurrentCell {
  /// The unit before its state is regularised.
  public let unit: GRUCell
  /// S, `[k, hidden]`.
  public let centroids: Matrix<Double>
  /// What the similarities are divided by, positive.
  public let temperature: Double

  /// Gathers the parameters.
  ///
  /// - Precondition: the unit is in PyTorch's order, there is a centroid, each is as long as the unit's state, and the
  ///   temperature is positive and finite.
  public init(unit: GRUCell, centroids: Matrix<Double>, temperature: Double) {
    precondition(!unit.resetBefore, "the unit is in PyTorch's order")
    precondition(centroids.rows > 0 && centroids.columns == unit.hiddenSize, "S is [k, hidden]")
    precondition(temperature > 0 && temperature.isFinite, "the temperature is positive and finite")
    self.unit = unit
    self.centroids = centroids
    self.temperature = temperature
  }

  /// The same cell at another temperature.
  public func at(temperature: Double) -> StateRegularizedGRUCell {
    StateRegularizedGRUCell(unit: unit, centroids: centroids, temperature: temperature)
  }

  /// `state-regularized-gru`.
  public var family: String { "state-regularized-gru" }
  /// The number of input features.
  public var inputSize: Int { unit.inputSize }
  /// The number of units.
  public var hiddenSize: Int { unit.hiddenSize }
  /// No cell values.
  public var cellSize: Int { 0 }
  /// reset, update, new, and the assignment alpha to the k centroids.
  public var gates: [Gate] { unit.gates + [Gate(name: "assignment", size: centroids.rows)] }
  /// Infinitely differentiable.
  public var isSmooth: Bool { true }

  /// The batched update.
  public func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar> {
    let n = hiddenSize
    return StateRegularizedGRUKernel<Scalar>(
      projection: AffineLayer(weight: inputWeight, bias: unit.projectionBias),
      recurrence: AffineLayer(weight: unit.recurrentWeight, bias: nil),
      newBias: unit.recurrentBias[(2 * n)...].map { Scalar($0) },
      similarity: AffineLayer(weight: centroids, bias: nil),
      mean: AffineLayer(weight: centroids.transposed, bias: nil), temperature: Scalar(temperature))
  }

  /// The update.
  ///
  /// S / temperature is rounded once, which the two spare terms in the error of a product cover.
  public func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector] {
    let raw = unit.equations(algebra, state: state, input: input)[0]
    let scaled = Matrix(
      rows: centroids.rows, columns: centroids.columns, elements: centroids.elements.map { $0 / temperature })
    let assignment = algebra.softmax(algebra.linear(scaled, raw, bias: nil))
    return [algebra.linear(centroids.transposed, assignment, bias: nil)]
  }

  /// The centroids' convex hull: |h'_j| <= max_i |S_ij|.
  public func invariantBox(input: [ClosedRange<Double>]) -> [Double]? {
    (0..<hiddenSize).map { column in
      (0..<centroids.rows).reduce(0) { max($0, abs(centroids[$1, column])) }
    }
  }

  /// dF/dh and dF/dx.
  ///
  /// The derivative of softmax is diag(alpha) - alpha alpha^T, so dh'/du is the centroids' covariance under alpha over
  /// the temperature: sum_i alpha_i (S_i - h') (S_i - h')^T / temperature.
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    unit.jacobians(
      states: states, stateStride: stateStride, inputs: inputs, inputStride: inputStride, count: count,
      into: jacobians, inputJacobians: inputJacobians)
    let kernel = kernel(Double.self)
    // The same input for every row: project it once.
    let distinct = inputStride == 0 ? min(1, count) : count
    var projected = [Double](repeating: 0, count: distinct * kernel.projectionSize)
    kernel.project(inputs, stride: inputStride, rows: distinct, into: &projected)
    var next = [Double](repeating: 0, count: count * n)
    for row in 0..<count {
      for column in 0..<n { next[row * n + column] = states[row * stateStride + column] }
    }
    let width = 3 * n + centroids.rows
    var gates = [Double](repeating: 0, count: count * width)
    var scratch = [Double](repeating: 0, count: count * kernel.scratchSize)
    gates.withUnsafeMutableBufferPointer { gates in
      kernel.step(
        rows: count, projected: projected,
        projectedStride: inputStride == 0 ? 0 : kernel.projectionSize,
        state: &next, stateStride: n, gates: gates.baseAddress, scratch: &scratch)
    }
    for row in 0..<count {
      let covariance = covariance(
        of: Array(gates[row * width + 3 * n..<(row + 1) * width]), mean: Array(next[row * n..<(row + 1) * n]))
      multiply(covariance, into: jacobians + row * n * n, columns: n)
      if let inputJacobians {
        multiply(covariance, into: inputJacobians + row * n * inputSize, columns: inputSize)
      }
    }
  }

  private var inputWeight: Matrix<Double> { unit.inputWeight }

  /// dh'/du, `[hidden, hidden]`.
  private func covariance(of assignment: [Double], mean: [Double]) -> Matrix<Double> {
    let n = hiddenSize
    var weighted = Matrix<Double>(rows: centroids.rows, columns: n)
    var centred = weighted
    for row in 0..<centroids.rows {
      for column in 0..<n {
        let difference = centroids[row, column] - mean[column]
        centred[row, column] = difference
        weighted[row, column] = difference * assignment[row] / temperature
      }
    }
    return weighted.transposed * centred
  }

  /// Replaces the matrix of `hidden` rows by `factor` times it.
  private func multiply(_ factor: Matrix<Double>, into target: UnsafeMutablePointer<Double>, columns: Int) {
    guard columns > 0 else { return }
    let count = hiddenSize * columns
    let old = Matrix(
      rows: hiddenSize, columns: columns, elements: Array(UnsafeBufferPointer(start: target, count: count)))
    target.update(from: (factor * old).elements, count: count)
  }
}
