public import ProbeLinearAlgebra

/// A recurrent model's update at a fixed input: the state of the whole stack, per layer hidden, then cell.
public struct RecurrentMap: DynamicalMap {
  /// The model.
  public let model: RecurrentModel
  /// The first layer's input vector.
  public let input: [Double]
  private let kernels: [any CellKernel<Double>]
  private let offsets: [Int]
  /// The first layer's input, projected once.
  private let projected: [Double]
  /// The number of state variables.
  public let dimension: Int

  /// The map at an input vector.
  ///
  /// - Throws: ``ModelError/batch(model:fault:)`` for bidirectional models and inputs of the wrong size.
  public init(_ model: RecurrentModel, input: [Double]) throws(ModelError) {
    guard !model.isBidirectional else {
      throw .batch(
        model: model.identity.name,
        fault: "a bidirectional model reads the sequence from both ends and has no map from state to state")
    }
    guard input.count == model.layers[0].forward.inputSize else {
      throw .batch(
        model: model.identity.name,
        fault: "the fixed input has \(input.count) features; it reads \(model.layers[0].forward.inputSize)")
    }
    self.model = model
    self.input = input
    kernels = model.layers.map { $0.forward.kernel(Double.self) }
    var offsets: [Int] = []
    var total = 0
    for layer in model.layers {
      offsets.append(total)
      total += layer.forward.stateSize
    }
    self.offsets = offsets
    dimension = total
    var projected = [Double](repeating: 0, count: kernels[0].projectionSize)
    kernels[0].project(input, stride: max(1, input.count), rows: 1, into: &projected)
    self.projected = projected
  }

  /// The number of input features.
  public var inputDimension: Int { input.count }
  /// Smooth if every layer is.
  public var isSmooth: Bool { model.layers.allSatisfy { $0.forward.isSmooth } }

  /// F at `count` states.
  public func apply(_ states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>) {
    if UnsafePointer(result) != states { result.update(from: states, count: count * dimension) }
    for (index, kernel) in kernels.enumerated() {
      var scratch = [Double](repeating: 0, count: count * kernel.scratchSize)
      let state = result + offsets[index]
      if index == 0 {
        kernel.step(
          rows: count, projected: projected, projectedStride: 0, state: state, stateStride: dimension,
          gates: nil,
          scratch: &scratch)
      } else {
        var inputs = [Double](repeating: 0, count: count * kernel.projectionSize)
        kernel.project(result + offsets[index - 1], stride: dimension, rows: count, into: &inputs)
        kernel.step(
          rows: count, projected: inputs, projectedStride: kernel.projectionSize, state: state,
          stateStride: dimension, gates: nil, scratch: &scratch)
      }
    }
  }

  /// dF/dx at `count` states: block lower triangular over the layers.
  public func jacobians(
    at states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    guard kernels.count > 1 else {
      model.layers[0].forward.jacobians(
        states: states, stateStride: dimension, inputs: input, inputStride: 0, count: count, into: result,
        inputJacobians: nil)
      return
    }
    for row in 0..<count {
      let matrix = stackJacobian(
        at: Array(UnsafeBufferPointer(start: states + row * dimension, count: dimension))
      ).state
      (result + row * dimension * dimension).update(from: matrix.elements, count: dimension * dimension)
    }
  }

  /// dF/dinput at a state.
  public func inputJacobian(at state: [Double]) -> Matrix<Double> {
    stackJacobian(at: state).input
  }

  /// Layer l's new state depends on its own old state and on the new hidden values of layer l - 1.
  private func stackJacobian(at state: [Double]) -> (state: Matrix<Double>, input: Matrix<Double>) {
    let next = apply(state)
    var full = Matrix<Double>(rows: dimension, columns: dimension)
    var fullInput = Matrix<Double>(rows: dimension, columns: inputDimension)
    for (index, layer) in model.layers.enumerated() {
      let cell = layer.forward
      let size = cell.stateSize
      let offset = offsets[index]
      var own = Matrix<Double>(rows: size, columns: size)
      var below = Matrix<Double>(rows: size, columns: cell.inputSize)
      let layerInput =
        index == 0 ? input : Array(next[offsets[index - 1]..<offsets[index - 1] + cell.inputSize])
      cell.jacobians(
        states: Array(state[offset..<offset + size]), stateStride: size, inputs: layerInput,
        inputStride: cell.inputSize, count: 1, into: &own.elements, inputJacobians: &below.elements)
      for row in 0..<size {
        for column in 0..<size { full[offset + row, offset + column] = own[row, column] }
      }
      if index == 0 {
        for row in 0..<size {
          for column in 0..<inputDimension { fullInput[row, column] = below[row, column] }
        }
      } else {
        let hiddenRows = offsets[index - 1]..<offsets[index - 1] + cell.inputSize
        let through = below * full.rows(hiddenRows)
        let inputThrough = below * fullInput.rows(hiddenRows)
        for row in 0..<size {
          for column in 0..<offset { full[offset + row, column] = through[row, column] }
          for column in 0..<inputDimension { fullInput[offset + row, column] = inputThrough[row, column] }
        }
      }
    }
    return (full, fullInput)
  }

  /// F in an open algebra.
  public func equations<Algebra: CellAlgebra>(_ algebra: Algebra, state: Algebra.Vector) -> [Algebra.Vector] {
    var parts: [Algebra.Vector] = []
    var flow = algebra.constant(input)
    for (index, layer) in model.layers.enumerated() {
      let cell = layer.forward
      let start = offsets[index]
      var own = [algebra.slice(state, start..<start + cell.hiddenSize)]
      if cell.cellSize > 0 {
        own.append(algebra.slice(state, start + cell.hiddenSize..<start + cell.stateSize))
      }
      let next = cell.equations(algebra, state: own, input: flow)
      parts += next
      flow = next[0]
    }
    return parts
  }

  /// F and its Jacobian with bounds on their rounding errors.
  public func enclosure(at state: [Double]) -> PointEnclosure {
    let parts = equations(PointEnclosureAlgebra(), state: PointEnclosureAlgebra.Vector(state: state))
    let rows = parts.flatMap { part in
      part.jacobian?.elements ?? Array(repeating: 0, count: part.value.count * dimension)
    }
    return PointEnclosure(
      value: parts.flatMap(\.value), valueError: parts.flatMap(\.error),
      jacobian: Matrix(rows: dimension, columns: dimension, elements: rows),
      jacobianRowErrors: parts.flatMap(\.rowError))
  }

  /// A bound on ||D²F|| over a ball; the parts of a stack add in squares.
  public func curvature(center: [Double], radius: Double, norms: WeightNorms) -> Double {
    norms.restart()
    let parts = equations(
      BallBoundAlgebra(radius: radius, norms: norms), state: BallBoundAlgebra.Vector(state: center))
    if parts.contains(where: { $0.curvatureBound == .infinity }) { return .infinity }
    return euclideanNorm(parts.map(\.curvatureBound)) * (1 + 0x1p-20)
  }

  /// Each layer's box, the layers below feeding the ones above.
  public var invariantBox: [Double]? {
    var box: [Double] = []
    var ranges = input.map { $0...$0 }
    for layer in model.layers {
      guard let own = layer.forward.invariantBox(input: ranges) else { return nil }
      box += own
      ranges = own.prefix(layer.forward.hiddenSize).map { -$0...$0 }
    }
    return box
  }
}
