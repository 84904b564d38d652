import ProbeDegeneracy
import ProbeLinearAlgebra

/// What a metric says where nothing is shared, and where nothing differs: one row a group and column.
struct EnsembleControls: Sendable, Equatable {
  /// What a control keeps and what it breaks.
  enum Kind: String, Sendable, CaseIterable {
    /// One network turned in time against another.
    case null
    /// Two halves of one network's own trials.
    case floor
    /// A network against random weights of the same width and spectra.
    case ceiling
  }

  /// The draws of one control of one metric in one group; a control that is not defined has no row.
  struct Row: Sendable, Equatable {
    var group: String
    var metric: String
    var kind: Kind
    var values: [Double]
  }

  var rows: [Row]

  /// Gives the random network like the one of a place.
  typealias Source = @Sendable (Int, RecurrentWeights) throws -> RandomNetwork

  /// Draws the controls of every group.
  ///
  /// - Parameters:
  ///   - networks: as read.
  ///   - prepared: the same, prepared.
  ///   - comparison: the metrics.
  ///   - seed: of the draws.
  ///   - randomNetwork: gives the random network like the one of a place, from its weights.
  /// - Throws: the errors of reading and of decompositions.
  init(
    _ networks: [EnsembleNetwork], _ prepared: [PreparedNetwork], comparison: PairComparison, seed: UInt64,
    randomNetwork: Source
  ) throws {
    rows = []
    for (number, group) in orderedGroups(networks.map(\.group)).enumerated() {
      let members = networks.indices.filter { networks[$0].group == group }
      var generator = RandomGenerator(seed: seed, stream: UInt64(1 << 32) + UInt64(number))
      let draws = comparison.options.nullDraws
      let pairs = (0..<(members.count > 1 ? draws : 0)).map { _ -> NetworkPair in
        let chosen = generator.sample(2, of: members.count)
        return NetworkPair(members[chosen[0]], members[chosen[1]])
      }
      let null = try Self.null(networks, prepared, pairs: pairs, comparison: comparison)
      let halved = generator.sample(min(draws, members.count), of: members.count).sorted().map { members[$0] }
      let floor = try Self.floor(networks, prepared, halved, comparison: comparison)
      let ceiling = try Self.ceiling(
        prepared, pairs: pairs, comparison: comparison, randomNetwork: randomNetwork)
      for (index, column) in comparison.columns.enumerated() where !column.isBound {
        // Random weights keep the spectra, so distances between spectra have no ceiling.
        let keepsSpectra = [
          WeightSpectra.singularValueConvention.name, WeightSpectra.eigenvalueConvention.name,
        ].contains(column.name)
        // Halves of trials belong to one network with one set of fixed points.
        let isTopology = column == .topology
        for (kind, draws) in [(Kind.null, null)] + (isTopology ? [] : [(.floor, floor)])
          + (keepsSpectra ? [] : [(.ceiling, ceiling)])
        where !draws[index].isEmpty {
          rows.append(Row(group: group, metric: column.name, kind: kind, values: draws[index]))
        }
      }
    }
  }

  /// Controls that were read from a part of a run.
  init(rows: [Row]) { self.rows = rows }

  /// The draws of a control; none where it is not defined.
  subscript(group: String, metric: String, kind: Kind) -> [Double] {
    rows.first { $0.group == group && $0.metric == metric && $0.kind == kind }?.values ?? []
  }

  private static func null(
    _ networks: [EnsembleNetwork], _ prepared: [PreparedNetwork], pairs: [NetworkPair],
    comparison: PairComparison
  ) throws -> [[Double]] {
    let turned = Array(Set(pairs.map(\.second))).sorted()
    let shifted = try concurrentMap(count: turned.count, threads: comparison.threads) {
      PreparedNetwork(shifted: networks[turned[$0]])
    }
    let places = Dictionary(uniqueKeysWithValues: zip(turned, prepared.count...))
    let outcomes = try comparison.outcomes(
      prepared + shifted,
      pairs: pairs.map { NetworkPair($0.first, places[$0.second] ?? $0.second) },
      levels: [.behaviour, .representation])
    return draws(outcomes, comparison.columns.count)
  }

  private static func floor(
    _ networks: [EnsembleNetwork], _ prepared: [PreparedNetwork], _ chosen: [Int],
    comparison: PairComparison
  ) throws -> [[Double]] {
    let halves = try concurrentMap(count: 2 * chosen.count, threads: comparison.threads) { index in
      let network = networks[chosen[index / 2]]
      let trials = network.trajectories.indices.filter { $0 % 2 == index % 2 }
      return prepared[chosen[index / 2]].withDynamics(
        PreparedNetwork.dynamics(
          trials.map { network.trajectories[$0] }, name: network.name, options: comparison.options))
    }
    let outcomes = try comparison.outcomes(
      halves, pairs: chosen.indices.map { NetworkPair(2 * $0, 2 * $0 + 1) }, levels: [.dynamics])
    return draws(outcomes, comparison.columns.count)
  }

  private static func ceiling(
    _ prepared: [PreparedNetwork], pairs: [NetworkPair], comparison: PairComparison, randomNetwork: Source
  ) throws -> [[Double]] {
    let chosen = Array(Set(pairs.map(\.second))).sorted().filter {
      (try? prepared[$0].weights.get()) != nil
    }
    let random = try concurrentMap(count: chosen.count, threads: comparison.threads) { index in
      let network = prepared[chosen[index]]
      let weights = try network.weights.get()
      return PreparedNetwork(
        random: try randomNetwork(chosen[index], weights.blocks), like: network, symmetry: weights.symmetry,
        options: comparison.options)
    }
    let places = Dictionary(uniqueKeysWithValues: zip(chosen, prepared.count...))
    let drawn = pairs.compactMap { pair in places[pair.second].map { NetworkPair(pair.first, $0) } }
    return draws(try comparison.outcomes(prepared + random, pairs: drawn), comparison.columns.count)
  }

  /// Each column's values.
  private static func draws(_ outcomes: [[PairComparison.Outcome]], _ columns: Int) -> [[Double]] {
    (0..<columns).map { column in outcomes.compactMap { try? $0[column].get() } }
  }
}

/// The groups in the order of their first network.
func orderedGroups(_ groups: [String]) -> [String] {
  var seen = Set<String>()
  return groups.filter { seen.insert($0).inserted }
}
