import ProbeLinearAlgebra
import RealModule

/// How far two rankings of the same heads agree on their top k, against chance.
///
/// The shares of two halves of the prompts say how reliable a ranking is. Rank correlations over all heads
/// would be inflated by the many that score zero in both.
public struct TopOverlap: Sendable, Equatable {
  /// k.
  public let count: Int
  /// Number of heads.
  public let heads: Int
  /// Heads in both top sets.
  public let overlap: Int
  /// The overlap of two random sets: k² / heads.
  public let expected: Double
  /// The probability that two random sets overlap as much or more (hypergeometric).
  public let probability: Double

  /// Compares two rankings.
  ///
  /// - Parameters:
  ///   - first: a score a head.
  ///   - second: a score a head, same order.
  ///   - count: k; at most the number of heads counts.
  ///   - seed: what the order of equal scores follows from.
  /// - Precondition: both have the same number of heads.
  public init(_ first: [Double], _ second: [Double], count: Int, seed: UInt64) {
    precondition(first.count == second.count, "both rankings must be of the same heads")
    var random = RandomGenerator(seed: seed)
    let top = Set(topHeads(first, count: count, using: &random))
    let other = Set(topHeads(second, count: count, using: &random))
    self.init(overlap: top.intersection(other).count, count: top.count, heads: first.count)
  }

  /// The chance level of an overlap of two sets of `count` out of `heads`.
  public init(overlap: Int, count: Int, heads: Int) {
    self.count = count
    self.heads = heads
    self.overlap = overlap
    expected = heads > 0 ? Double(count) * Double(count) / Double(heads) : 0
    let least = max(overlap, 2 * count - heads, 0)
    var sum = 0.0
    for shared in least...max(least, count) where shared <= count {
      sum += .exp(
        logChoose(count, shared) + logChoose(heads - count, count - shared) - logChoose(heads, count))
    }
    probability = min(1, overlap <= max(0, 2 * count - heads) ? 1 : sum)
  }
}

/// The logarithm of the binomial coefficient.
private func logChoose(_ n: Int, _ k: Int) -> Double {
  .logGamma(Double(n + 1)) - .logGamma(Double(k + 1)) - .logGamma(Double(n - k + 1))
}

/// Splits prompts into two random halves; the first has one more where their number is odd.
public func splitHalves(_ prompts: Int, seed: UInt64) -> (first: [Int], second: [Int]) {
  var random = RandomGenerator(seed: seed)
  let order = random.sample(prompts, of: prompts)
  return (order.prefix((prompts + 1) / 2).sorted(), order.suffix(prompts / 2).sorted())
}
