internal import ProbeLinearAlgebra
internal import RealModule

/// Representational similarity analysis: how alike two networks' tables of distances between samples are
/// (Kriegeskorte, Mur & Bandettini 2008, doi:10.3389/neuro.06.004.2008).
public struct DissimilarityAnalysis: RepresentationMetric {
  /// The distance between two samples of one network.
  public enum Dissimilarity: String, Sendable, CaseIterable {
    /// |x_i - x_j|².
    case squaredEuclidean = "squared_euclidean"
    /// 1 - the correlation over units, each unit centred over samples first; a sample without variation over
    /// units is refused.
    case correlation
  }

  /// How the tables are compared, over i < j.
  public enum Comparison: String, Sendable, CaseIterable {
    /// Pearson's correlation.
    case pearson
    /// Spearman's, equal distances sharing the mean of their ranks.
    case spearman
  }

  /// The most samples whose table is held: 2,000 make 16 MB a network.
  public static let sampleLimit = 2000

  /// The distance between samples.
  public var dissimilarity: Dissimilarity
  /// How the tables are compared.
  public var comparison: Comparison

  /// An analysis.
  public init(_ dissimilarity: Dissimilarity = .squaredEuclidean, _ comparison: Comparison = .spearman) {
    (self.dissimilarity, self.comparison) = (dissimilarity, comparison)
  }

  /// What is computed.
  public var convention: MetricConvention {
    var properties: Set<MetricConvention.Property> = [
      .symmetric, .scaleInvariance, .translationInvariance, .permutationInvariance,
    ]
    // A correlation over units changes when units turn into one another, or some of them change sign.
    if dissimilarity == .squaredEuclidean { properties.formUnion([.orthogonalInvariance, .signInvariance]) }
    let table =
      dissimilarity == .squaredEuclidean
      ? "squared Euclidean distances between samples"
      : "1 - Pearson correlation over units, each unit centred over samples first"
    return MetricConvention(
      name: "rsa_\(dissimilarity.rawValue)_\(comparison.rawValue)", level: .representation,
      text: "\(comparison.rawValue) correlation over pairs of samples i < j of \(table)",
      properties: properties, isSimilarity: true)
  }

  /// The centred distances (or their ranks) over i < j, scaled to norm 1.
  ///
  /// - Throws: ``DegeneracyError`` outside 3...`sampleLimit` samples, or where all distances are equal.
  /// - Complexity: O(m² d) time, O(m²) memory.
  public func prepare(_ network: RepresentationFactors) throws(DegeneracyError) -> [Double] {
    let m = network.samples
    guard m >= 3 else { throw .tooFew(object: "samples for a table of distances", needed: 3, found: m) }
    guard m <= DissimilarityAnalysis.sampleLimit else {
      throw .tooMany(
        object: "samples for a table of distances", limit: DissimilarityAnalysis.sampleLimit, found: m)
    }
    var states = network.centred.widened
    if dissimilarity == .correlation {
      if let directions = network.directions { states = states * directions }
      try normalizeRows(&states, of: network.name)
    }
    let gram = states * states.transposed
    var distances: [Double] = []
    distances.reserveCapacity(m * (m - 1) / 2)
    for i in 0..<m {
      for j in i + 1..<max(m, i + 1) {
        distances.append(
          dissimilarity == .correlation ? 1 - gram[i, j] : gram[i, i] + gram[j, j] - 2 * gram[i, j])
      }
    }
    var values = comparison == .spearman ? averageRanks(distances) : distances
    let mean = values.reduce(0, +) / Double(values.count)
    for index in values.indices { values[index] -= mean }
    let norm = euclideanNorm(values)
    guard norm > Double.ulpOfOne * Double(values.count) * abs(mean) else {
      throw .noVariation(object: "the table of distances of \(network.name)")
    }
    for index in values.indices { values[index] /= norm }
    return values
  }

  /// The correlation, -1...1.
  public func compare(
    _ pair: RepresentationPair, _ first: [Double], _ second: [Double]
  ) throws(DegeneracyError) -> DirectedValue {
    DirectedValue(max(-1, min(1, zip(first, second).reduce(0) { $0 + $1.0 * $1.1 })))
  }
}

/// Centres each row and scales it to norm 1.
private func normalizeRows(_ states: inout Matrix<Double>, of name: String) throws(DegeneracyError) {
  for row in 0..<states.rows {
    let mean = states.row(row).reduce(0, +) / Double(states.columns)
    let largest = states.row(row).reduce(0) { max($0, abs($1)) }
    for column in 0..<states.columns { states[row, column] -= mean }
    let norm = euclideanNorm(states.row(row))
    guard norm > Double.ulpOfOne * Double(states.columns) * largest else {
      throw .noVariation(object: "sample \(row) of \(name) over its units")
    }
    for column in 0..<states.columns { states[row, column] /= norm }
  }
}

/// The ranks of values from 1, equal ones sharing the mean of their ranks.
func averageRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
