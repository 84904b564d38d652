import ProbeLinearAlgebra

/// One recurrent layer's update: (state, input) -> state.
///
/// A state row is the hidden values followed by the cell values, where there are any. Each cell gives its update
/// three ways: a fast batched kernel, an analytic Jacobian, and its equations in an open algebra; tests hold the
/// three against each other and against PyTorch.
public protocol RecurrentCell: Sendable {
  /// The name on the command line and in the capture: `gru`, `lstm`, ...
  var family: String { get }
  /// The number of input features.
  var inputSize: Int { get }
  /// The number of hidden values: what the next layer and the readout see.
  var hiddenSize: Int { get }
  /// The number of cell values, 0 for most cells.
  var cellSize: Int { get }
  /// The gates and other intermediate values, in the order in which the kernel stores them.
  var gates: [Gate] { get }
  /// Whether the update is infinitely differentiable in the state; otherwise it is piecewise linear.
  var isSmooth: Bool { get }
  /// Whether each trained parameter stands, as the checkpoint has it, in one weight or bias of a linear map of `equations`.
  var hasLinearParametersAlone: Bool { get }

  /// The batched update in the given arithmetic.
  func kernel<Scalar: CellScalar>(_ type: Scalar.Type) -> any CellKernel<Scalar>

  /// Writes dF/dstate, and dF/dinput where asked, for a batch of states.
  ///
  /// - Parameters:
  ///   - states: `count` rows of `stateSize`.
  ///   - stateStride: scalars from one state to the next.
  ///   - inputs: `count` rows of `inputSize`.
  ///   - inputStride: scalars from one input to the next; 0 for the same input for all.
  ///   - count: the number of states.
  ///   - jacobians: `[count, stateSize, stateSize]`.
  ///   - inputJacobians: `[count, stateSize, inputSize]` or nil.
  func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?)

  /// The update in an open algebra.
  ///
  /// - Parameters:
  ///   - algebra: what the operations mean.
  ///   - state: hidden, then cell where there is one.
  ///   - input: the layer's input.
  /// - Returns: the next hidden, then cell where there is one.
  func equations<Algebra: CellAlgebra>(
    _ algebra: Algebra, state: [Algebra.Vector], input: Algebra.Vector
  ) -> [Algebra.Vector]

  /// Half-widths of a box around the origin that the update maps into itself whatever the hidden input to it.
  ///
  /// - Parameter input: the range of each input feature.
  /// - Returns: `stateSize` half-widths, or nil where no such box is known.
  func invariantBox(input: [ClosedRange<Double>]) -> [Double]?
}

extension RecurrentCell {
  /// Hidden plus cell values.
  public var stateSize: Int { hiddenSize + cellSize }
  /// A cell says so itself.
  public var hasLinearParametersAlone: Bool { false }
}

/// A gate, or another intermediate value, of a cell.
public struct Gate: Sendable, Equatable {
  /// The last part of the site's name.
  public let name: String
  /// The number of units.
  public let size: Int
}

/// The batched update of a cell in one arithmetic, its weights ready to multiply.
public protocol CellKernel<Scalar>: Sendable {
  /// The arithmetic.
  associatedtype Scalar: CellScalar
  /// Scalars a row of the projected input.
  var projectionSize: Int { get }
  /// Scalars of working memory a row.
  var scratchSize: Int { get }

  /// The part of the update that depends on the input alone, for many time steps at once.
  ///
  /// - Parameters:
  ///   - inputs: `rows` rows of `inputSize`.
  ///   - stride: scalars from one row to the next.
  ///   - rows: the number of rows.
  ///   - projected: `[rows, projectionSize]`.
  func project(
    _ inputs: UnsafePointer<Scalar>, stride: Int, rows: Int, into projected: UnsafeMutablePointer<Scalar>)

  /// One step of `rows` trials, in place.
  ///
  /// - Parameters:
  ///   - rows: the number of trials.
  ///   - projected: `rows` rows of `projectionSize`.
  ///   - projectedStride: scalars from one of them to the next.
  ///   - state: `rows` rows of hidden and cell values.
  ///   - stateStride: scalars from one of them to the next.
  ///   - gates: `[rows, sum of gate sizes]`, or nil.
  ///   - scratch: `[rows, scratchSize]`.
  func step(
    rows: Int, projected: UnsafePointer<Scalar>, projectedStride: Int, state: UnsafeMutablePointer<Scalar>,
    stateStride: Int, gates: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>)
}
