internal import Glibc
internal import ProbeLinearAlgebra

/// How much worse one probabilistic machine predicts the words of another than that does itself.
public struct RelativeEntropy: Sendable, Equatable {
  /// Nats a prediction, the prediction of the end being one; infinity where something possible is held to be impossible.
  public var perPrediction: Double
  /// Nats a word: the Kullback-Leibler divergence of the two distributions of words; nil where words never end.
  public var perWord: Double?

  /// Relative entropies in nats.
  public init(perPrediction: Double, perWord: Double?) {
    self.perPrediction = perPrediction
    self.perWord = perWord
  }
}

extension ProbabilisticMachine {
  /// The relative entropy of this machine to a model of it, exactly: nothing is sampled.
  ///
  /// D(P||Q) = Σ P(w) log(P(w) / Q(w)) falls into one term for each prediction along w, which depends on the pair of states
  /// alone; pairs are weighted by the share of time spent in them when each end begins a new word (the stationary
  /// distribution of that chain, as ``MarkovChain/stationaryDistribution()``). Carrasco, "Accurate computation of the
  /// relative entropy between stochastic regular grammars", RAIRO 31 (1997) 437, sums over pairs in the same way.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Returns: nil where words that never end leave several places to stay in, so that no one share of time exists.
  /// - Complexity: O(pairs³), the pairs of states being those that this machine's words lead to.
  public func relativeEntropy(to model: ProbabilisticMachine) -> RelativeEntropy? {
    precondition(alphabet == model.alphabet, "machines of different alphabets cannot be compared")
    let product = StateProduct(transitions, model.transitions) { state, _, symbol in
      probability(of: symbol, in: state) > 0
    }
    var matrix = Matrix<Double>(rows: product.pairs.count, columns: product.pairs.count)
    var costs: [Double] = []
    for (pair, (state, counterpart)) in product.pairs.enumerated() {
      let (truth, guess) = (row(of: state), model.row(of: counterpart))
      if zip(truth, guess).contains(where: { $0 > 0 && $1 == 0 }) {
        let endless = endProbabilities.allSatisfy { $0 == 0 }
        return RelativeEntropy(perPrediction: .infinity, perWord: endless ? nil : .infinity)
      }
      costs.append(zip(truth, guess).reduce(0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 })
      for symbol in 0..<alphabet.count where truth[symbol] > 0 {
        matrix[pair, Int(product.next[pair * alphabet.count + symbol])] += truth[symbol]
      }
      matrix[pair, 0] += endProbabilities[state]
    }
    let chain = try? MarkovChain(outputs: costs.map { _ in "" }, probabilities: matrix)
    guard let shares = chain?.stationaryDistribution() else { return nil }
    let rate = dot(shares, costs)
    let ends = zip(shares, product.pairs).reduce(0) { $0 + $1.0 * endProbabilities[$1.1.0] }
    return RelativeEntropy(perPrediction: rate, perWord: ends > 0 ? rate / ends : nil)
  }
}
