public import ProbeLinearAlgebra

/// By which convention a successor score was taken.
public struct SuccessorConvention: Sendable, Equatable {
  /// What the first MLP is applied to.
  public enum MLPInput: String, Sendable, CaseIterable {
    /// The embedding itself, as in public replications.
    case raw
    /// The embedding through the norm before the MLP.
    case normalized
  }

  /// Among which tokens the successor must have the highest logit.
  public enum Candidates: String, Sendable, CaseIterable {
    /// The successors of the same task.
    case targets
    /// The successors of all tasks.
    case allTasks
  }

  /// What the first MLP is applied to.
  public var mlp0Input: MLPInput
  /// Among which tokens the successor must win.
  public var candidates: Candidates
  /// Whether the weights of the head's norm and of the final norm are folded in.
  public var foldsNorms: Bool
  /// Whether the head's output bias b_V W_O + b_O is added.
  public var includesBias: Bool

  /// A convention; replications leave the bias out.
  public init(
    mlp0Input: MLPInput = .raw, candidates: Candidates = .targets, foldsNorms: Bool = true,
    includesBias: Bool = false
  ) {
    self.mlp0Input = mlp0Input
    self.candidates = candidates
    self.foldsNorms = foldsNorms
    self.includesBias = includesBias
  }
}

/// What a model gives for the tokens of a ``SuccessorProblem``.
public struct SuccessorInputs: Sendable {
  /// `[token, width]`: the first MLP's output for each token's embedding.
  public let representation: Matrix<Double>
  /// `[token, width]`: each token's row of the unembedding, final norm's weights folded in if given.
  public let unembedding: Matrix<Double>

  /// Checks shapes and numbers.
  ///
  /// - Parameters:
  ///   - problem: whose tokens the rows are.
  ///   - representation: `[token, width]`, by the convention's `mlp0Input`.
  ///   - unembedding: `[token, width]`.
  ///   - finalNormWeight: `[width]`, folded into the unembedding; nil folds nothing.
  /// - Throws: ``HeadsError`` where shapes do not fit or a number is not finite.
  public init(
    _ problem: SuccessorProblem, representation: Matrix<Double>, unembedding: Matrix<Double>,
    finalNormWeight: [Double]? = nil
  ) throws(HeadsError) {
    let count = problem.tokens.count
    for (name, matrix) in [("representation", representation), ("unembedding", unembedding)] {
      guard matrix.rows == count && matrix.columns == representation.columns else {
        throw .shapeMismatch(
          object: "the successor tasks' \(name)", expected: "\(count) x \(representation.columns)",
          found: "\(matrix.rows) x \(matrix.columns)")
      }
      if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(
          object: "the successor tasks' \(name)", row: index / max(1, matrix.columns),
          column: index % max(1, matrix.columns))
      }
    }
    var folded = unembedding
    if let weight = finalNormWeight {
      guard weight.count == unembedding.columns else {
        throw .shapeMismatch(
          object: "the final norm's weight", expected: "\(unembedding.columns) numbers",
          found: "\(weight.count)")
      }
      for row in 0..<count {
        for column in weight.indices { folded[row, column] *= weight[column] }
      }
    }
    self.representation = representation
    self.unembedding = folded
  }

  /// The head's direct logits `[input token, output token]`: representation W_V W_O unembeddingᵀ.
  ///
  /// - Parameters:
  ///   - head: on the same residual stream, its norm's weights folded in by the caller.
  ///   - bias: `[width]`, what the head adds whatever it reads; nil adds nothing.
  /// - Returns: `[tokens, tokens]`.
  /// - Complexity: O(tokens dimension (width + tokens)).
  public func logits(_ head: HeadCircuit, bias: [Double]? = nil) -> Matrix<Double> {
    var logits = (representation * head.value) * (head.output * unembedding.transposed)
    if let bias {
      let shift = unembedding.times(bias)
      for row in 0..<logits.rows {
        for column in 0..<logits.columns { logits[row, column] += shift[column] }
      }
    }
    return logits
  }
}
