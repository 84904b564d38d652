public import ProbeLinearAlgebra

/// How far training moved a network from where it began: lazy networks hardly move, rich ones do.
public enum LearningRegime {
  /// ||W_T - W_0|| over all blocks, units not exchanged, and the same over ||W_0||.
  ///
  /// - Parameters:
  ///   - initial: the weights before training.
  ///   - final: the trained weights.
  /// - Returns: the distance, and the distance over the initial norm (infinite if that is 0).
  /// - Throws: ``DegeneracyError/shapeMismatch(object:expected:found:)`` if the blocks differ.
  public static func weightMovement(
    from initial: RecurrentWeights, to final: RecurrentWeights
  ) throws(DegeneracyError) -> (distance: Double, relative: Double) {
    try WeightFactors(initial, symmetry: .permutations).requireComparable(
      with: WeightFactors(final, symmetry: .permutations))
    let distance = euclideanNorm(
      zip(initial.blocks, final.blocks).map { ($0.matrix - $1.matrix).frobeniusNorm })
    return (distance, distance == 0 ? 0 : distance / initial.norm)
  }

  /// The alignment of the neural tangent kernels before and after training: tr(K_T K_0) / (||K_T|| ||K_0||).
  ///
  /// K = J J' with J the outputs' derivatives by the parameters; not centred; 1 for kernels that differ by a
  /// factor, lower the richer the learning (Huang et al. 2025, arXiv:2410.03972, appendix; Liu et al. 2024,
  /// arXiv:2310.08513).
  ///
  /// - Parameters:
  ///   - initial: `[examples * outputs, parameters]` at the initial weights.
  ///   - final: the same at the trained weights; the parameters may be others, the rows may not.
  /// - Returns: the alignment, 0...1.
  /// - Throws: ``DegeneracyError`` if the rows differ in number, a number is not finite, or a kernel is 0.
  /// - Complexity: O(rows² parameters).
  public static func kernelAlignment(
    initial: Matrix<Double>, final: Matrix<Double>
  ) throws(DegeneracyError) -> Double {
    guard initial.rows == final.rows else {
      throw .shapeMismatch(
        object: "the final Jacobian", expected: "\(initial.rows) rows high", found: "\(final.rows)")
    }
    for (name, matrix) in [("the initial Jacobian", initial), ("the final Jacobian", final)] {
      if let place = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: name, row: place / matrix.columns, column: place % matrix.columns)
      }
      if matrix.elements.allSatisfy({ $0 == 0 }) { throw .noVariation(object: name) }
    }
    let (first, second) = (initial * initial.transposed, final * final.transposed)
    return min(1, first.dot(second) / first.frobeniusNorm / second.frobeniusNorm)
  }
}
