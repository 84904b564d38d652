internal import ProbeLinearAlgebra

/// Whether networks of one group are closer to each other than to those of other groups: permutational analysis
/// of variance.
///
/// Pseudo-F of Anderson 2001 (doi:10.1111/j.1442-9993.2001.01070.pp.x): with SS the sum of squared distances
/// over pairs divided by the number of networks, F = (SS_total - SS_within) / (g - 1) / (SS_within / (n - g)).
/// Labels of networks are permuted, never pairs. Like every such test it also answers to groups that differ in
/// spread alone: see ``MeanDifferenceTest``.
public struct GroupSeparationTest: Sendable, Equatable {
  /// The statistic.
  public let pseudoF: Double
  /// SS_between / SS_total: the share of the spread that lies between groups, 0...1.
  public let share: Double
  /// (1 + as large permutations) / (1 + permutations).
  public let pValue: Double
  /// The mean distance within groups.
  public let meanWithin: Double
  /// The mean distance between networks of different groups.
  public let meanBetween: Double

  /// Compares groups.
  ///
  /// - Parameters:
  ///   - distances: between all networks.
  ///   - labels: the group of each network.
  ///   - permutations: how many labellings are drawn.
  ///   - seed: of the labellings.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below three networks or two groups, or if every network is alone
  ///   in its group.
  /// - Complexity: O(n²) a permutation.
  public init(
    _ distances: PairMatrix, labels: [Int], permutations: Int = 999, seed: UInt64 = 0
  ) throws(DegeneracyError) {
    precondition(labels.count == distances.count, "one label a network")
    precondition(permutations >= 1, "a test needs a permutation")
    try distances.require(networks: 3)
    let groups = Array(Set(labels)).sorted()
    guard groups.count >= 2 else { throw .tooFew(object: "groups", needed: 2, found: groups.count) }
    let n = distances.count
    guard groups.count < n else {
      throw .tooFew(object: "networks in \(groups.count) groups", needed: groups.count + 1, found: n)
    }
    var codes = labels.map { label in groups.firstIndex(of: label) ?? 0 }
    var sizes = [Double](repeating: 0, count: groups.count)
    for code in codes { sizes[code] += 1 }
    let total = distances.values.reduce(0) { $0 + $1 * $1 } / Double(n)
    func within(_ codes: [Int]) -> Double {
      var sum = 0.0
      var place = 0
      for i in 0..<n {
        for j in i + 1..<max(n, i + 1) {
          if codes[i] == codes[j] {
            sum += distances.values[place] * distances.values[place] / sizes[codes[i]]
          }
          place += 1
        }
      }
      return sum
    }
    let observed = within(codes)
    let freedom = (Double(groups.count - 1), Double(n - groups.count))
    pseudoF = observed > 0 ? (total - observed) / freedom.0 / (observed / freedom.1) : .infinity
    share = total > 0 ? max(0, (total - observed) / total) : 0
    let pairs = NetworkPair.all(n)
    let inside = zip(pairs, distances.values).filter { codes[$0.0.first] == codes[$0.0.second] }.map(\.1)
    let outside = zip(pairs, distances.values).filter { codes[$0.0.first] != codes[$0.0.second] }.map(\.1)
    meanWithin = inside.reduce(0, +) / Double(inside.count)
    meanBetween = outside.reduce(0, +) / Double(outside.count)
    // F falls with the sum within, all else being fixed.
    var generator = RandomGenerator(seed: seed)
    var extreme = 0
    for _ in 0..<permutations {
      shuffle(&codes, &generator)
      if within(codes) <= observed * (1 + 1e-12) { extreme += 1 }
    }
    pValue = Double(1 + extreme) / Double(1 + permutations)
  }
}
