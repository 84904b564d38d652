internal import ProbeLinearAlgebra

/// Two networks by their places in a list.
public struct NetworkPair: Sendable, Hashable {
  /// The first network.
  public var first: Int
  /// The second network.
  public var second: Int

  /// A pair.
  public init(_ first: Int, _ second: Int) { (self.first, self.second) = (first, second) }

  /// All pairs first < second of `count` networks, row by row.
  public static func all(_ count: Int) -> [NetworkPair] {
    (0..<max(0, count)).flatMap { first in (first + 1..<max(count, first + 1)).map { NetworkPair(first, $0) }
    }
  }
}

/// What came of comparing two networks by one metric.
public enum PairOutcome: Sendable, Equatable {
  /// The value, each way.
  case value(DirectedValue)
  /// This metric cannot compare these two, and why.
  case unavailable(DegeneracyError)

  /// The value, if there is one.
  public var value: DirectedValue? {
    if case .value(let value) = self { value } else { nil }
  }
}

/// Compares many networks by many metrics.
///
/// Products of several networks at once keep the multiplication at the processor's speed; memory grows with the
/// networks and with the list of pairs' values, not with the pairs' matrices.
public struct RepresentationComparison: Sendable {
  /// The metrics, in the order of the results.
  public var metrics: [any RepresentationMetric]

  /// A comparison by the given metrics.
  public init(_ metrics: [any RepresentationMetric]) { self.metrics = metrics }

  /// All metrics with their usual settings.
  public static var allMetrics: [any RepresentationMetric] {
    [
      ShapeDistance(.angular), ShapeDistance(.euclidean), KernelAlignment(.biased),
      KernelAlignment(.debiased), CanonicalCorrelation(), CanonicalCorrelation(share: 0.99),
      ProjectionWeightedCorrelation(), DissimilarityAnalysis(.squaredEuclidean, .spearman),
      DissimilarityAnalysis(.correlation, .pearson), LinearPredictivity(), MutualNeighbours(),
      BuresSimilarity(),
    ]
  }

  /// Compares pairs of networks.
  ///
  /// - Parameters:
  ///   - networks: the networks.
  ///   - pairs: which of them are compared, for instance one machine's part of all pairs.
  ///   - threads: at most so many at once; the values do not depend on it.
  /// - Returns: one row a pair, one outcome a metric.
  /// - Throws: nothing that concerns a single pair; such errors are outcomes.
  /// - Complexity: O(m d²) a pair.
  public func outcomes(
    of networks: [RepresentationFactors], pairs: [NetworkPair], threads: Int
  ) throws -> [[PairOutcome]] {
    let used = Set(pairs.flatMap { [$0.first, $0.second] })
    let comparers = try metrics.map { try comparer($0, networks, used: used, threads: threads) }
    let tiles = tiles(of: pairs, networks)
    let results = try concurrentMap(count: tiles.count, threads: threads) { index in
      let tile = tiles[index]
      let rows = Array(Set(tile.map { pairs[$0].first })).sorted()
      let columns = Array(Set(tile.map { pairs[$0].second })).sorted()
      let (left, right) = (rows.map { networks[$0] }, columns.map { networks[$0] })
      // Networks of a tile's side have equally many samples, so one look tells of all.
      if let a = left.first, let b = right.first {
        do throws(DegeneracyError) {
          try RepresentationPair.requireSameSamples(a, b)
        } catch {
          return tile.map { _ in metrics.map { _ in PairOutcome.unavailable(error) } }
        }
      }
      let products = crossProducts(left, right)
      return tile.map { place in
        let pair = pairs[place]
        guard let row = rows.firstIndex(of: pair.first), let column = columns.firstIndex(of: pair.second)
        else { preconditionFailure("a tile holds the networks of its pairs") }
        let both = RepresentationPair(left[row], right[column], product: products[row][column])
        return comparers.map { $0(both, pair) }
      }
    }
    var outcomes = [[PairOutcome]](repeating: [], count: pairs.count)
    for (tile, values) in zip(tiles, results) {
      for (place, value) in zip(tile, values) { outcomes[place] = value }
    }
    return outcomes
  }

  private typealias Comparer = @Sendable (RepresentationPair, NetworkPair) -> PairOutcome

  /// Prepares all networks for one metric.
  private func comparer<Metric: RepresentationMetric>(
    _ metric: Metric, _ networks: [RepresentationFactors], used: Set<Int>, threads: Int
  ) throws -> Comparer {
    let prepared = try concurrentMap(count: networks.count, threads: threads) {
      index -> Result<Metric.Prepared, DegeneracyError>? in
      guard used.contains(index) else { return nil }
      do throws(DegeneracyError) {
        return .success(try metric.prepare(networks[index]))
      } catch {
        return .failure(error)
      }
    }
    return { both, pair in
      do throws(DegeneracyError) {
        guard let first = prepared[pair.first], let second = prepared[pair.second] else {
          preconditionFailure("every network of a pair is prepared")
        }
        return .value(try metric.compare(both, try first.get(), try second.get()))
      } catch {
        return .unavailable(error)
      }
    }
  }

  /// Places of pairs whose products are taken together: neighbours in the list of networks, about 512 columns a side.
  private func tiles(of pairs: [NetworkPair], _ networks: [RepresentationFactors]) -> [[Int]] {
    struct Key: Hashable {
      var row: Int
      var column: Int
    }
    var group = [Int](repeating: 0, count: networks.count)
    var (current, columns) = (0, 0)
    for (index, network) in networks.enumerated() {
      let isAlike = index > 0 && networks[index - 1].samples == network.samples
      if !isAlike || columns + network.width > 512 { (current, columns) = (current + 1, 0) }
      columns += network.width
      group[index] = current
    }
    var places: [Key: Int] = [:]
    var tiles: [[Int]] = []
    for (index, pair) in pairs.enumerated() {
      let key = Key(row: group[pair.first], column: group[pair.second])
      if let place = places[key] {
        tiles[place].append(index)
      } else {
        places[key] = tiles.count
        tiles.append([index])
      }
    }
    return tiles
  }
}
