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
    return try prepared(networks, used: used, threads: threads).outcomes(pairs: pairs, threads: threads)
  }

  /// Prepares networks for all metrics, once for all pairs.
  ///
  /// - Parameters:
  ///   - networks: the networks.
  ///   - used: the places of those that pairs will name.
  ///   - threads: at most so many at once.
  /// - Returns: what pairs are compared by.
  /// - Throws: nothing that concerns a single network; such errors are outcomes of its pairs.
  public func prepared(
    _ networks: [RepresentationFactors], used: Set<Int>, threads: Int
  ) throws -> PreparedRepresentations {
    PreparedRepresentations(
      networks: networks,
      comparers: try metrics.map { try comparer($0, networks, used: used, threads: threads) })
  }

  /// Prepares all networks for one metric.
  private func comparer<Metric: RepresentationMetric>(
    _ metric: Metric, _ networks: [RepresentationFactors], used: Set<Int>, threads: Int
  ) throws -> PreparedRepresentations.Comparer {
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
}
