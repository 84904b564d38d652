public import ProbeLinearAlgebra

/// What one direction for each residue does to a head's successor logits.
///
/// The head is linear, so both effects are exact and need no forward pass. A pair's margin is its successor's
/// logit less the mean logit of the task's other candidates. After Gould et al. 2024 (arXiv 2312.09230), who
/// ablate and add features modulo 10.
public struct FeatureEffects: Sendable, Equatable {
  /// The effects of one residue's direction.
  public struct Component: Sendable, Equatable {
    /// The residue.
    public let residue: Int
    /// Pairs whose word has that residue.
    public let pairs: Int
    /// The mean fall of their margin when the representation's component along the direction is set to its
    /// mean over all inputs; nil without such pairs.
    public let ablation: Double?
    /// The rise of the logits of words with the next residue, over those of the other candidates, when the
    /// direction is added to any input, as far as it tells its own residue from the others; nil where a side
    /// is empty.
    public let addition: Double?
  }

  /// By residue.
  public let components: [Component]

  /// Measures directions.
  ///
  /// - Parameters:
  ///   - directions: `[modulus, width]`, unit rows; row c is for residue c.
  ///   - head: the head.
  ///   - problem: the pairs.
  ///   - inputs: the model's representations and unembedding rows.
  /// - Complexity: O(modulus (width + tokens) dimension + modulus pairs candidates).
  public init(
    directions: Matrix<Double>, head: HeadCircuit, problem: SuccessorProblem, inputs: SuccessorInputs
  ) {
    let modulus = directions.rows
    // Row c: what a unit of direction c adds to each token's logit.
    let perUnit = (directions * head.value) * (head.output * inputs.unembedding.transposed)
    let projections = inputs.representation * directions.transposed
    let inputRows = Set(problem.pairs.map(\.input)).sorted()
    let tasks = problem.tasks.indices.map { task in problem.pairs.filter { $0.task == task } }

    components = (0..<modulus).map { c in
      let mean = meanOfDefined(inputRows.map { projections[$0, c] }) ?? 0
      var falls: [Double] = []
      for pairs in tasks {
        let candidates = Set(pairs.map(\.target)).sorted()
        guard candidates.count > 1 else { continue }
        let sum = candidates.reduce(0) { $0 + perUnit[c, $1] }
        for pair in pairs where residue(pair.index, modulus) == c {
          let own = perUnit[c, pair.target]
          let margin = own - (sum - own) / Double(candidates.count - 1)
          falls.append((projections[pair.input, c] - mean) * margin)
        }
      }
      // One step of the direction: from the mean input of another residue to that of this one.
      var places: [Int: Set<Int>] = [:]
      for pair in problem.pairs { places[pair.input, default: []].insert(residue(pair.index, modulus)) }
      let own = meanOfDefined(inputRows.filter { places[$0] == [c] }.map { projections[$0, c] })
      let others = meanOfDefined(
        inputRows.filter { places[$0]?.contains(c) == false }.map { projections[$0, c] })
      var rises: [Double?] = []
      for pairs in tasks {
        let next = Set(pairs.filter { residue($0.index, modulus) == c }.map(\.target))
        let rest = Set(pairs.map(\.target)).subtracting(next)
        guard let high = meanOfDefined(next.sorted().map { perUnit[c, $0] }),
          let low = meanOfDefined(rest.sorted().map { perUnit[c, $0] })
        else { continue }
        rises.append(high - low)
      }
      let rise = meanOfDefined(rises)
      return Component(
        residue: c, pairs: falls.count, ablation: meanOfDefined(falls),
        addition: own.flatMap { own in others.flatMap { others in rise.map { $0 * (own - others) } } })
    }
  }
}
