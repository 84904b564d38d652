internal import ProbeLinearAlgebra

/// Whether networks fall into clusters: claimed only where the best cut of the tree beats what one cluster gives.
///
/// Statistic: the largest mean silhouette (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7) of the cuts into
/// 2...`largest` groups. Null: as many points from one Gaussian whose variances are the positive eigenvalues of
/// the networks' classical scaling, so one elongated cloud stays one cluster; their distances go through the
/// same tree and cuts (in the manner of the gap statistic: Tibshirani, Walther & Hastie 2001).
public struct ClusterTest: Sendable, Equatable {
  /// The best cut's number of groups.
  public let bestCut: Int
  /// Its mean silhouette, -1...1.
  public let silhouette: Double
  /// The null's mean silhouette.
  public let nullSilhouette: Double
  /// (1 + null draws at least as good) / (1 + draws).
  public let pValue: Double
  /// The group of each network; all 0 where no clusters are claimed.
  public let labels: [Int]
  /// How many clusters are claimed: 1 unless `pValue` is at most 0.05.
  public var clusters: Int { pValue <= 0.05 ? bestCut : 1 }

  /// Looks for clusters.
  ///
  /// - Parameters:
  ///   - distances: between the networks.
  ///   - largest: the most groups that are tried; fewer where there are fewer networks.
  ///   - draws: from the null; below 19 nothing can be claimed.
  ///   - seed: of the draws.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below three networks.
  /// - Complexity: O(n³) and O(n²) a draw.
  public init(
    _ distances: PairMatrix, largest: Int = 8, draws: Int = 99, seed: UInt64 = 0
  ) throws(DegeneracyError) {
    precondition(largest >= 2 && draws >= 1, "two groups and a draw at least")
    let n = distances.count
    let scaling = try ClassicalScaling(distances)
    let variances = scaling.eigenvalues.map { max(0, $0) / Double(n) }.filter { $0 > 0 }
    let observed = try bestCutOfTree(distances, largest: largest)
    var (asGood, sum) = (0, 0.0)
    for draw in 0..<draws {
      var generator = RandomGenerator(seed: seed, stream: UInt64(draw))
      var points = Matrix<Double>(rows: n, columns: variances.count)
      for i in 0..<n {
        for (k, variance) in variances.enumerated() {
          points[i, k] = variance.squareRoot() * generator.normal()
        }
      }
      let values = NetworkPair.all(n).map { pair in
        euclideanNorm(zip(points.row(pair.first), points.row(pair.second)).map { $0 - $1 })
      }
      let null = try bestCutOfTree(PairMatrix(count: n, values: values), largest: largest)
      sum += null.silhouette
      if null.silhouette >= observed.silhouette { asGood += 1 }
    }
    (bestCut, silhouette) = (observed.groups, observed.silhouette)
    nullSilhouette = sum / Double(draws)
    pValue = Double(1 + asGood) / Double(1 + draws)
    labels = pValue <= 0.05 ? observed.labels : [Int](repeating: 0, count: n)
  }
}

private func bestCutOfTree(
  _ distances: PairMatrix, largest: Int
) throws(DegeneracyError) -> (groups: Int, silhouette: Double, labels: [Int]) {
  let tree = try AverageLinkage(distances)
  var best = (groups: 2, silhouette: -Double.infinity, labels: [Int]())
  for groups in 2...max(2, min(largest, distances.count - 1)) {
    let labels = tree.labels(groups: groups)
    let value = meanSilhouette(distances, labels: labels, groups: groups)
    if value > best.silhouette { best = (groups, value, labels) }
  }
  return best
}

/// The mean over networks of (b - a) / max(a, b): a the mean distance within the own group, b to the nearest
/// other one; 0 of a network alone in its group.
func meanSilhouette(_ distances: PairMatrix, labels: [Int], groups: Int) -> Double {
  let n = distances.count
  var sizes = [Double](repeating: 0, count: groups)
  for label in labels { sizes[label] += 1 }
  var sums = [Double](repeating: 0, count: n * groups)
  var place = 0
  for i in 0..<n {
    for j in i + 1..<max(n, i + 1) {
      sums[i * groups + labels[j]] += distances.values[place]
      sums[j * groups + labels[i]] += distances.values[place]
      place += 1
    }
  }
  var total = 0.0
  for i in 0..<n where sizes[labels[i]] > 1 {
    let own = sums[i * groups + labels[i]] / (sizes[labels[i]] - 1)
    let other = (0..<groups).filter { $0 != labels[i] }.map { sums[i * groups + $0] / sizes[$0] }.min() ?? 0
    let larger = max(own, other)
    if larger > 0 { total += (other - own) / larger }
  }
  return total / Double(n)
}
