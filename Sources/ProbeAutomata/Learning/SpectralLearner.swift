internal import ProbeLinearAlgebra

/// Learns a weighted automaton from the values of a function on words, by the singular value decomposition of a block of its
/// Hankel matrix.
///
/// With H[p, s] = f(ps), H_σ[p, s] = f(pσs), h_P[p] = f(p), h_S[s] = f(s) and H = U D Vᵀ cut to the rank:
/// α = Vᵀ h_S, A_σ = D⁻¹ Uᵀ H_σ V, β = D⁻¹ Uᵀ h_P. It is exact where the block has the rank of the whole matrix. Balle,
/// Carreras, Luque and Quattoni, "Spectral learning of weighted automata", Machine Learning 96 (2014) 33,
/// doi:10.1007/s10994-013-5416-x, section 3.
///
/// Values of the automaton need not be probabilities: nothing keeps them from being negative. ``Result/negatives(on:)`` counts
/// them, and ``WeightedAutomaton/prefixSums()`` is nil where the sums over continuations do not converge.
public struct SpectralLearner: Sendable {
  /// The name in reports.
  public static let name = "spectral"

  /// The rows of the block, the empty word among them.
  public var prefixes: [Word]
  /// The columns of the block, the empty word among them.
  public var suffixes: [Word]
  /// The number of states; nil for the numerical rank of the block.
  public var rank: Int?

  /// A learner.
  ///
  /// - Precondition: prefixes and suffixes hold the empty word.
  public init(prefixes: [Word], suffixes: [Word], rank: Int? = nil) {
    precondition(
      prefixes.contains([]) && suffixes.contains([]), "the empty word must be a prefix and a suffix")
    self.prefixes = prefixes
    self.suffixes = suffixes
    self.rank = rank
  }

  /// What was learnt.
  public struct Result: Sendable {
    /// The automaton.
    public var automaton: WeightedAutomaton
    /// The singular values of the block, largest first.
    public var singularValues: [Double]
    /// The last singular value that was kept over the first that was not; infinity where there is none or it is 0.
    ///
    /// Near 1 the number of states is a matter of taste.
    public var gap: Double

    /// How many of the given words have a negative value, and the smallest value.
    public func negatives(on words: some Sequence<Word>) -> (count: Int, smallest: Double) {
      words.reduce(into: (0, Double.infinity)) { result, word in
        let value = automaton.value(of: word)
        if value < 0 { result.0 += 1 }
        result.1 = min(result.1, value)
      }
    }
  }

  /// Learns a function.
  ///
  /// - Parameters:
  ///   - alphabet: the symbols.
  ///   - values: f of many words at once; each word is asked once.
  /// - Returns: the automaton and the singular values.
  /// - Throws: ``LinearAlgebraError`` where a value is not finite; what `values` throws.
  /// - Complexity: O(symbols * prefixes * suffixes) values; O(prefixes * suffixes * min(prefixes, suffixes)) time.
  public func learn(alphabet: Alphabet, values: ([Word]) throws -> [Double]) throws -> Result {
    var places: [Word: Int] = [:]
    var words: [Word] = []
    func place(_ word: Word) -> Int {
      if let place = places[word] { return place }
      places[word] = words.count
      words.append(word)
      return words.count - 1
    }
    let middles: [Word] = [[]] + (0..<alphabet.count).map { [$0] }
    let blocks = middles.map { middle in
      prefixes.flatMap { prefix in suffixes.map { place(prefix + middle + $0) } }
    }
    let known = try values(words)
    precondition(known.count == words.count, "\(known.count) values of \(words.count) words")
    let hankel = blocks.map { block in
      Matrix(rows: prefixes.count, columns: suffixes.count, elements: block.map { known[$0] })
    }
    let (u, singularValues, v) = try hankel[0].singularValueDecomposition()
    let kept = rank.map { min($0, singularValues.count) } ?? Self.numericalRank(singularValues, hankel[0])
    // D⁻¹ Uᵀ, [state, prefix], and V, [suffix, state].
    var left = Matrix<Double>(rows: kept, columns: prefixes.count)
    var right = Matrix<Double>(rows: suffixes.count, columns: kept)
    for state in 0..<kept {
      for prefix in 0..<prefixes.count { left[state, prefix] = u[prefix, state] / singularValues[state] }
      for suffix in 0..<suffixes.count { right[suffix, state] = v[state, suffix] }
    }
    let automaton = WeightedAutomaton(
      alphabet: alphabet,
      initialWeights: right.transposed.times(suffixes.map { known[place($0)] }),
      transitionWeights: hankel.dropFirst().map { left * $0 * right },
      finalWeights: left.times(prefixes.map { known[place($0)] }))
    let isCut = kept < singularValues.count && kept > 0 && singularValues[kept] > 0
    return Result(
      automaton: automaton, singularValues: singularValues,
      gap: isCut ? singularValues[kept - 1] / singularValues[kept] : .infinity)
  }

  /// The number of singular values before the widest gap, the place where each is largest against the next.
  ///
  /// - Parameters:
  ///   - values: singular values, largest first.
  ///   - limit: the most that may be kept.
  /// - Returns: at least 1 where there is a value above 0.
  public static func rankAtWidestGap(_ values: [Double], limit: Int) -> Int {
    guard let largest = values.first, largest > 0 else { return 0 }
    // What rounding alone would leave is no value to compare with.
    let least = Double(values.count) * Double.ulpOfOne * largest
    let padded = values + [0]
    let known = (1...values.count).filter { $0 <= max(1, limit) && values[$0 - 1] > least }
    return known.max { one, other in
      values[one - 1] / max(padded[one], least) < values[other - 1] / max(padded[other], least)
    } ?? 1
  }

  /// The singular values above max(rows, columns) · ε · the largest: what rounding alone would leave.
  private static func numericalRank(_ values: [Double], _ matrix: Matrix<Double>) -> Int {
    guard let largest = values.first else { return 0 }
    let cut = Double(max(matrix.rows, matrix.columns)) * Double.ulpOfOne * largest
    return values.count { $0 > cut }
  }
}
