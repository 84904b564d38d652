import ProbeLinearAlgebra

extension RandomGenerator {
  /// An index drawn with the given weights, which sum to `total`; never one of weight 0 where another is positive.
  mutating func index(weighted weights: [Double], total: Double = 1) -> Int {
    var rest = uniform() * total
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      if rest < weight { return index }
      rest -= weight
      last = index
    }
    return last
  }
}
