import ProbeLinearAlgebra
import RealModule

extension DensePattern {
  /// The entropy of a query's weights in nats; weights of zero add nothing.
  public func entropy(query: Int) -> Double {
    (0...query).reduce(0) { sum, key in
      let weight = weights[query, key]
      return weight > 0 ? sum - weight * .log(weight) : sum
    }
  }

  /// The mean entropy in nats; nil for no token.
  public var entropy: Double? { mean { entropy(query: $0) } }

  /// k90: how many of a query's largest weights it takes to reach 0.9.
  ///
  /// A sum may fall short by 1e-9, or nine weights of 0.1 would not suffice (Ramsauer et al. 2021, arXiv
  /// 2008.02217).
  ///
  /// - Returns: all of the query's keys where they sum to less.
  public func keysForNineTenths(query: Int) -> Int {
    ProbeHeads.keysForNineTenths(weights.row(query).prefix(query + 1))
  }

  /// The mean of k90; nil for no token.
  public var keysForNineTenths: Double? { mean { Double(keysForNineTenths(query: $0)) } }

  /// The median of k90 / (keys in sight), by which the head is classed; nil for no token.
  public var shareForNineTenths: Double? {
    medianShare((0..<count).map { keysForNineTenths(query: $0) })
  }
}

/// The median of k90 / (i + 1) over the queries of a causal head, for numbers that were streamed.
///
/// - Parameters:
///   - keysForNineTenths: k90 of consecutive queries.
///   - first: the first query's position.
/// - Returns: nil for no query.
public func medianShare(_ keysForNineTenths: [Int], first: Int = 0) -> Double? {
  guard !keysForNineTenths.isEmpty else { return nil }
  return median(keysForNineTenths.enumerated().map { Double($1) / Double(first + $0 + 1) })
}

/// How many of the largest weights it takes to reach 0.9 - 1e-9; all where they never do.
public func keysForNineTenths(_ weights: some Sequence<Double>) -> Int {
  var sum = 0.0
  let sorted = weights.sorted(by: >)
  for (index, weight) in sorted.enumerated() {
    sum += weight
    if sum >= 0.9 - 1e-9 { return index + 1 }
  }
  return sorted.count
}

/// The middle value, or the mean of the two middle ones.
///
/// - Precondition: there is one, and none is NaN.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
