/// A weighted automaton of prefix probabilities as a source: what comes next is the share of each longer prefix.
///
/// With f(w) the value of the automaton, the probability that a word begins with w, the symbol σ comes next with f(wσ) / f(w)
/// and the end with what is left. Nothing keeps the values of a learnt automaton from being negative: such shares are taken for
/// 0, the rest made to sum to 1, and prefixes where that was needed are counted.
public struct WeightedSource: NextSymbolSource {
  /// The automaton.
  public let automaton: WeightedAutomaton
  /// Whether words end.
  public let hasEnd: Bool
  /// The prefixes after which a share was negative by more than rounding.
  public private(set) var negatives = 0
  /// The least share seen, of all prefixes; infinity before the first.
  public private(set) var smallest = Double.infinity
  private var weights: [[Double]] = []

  /// A source that says what an automaton of prefix probabilities implies.
  public init(_ automaton: WeightedAutomaton, hasEnd: Bool) {
    self.automaton = automaton
    self.hasEnd = hasEnd
  }

  /// The automaton's symbols.
  public var alphabet: Alphabet { automaton.alphabet }

  /// The shares after prefixes; uniform where no share is positive.
  public mutating func distributions(after nodes: [PrefixNode]) -> [Double] {
    var result: [Double] = []
    for node in nodes {
      let own =
        node.parent < 0
        ? automaton.initialWeights : automaton.step(weights[Int(node.parent)], Int(node.symbol))
      while weights.count <= Int(node.id) { weights.append([]) }
      weights[Int(node.id)] = own
      let whole = dot(own, automaton.finalWeights)
      let longer = (0..<alphabet.count).map { dot(automaton.step(own, $0), automaton.finalWeights) }
      let end = hasEnd ? whole - longer.reduce(0, +) : 0
      let shares = (longer + [end]).map { $0 / whole }
      // A sum over states is off by a few ulps of its terms.
      let rounding = Double(automaton.stateCount + 1) * 0x1p-50
      if shares.contains(where: { !($0 >= -rounding) }) { negatives += 1 }
      smallest = shares.reduce(smallest) { min($0, $1) }
      let kept = (longer + [end]).map { whole > 0 && $0 > 0 ? $0 : 0 }
      let sum = kept.reduce(0, +)
      let open = hasEnd ? alphabet.count + 1 : alphabet.count
      result += kept.indices.map {
        sum > 0 && sum.isFinite ? kept[$0] / sum : $0 < open ? 1 / Double(open) : 0
      }
    }
    return result
  }
}
