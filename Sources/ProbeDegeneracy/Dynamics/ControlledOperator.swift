public import ProbeLinearAlgebra

/// A linear system with inputs: v(t + 1) = A v(t) + B u(t).
public struct ControlledOperator: Sendable, Equatable {
  /// A, `[n, n]`.
  public let state: Matrix<Double>
  /// B, `[n, m]`.
  public let input: Matrix<Double>
  /// [B, AB, A'B, A²B, A'²B, ..., A'^(n-1) B], `[n, m (2n - 1)]`: what inputs reach, forwards and by the adjoint.
  ///
  /// An orthogonal change of coordinates C takes it to C times itself.
  public let reachable: Matrix<Double>

  /// A system.
  ///
  /// - Throws: ``DegeneracyError`` where shapes do not fit, one is empty, or a number is not finite.
  public init(state: Matrix<Double>, input: Matrix<Double>) throws(DegeneracyError) {
    guard state.rows == state.columns else {
      throw .shapeMismatch(
        object: "the state's operator", expected: "square", found: "[\(state.rows), \(state.columns)]")
    }
    guard state.rows > 0 else { throw .tooFew(object: "rows of the state's operator", needed: 1, found: 0) }
    guard input.columns > 0 else { throw .tooFew(object: "inputs", needed: 1, found: 0) }
    guard input.rows == state.rows else {
      throw .shapeMismatch(
        object: "the input's operator", expected: "[\(state.rows), inputs]",
        found: "[\(input.rows), \(input.columns)]")
    }
    for (name, matrix) in [("the state's operator", state), ("the input's operator", input)] {
      if let place = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: name, row: place / matrix.columns, column: place % matrix.columns)
      }
    }
    self.state = state
    self.input = input
    reachable = Self.reachable(state, input)
  }

  /// Fits a system to trajectories and the inputs that drove them.
  ///
  /// The coordinates v are those of ``DelayDMD``: unit singular values of the delay vectors; inputs are taken as they are, so that
  /// networks that got the same inputs are compared in one basis of them. A and B minimise the squared error of the next
  /// coordinates together (DMD with control: Proctor, Brunton and Kutz 2016, doi:10.1137/15M1013857).
  ///
  /// - Parameters:
  ///   - trials: each `[steps, units]`.
  ///   - inputs: each `[steps, m]`; row t acts between the states t and t + 1.
  ///   - options: the embedding, rank and ridge; it predicts one step ahead whatever they say.
  /// - Throws: ``DegeneracyError`` where shapes differ, trials are too short or inputs are dependent.
  public init(
    trials: [Matrix<Double>], inputs: [Matrix<Double>], options: DelayDMD.Options = DelayDMD.Options()
  ) throws(DegeneracyError) {
    var options = options
    options.steps = 1
    try DelayDMD.check(trials, options: options)
    guard trials.count == inputs.count else {
      throw .shapeMismatch(
        object: "the inputs", expected: "of \(trials.count) trials", found: "of \(inputs.count) trials")
    }
    let width = inputs.first?.columns ?? 0
    for (index, (trial, input)) in zip(trials, inputs).enumerated() {
      guard input.rows == trial.rows && input.columns == width else {
        throw .shapeMismatch(
          object: "the input of trial \(index)", expected: "[\(trial.rows), \(width)]",
          found: "[\(input.rows), \(input.columns)]")
      }
      if let place = input.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: "the input of trial \(index)", row: place / width, column: place % width)
      }
    }
    let subspace = try DelaySubspace(trials: trials, embedding: options.embedding, rank: options.rank)
    let rank = subspace.singularValues.count
    guard rank > 0 else { throw .zeroNorm(object: "the data of all trials") }
    let scaled = subspace.scaledDirections
    var before: [Double] = []
    var after: [Double] = []
    for (trial, input) in zip(trials, inputs) {
      let coordinates = options.embedding.project(trial, onto: scaled)
      for row in 0..<max(0, coordinates.rows - 1) {
        before += coordinates.row(row)
        before += input.row(options.embedding.span + row)
        after += coordinates.row(row + 1)
      }
    }
    let all = rank + width
    let past = Matrix(rows: before.count / all, columns: all, elements: before)
    let future = Matrix(rows: past.rows, columns: rank, elements: after)
    var squares = past.transposed * past
    let solution = try solveRegression(
      squares: &squares, products: past.transposed * future, ridge: options.ridge,
      object: "the regression on \(rank) coordinates and \(width) inputs")
    let both = solution.transposed
    var state = Matrix<Double>(rows: rank, columns: rank)
    var input = Matrix<Double>(rows: rank, columns: width)
    for row in 0..<rank {
      for column in 0..<rank { state[row, column] = both[row, column] }
      for column in 0..<width { input[row, column] = both[row, rank + column] }
    }
    try self.init(state: state, input: input)
  }

  /// [B, AB, A'B, A²B, A'²B, ..., A'^(n-1) B].
  private static func reachable(_ state: Matrix<Double>, _ input: Matrix<Double>) -> Matrix<Double> {
    let n = state.rows
    var blocks = [input]
    var (forward, adjoint) = (input, input)
    let transposed = state.transposed
    for _ in 1..<max(1, n) {
      forward = state * forward
      adjoint = transposed * adjoint
      blocks += [forward, adjoint]
    }
    var elements: [Double] = []
    for row in 0..<n {
      for block in blocks { elements += block.row(row) }
    }
    return Matrix(rows: n, columns: blocks.count * input.columns, elements: elements)
  }
}
