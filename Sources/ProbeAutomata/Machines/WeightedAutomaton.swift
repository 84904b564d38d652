public import ProbeLinearAlgebra

/// A function of words given by matrices: a weighted automaton over the reals.
///
/// f of the word s, t, u is αᵀ A_s A_t A_u β,
/// in the notation of Balle et al., "Spectral learning of weighted automata", Machine Learning 96 (2014) 33, section 2.
public struct WeightedAutomaton: Sendable, Equatable {
  /// The symbols it reads.
  public let alphabet: Alphabet
  /// α: `[state]`.
  public let initialWeights: [Double]
  /// A: for each symbol `[from, to]`.
  public let transitionWeights: [Matrix<Double>]
  /// β: `[state]`.
  public let finalWeights: [Double]

  /// An automaton.
  ///
  /// - Precondition: there is a square matrix of as many rows as states for each symbol.
  public init(
    alphabet: Alphabet, initialWeights: [Double], transitionWeights: [Matrix<Double>], finalWeights: [Double]
  ) {
    let count = initialWeights.count
    precondition(finalWeights.count == count, "\(count) initial and \(finalWeights.count) final weights")
    precondition(
      transitionWeights.count == alphabet.count
        && transitionWeights.allSatisfy { $0.rows == count && $0.columns == count },
      "not one \(count) x \(count) matrix for each of \(alphabet.count) symbols")
    self.alphabet = alphabet
    self.initialWeights = initialWeights
    self.transitionWeights = transitionWeights
    self.finalWeights = finalWeights
  }

  /// The function that is 1 on the words that lead a machine to an output and 0 on others.
  public init(_ machine: MooreMachine, output: Int = 1) {
    self.init(
      machine.alphabet, machine.transitions, weights: { _, _ in 1 },
      final: machine.outputs.map { Int($0) == output ? 1 : 0 })
  }

  /// The function that gives each word its probability.
  public init(_ machine: ProbabilisticMachine) {
    self.init(
      machine.alphabet, machine.transitions, weights: { machine.probability(of: $1, in: $0) },
      final: machine.endProbabilities)
  }

  private init(_ alphabet: Alphabet, _ table: Transitions, weights: (Int, Int) -> Double, final: [Double]) {
    let count = table.stateCount
    let matrices = (0..<alphabet.count).map { symbol in
      var matrix = Matrix<Double>(rows: count, columns: count)
      for state in 0..<count { matrix[state, table[state, symbol]] = weights(state, symbol) }
      return matrix
    }
    self.init(
      alphabet: alphabet, initialWeights: (0..<count).map { $0 == table.start ? 1 : 0 },
      transitionWeights: matrices, finalWeights: final)
  }

  /// The number of states.
  public var stateCount: Int { initialWeights.count }

  /// f of a word.
  ///
  /// - Complexity: O(length * states²).
  public func value(of word: some Sequence<Int>) -> Double {
    dot(word.reduce(initialWeights) { step($0, $1) }, finalWeights)
  }

  /// The sum of f over all words; nil where the sum does not converge absolutely by its matrix.
  ///
  /// αᵀ (I - Σ A)⁻¹ β, which is the sum only if the spectral radius of Σ A is below 1.
  ///
  /// - Throws: ``LinearAlgebraError`` where weights are not finite.
  public func total() throws(LinearAlgebraError) -> Double? {
    try prefixWeights().map { dot(initialWeights, $0) }
  }

  /// The function that gives each word the sum of f over all words that begin with it; nil as in ``total()``.
  ///
  /// - Throws: ``LinearAlgebraError`` where weights are not finite.
  public func prefixSums() throws(LinearAlgebraError) -> WeightedAutomaton? {
    try prefixWeights().map {
      WeightedAutomaton(
        alphabet: alphabet, initialWeights: initialWeights, transitionWeights: transitionWeights,
        finalWeights: $0)
    }
  }

  /// The sum of f² over all words; nil where it does not converge.
  ///
  /// (α ⊗ α)ᵀ (I - Σ A ⊗ A)⁻¹ (β ⊗ β) (Cortes, Mohri and Rastogi, Int. J. Found. Comput. Sci. 18 (2007) 219). Of the
  /// ``difference(_:)`` of two automata it is their squared distance in L2.
  ///
  /// - Throws: ``LinearAlgebraError`` where weights are not finite.
  /// - Complexity: O(states⁶) time, O(states⁴) memory.
  public func squaredNorm() throws(LinearAlgebraError) -> Double? {
    let square = WeightedAutomaton(
      alphabet: alphabet, initialWeights: kronecker(initialWeights, initialWeights),
      transitionWeights: transitionWeights.map { kronecker($0, $0) },
      finalWeights: kronecker(finalWeights, finalWeights))
    // Rounding may leave a sum of squares that is 0 a little below it.
    return try square.total().map { max($0, 0) }
  }

  /// The function f - g.
  ///
  /// - Precondition: the alphabets are equal.
  public func difference(_ other: WeightedAutomaton) -> WeightedAutomaton {
    precondition(alphabet == other.alphabet, "automata of different alphabets cannot be compared")
    let (n, size) = (stateCount, stateCount + other.stateCount)
    let matrices = zip(transitionWeights, other.transitionWeights).map { first, second in
      var matrix = Matrix<Double>(rows: size, columns: size)
      for row in 0..<size {
        for column in 0..<size where (row < n) == (column < n) {
          matrix[row, column] = row < n ? first[row, column] : second[row - n, column - n]
        }
      }
      return matrix
    }
    return WeightedAutomaton(
      alphabet: alphabet, initialWeights: initialWeights + other.initialWeights, transitionWeights: matrices,
      finalWeights: finalWeights + other.finalWeights.map { -$0 })
  }

  /// The row vector after one more symbol.
  func step(_ weights: [Double], _ symbol: Int) -> [Double] {
    let matrix = transitionWeights[symbol]
    var result = [Double](repeating: 0, count: stateCount)
    for row in 0..<stateCount where weights[row] != 0 {
      for column in 0..<stateCount { result[column] += weights[row] * matrix[row, column] }
    }
    return result
  }

  /// (I - Σ A)⁻¹ β; nil where the spectral radius is not below 1.
  private func prefixWeights() throws(LinearAlgebraError) -> [Double]? {
    if stateCount == 0 { return [] }
    var sum = Matrix<Double>(rows: stateCount, columns: stateCount)
    for matrix in transitionWeights {
      for place in sum.elements.indices { sum.elements[place] += matrix.elements[place] }
    }
    guard try EigenDecomposition(sum, vectors: false).spectralRadius < 1 else { return nil }
    return try LUFactorization(.identity(stateCount) - sum).solve(finalWeights)
  }
}

/// The inner product of two vectors.
func dot(_ first: [Double], _ second: [Double]) -> Double {
  var sum = 0.0
  for place in first.indices { sum += first[place] * second[place] }
  return sum
}

private func kronecker(_ first: [Double], _ second: [Double]) -> [Double] {
  first.flatMap { a in second.map { a * $0 } }
}

private func kronecker(_ first: Matrix<Double>, _ second: Matrix<Double>) -> Matrix<Double> {
  Matrix(
    rows: first.rows * second.rows, columns: first.columns * second.columns,
    elements: (0..<first.rows).flatMap { row in
      (0..<second.rows).flatMap { kronecker(Array(first.row(row)), Array(second.row($0))) }
    })
}
