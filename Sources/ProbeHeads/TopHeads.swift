public import ProbeLinearAlgebra

/// The indices of the highest scores, best first.
///
/// Equal scores are put in random order: many heads score exactly zero, and an order by index would let them
/// agree with themselves. NaN ranks below everything.
///
/// - Returns: `count` indices, or all where there are fewer.
/// - Complexity: O(n log n).
public func topHeads(_ scores: [Double], count: Int, using random: inout RandomGenerator) -> [Int] {
  let keyed = scores.map { (score: $0.isNaN ? -.infinity : $0, key: random.next()) }
  let order = keyed.indices.sorted {
    (keyed[$0].score, keyed[$0].key, $0) > (keyed[$1].score, keyed[$1].key, $1)
  }
  return Array(order.prefix(count))
}
