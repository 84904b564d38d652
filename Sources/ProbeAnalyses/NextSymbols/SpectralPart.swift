import ProbeAutomata
import ProbeLinearAlgebra
import RealModule

/// The weighted automaton of a network's prefix probabilities.
struct SpectralPart {
  /// Nil where all values are 0.
  let machine: LearntMachine?
  /// Of the block of the Hankel matrix, largest first.
  let singularValues: [Double]

  /// Learns from the network's probabilities of the most frequent beginnings of drawn words and of the most frequent pieces.
  init<Source: NextSymbolSource>(
    _ trie: inout DistributionTrie<Source>, sample: [Word], options: NextSymbolsOptions
  ) throws {
    var learner = SpectralLearner(
      prefixes: Self.frequent(sample.map { $0[...] }, count: options.block),
      suffixes: Self.frequent(
        sample.flatMap { word in word.indices.map { word[$0...] } }, count: options.block))
    let alphabet = trie.source.alphabet
    var known = trie
    learner.rank = options.rank ?? 1
    var result = try learner.learn(alphabet: alphabet) { try known.prefixProbabilities(of: $0) }
    singularValues = result.singularValues
    if options.rank == nil {
      // The automaton of a wide gap after half of the values would be one of noise.
      learner.rank = SpectralLearner.rankAtWidestGap(
        singularValues, limit: max(1, singularValues.count / 2))
      result = try learner.learn(alphabet: alphabet) { try known.prefixProbabilities(of: $0) }
    }
    trie = known
    guard result.automaton.stateCount > 0 else {
      machine = nil
      return
    }
    let radius = try result.automaton.spectralRadius()
    machine = LearntMachine(
      SpectralLearner.name, .weighted(result.automaton),
      remark:
        "the last singular value kept is \(rounded(result.gap)) times the next; spectral radius of the sum of the "
        + "symbols' matrices \(rounded(radius))")
  }

  /// The most frequent prefixes of words to 8 symbols, the empty word first; among equals the shorter and lower.
  private static func frequent(_ words: [ArraySlice<Int>], count: Int) -> [Word] {
    var counts: [Word: Int] = [[]: .max]
    for word in words {
      for length in 1..<(min(8, word.count) + 1) { counts[Array(word.prefix(length)), default: 0] += 1 }
    }
    let sorted = counts.sorted { one, other in
      if one.value != other.value { return one.value > other.value }
      if one.key.count != other.key.count { return one.key.count < other.key.count }
      return one.key.lexicographicallyPrecedes(other.key)
    }
    return sorted.prefix(count).map(\.key)
  }
}

extension WeightedAutomaton {
  /// The largest modulus of an eigenvalue of Σ A: below 1 for words that end, 1 for endless ones.
  func spectralRadius() throws -> Double {
    var sum = Matrix<Double>(rows: stateCount, columns: stateCount)
    for matrix in transitionWeights {
      for place in sum.elements.indices { sum.elements[place] += matrix.elements[place] }
    }
    return try EigenDecomposition(sum, vectors: false).spectralRadius
  }
}

/// A number with three significant digits, as people write it.
func rounded(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  let exponent = Int(Double.log10(abs(value)).rounded(.down))
  if exponent < -3 || exponent > 5 {
    return "\((value / Double.pow(10, exponent) * 100).rounded() / 100)e\(exponent)"
  }
  if exponent >= 2 { return grouped(Int(value.rounded())) }
  let scale = Double.pow(10, 2 - exponent)
  return "\((value * scale).rounded() / scale)"
}
