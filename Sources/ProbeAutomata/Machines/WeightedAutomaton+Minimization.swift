internal import ProbeLinearAlgebra

extension WeightedAutomaton {
  /// An automaton of the same function with as few states as its Hankel matrix has rank.
  ///
  /// The vectors that words lead α to span a space that all A_s keep; so do those that words lead β to. The automaton is
  /// expressed in an orthonormal basis of the first, then of the second (Schützenberger, Information and Control 4 (1961)
  /// 245). Minimal automata of one function differ by a change of basis, so there is no canonical one.
  ///
  /// - Parameter tolerance: a vector counts as dependent when what the others leave of it is this small beside it.
  /// - Returns: the automaton; without states where the function is 0.
  /// - Complexity: O(symbols * states⁴) at worst.
  public func minimized(tolerance: Double = 1e-10) -> WeightedAutomaton {
    reachable(tolerance: tolerance).reversed().reachable(tolerance: tolerance).reversed()
  }

  /// A shortest word to which two automata give values further apart than a tolerance; nil where the search finds none.
  ///
  /// Words are tried breadth first; one is continued only if its vector is independent of those before it (Tzeng, "A
  /// polynomial-time algorithm for the equivalence of probabilistic automata", SIAM J. Comput. 21 (1992) 216), so at most as
  /// many as both have states. With weights that are exact in binary and a tolerance of 0 the answer is exact but for
  /// rounding; differences that grow slowly from below the tolerance may be missed.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: O(symbols * states³).
  public func shortestDifference(from other: WeightedAutomaton, tolerance: Double) -> Word? {
    let difference = difference(other)
    var basis = OrthonormalBasis(tolerance: 1e-12)
    var waiting: [(word: Word, vector: [Double])] = [([], difference.initialWeights)]
    var head = 0
    while head < waiting.count {
      let (word, vector) = waiting[head]
      head += 1
      if abs(dot(vector, difference.finalWeights)) > tolerance { return word }
      guard basis.insert(vector) else { continue }
      for symbol in 0..<alphabet.count {
        waiting.append((word + [symbol], difference.step(vector, symbol)))
      }
    }
    return nil
  }

  /// The automaton in a basis of the vectors that words lead α to.
  private func reachable(tolerance: Double) -> WeightedAutomaton {
    var basis = OrthonormalBasis(tolerance: tolerance)
    basis.insert(initialWeights)
    var head = 0
    while head < basis.vectors.count {
      for symbol in 0..<alphabet.count { basis.insert(step(basis.vectors[head], symbol)) }
      head += 1
    }
    let vectors = basis.vectors
    let matrices = (0..<alphabet.count).map { symbol in
      let images = vectors.map { step($0, symbol) }
      return Matrix(
        rows: vectors.count, columns: vectors.count,
        elements: images.flatMap { image in vectors.map { dot(image, $0) } })
    }
    return WeightedAutomaton(
      alphabet: alphabet, initialWeights: vectors.map { dot(initialWeights, $0) },
      transitionWeights: matrices,
      finalWeights: vectors.map { dot($0, finalWeights) })
  }

  /// The automaton of the function of words read backwards.
  private func reversed() -> WeightedAutomaton {
    WeightedAutomaton(
      alphabet: alphabet, initialWeights: finalWeights,
      transitionWeights: transitionWeights.map(\.transposed),
      finalWeights: initialWeights)
  }
}

/// Orthonormal vectors, grown one at a time (Gram and Schmidt, each vector twice).
private struct OrthonormalBasis {
  private(set) var vectors: [[Double]] = []
  let tolerance: Double

  init(tolerance: Double) { self.tolerance = tolerance }

  /// Adds the part of a vector that is orthogonal to all others.
  ///
  /// - Returns: whether there is one.
  @discardableResult
  mutating func insert(_ vector: [Double]) -> Bool {
    let length = euclideanNorm(vector)
    guard length > 0, vectors.count < vector.count else { return false }
    var rest = vector.map { $0 / length }
    for _ in 0..<2 {
      for member in vectors {
        let share = dot(rest, member)
        for place in rest.indices { rest[place] -= share * member[place] }
      }
    }
    let left = euclideanNorm(rest)
    guard left > tolerance else { return false }
    vectors.append(rest.map { $0 / left })
    return true
  }
}
