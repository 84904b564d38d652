import ProbeDegeneracy
import ProbeLinearAlgebra

/// The states of an ensemble, prepared once for all pairs, with the outcomes spread over the columns of a table.
struct Representations {
  private let metrics: [any RepresentationMetric]
  private let prepared: PreparedRepresentations
  /// Each network's place among the prepared ones; nil where it has no states to compare.
  private var places: [Int?]
  private let width: Int

  /// Prepares the networks that pairs name.
  init(
    _ networks: [PreparedNetwork], pairs: [NetworkPair], metrics: [any RepresentationMetric], threads: Int
  ) throws {
    self.metrics = metrics
    width = MetricColumn.representation(metrics).count
    places = [Int?](repeating: nil, count: networks.count)
    let used = Set(pairs.flatMap { [$0.first, $0.second] })
    var factors: [RepresentationFactors] = []
    for (index, network) in networks.enumerated() where used.contains(index) {
      if case .success(let states) = network.states {
        places[index] = factors.count
        factors.append(states)
      }
    }
    prepared = try RepresentationComparison(metrics).prepared(
      factors, used: Set(factors.indices), threads: threads)
  }

  /// One row a pair, one outcome a column.
  func outcomes(
    _ networks: [PreparedNetwork], _ pairs: [NetworkPair], threads: Int
  ) throws -> [[PairComparison.Outcome]] {
    var wanted: [(row: Int, pair: NetworkPair)] = []
    var rows = pairs.enumerated().map { row, pair -> [PairComparison.Outcome] in
      let (a, b) = (networks[pair.first], networks[pair.second])
      var reason = Incomparable("not compared")
      if a.inputs != b.inputs {
        reason = PairComparison.otherInputs(a, b)
      } else if case .failure(let fault) = a.states {
        reason = fault
      } else if case .failure(let fault) = b.states {
        reason = fault
      } else if let first = places[pair.first], let second = places[pair.second] {
        wanted.append((row, NetworkPair(first, second)))
      }
      return [PairComparison.Outcome](repeating: .failure(reason), count: width)
    }
    let found = try prepared.outcomes(pairs: wanted.map(\.pair), threads: threads)
    for ((row, _), outcomes) in zip(wanted, found) {
      rows[row] = zip(metrics, outcomes).flatMap { metric, outcome -> [PairComparison.Outcome] in
        let isSymmetric = metric.convention.properties.contains(.symmetric)
        switch outcome {
        case .value(let value):
          return isSymmetric
            ? [.success(value.forward)] : [.success(value.forward), .success(value.backward)]
        case .unavailable(let error):
          return [PairComparison.Outcome](
            repeating: .failure(Incomparable("\(error)")), count: isSymmetric ? 1 : 2)
        }
      }
    }
    return rows
  }
}
