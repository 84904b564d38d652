import ProbeDegeneracy
import ProbeLinearAlgebra

/// What a metric says where nothing is shared, and where nothing differs: one row a group and column.
struct EnsembleControls: Sendable, Equatable {
  /// What a control keeps and what it breaks.
  enum Kind: String, Sendable, CaseIterable {
    /// A network against another one whose trials were exchanged within conditions, or turned in time.
    case null
    /// A network against itself on fresh trials of its task; without a task, two halves of its own trials.
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

  /// Draws what controls compare with, from the captures.
  protocol Source: Sendable {
    /// A network with trials exchanged.
    func exchanged(_ place: Int) throws -> PreparedNetwork
    /// A network twice: on some trials, and on others.
    func repeated(_ place: Int) throws -> (PreparedNetwork, PreparedNetwork)
    /// A random network like one; nil where its weights cannot be taken apart.
    func random(_ place: Int) throws -> PreparedNetwork?
  }

  /// Draws the controls of every group.
  ///
  /// - Parameters:
  ///   - groups: the group of each network.
  ///   - networks: the networks.
  ///   - comparison: the metrics.
  ///   - seed: of the draws.
  ///   - source: gives what they are compared with.
  /// - Throws: the errors of reading and of decompositions.
  init(
    groups: [String], _ networks: [PreparedNetwork], comparison: PairComparison, seed: UInt64,
    source: some Source
  ) throws {
    rows = []
    for (number, group) in orderedGroups(groups).enumerated() {
      let members = networks.indices.filter { groups[$0] == group }
      var generator = RandomGenerator(seed: seed, stream: UInt64(1 << 32) + UInt64(number))
      let draws = comparison.options.nullDraws
      let pairs = (0..<(members.count > 1 ? draws : 0)).map { _ -> NetworkPair in
        let chosen = generator.sample(2, of: members.count)
        return NetworkPair(members[chosen[0]], members[chosen[1]])
      }
      let repeated = generator.sample(min(draws, members.count), of: members.count).sorted()
        .map { members[$0] }
      let null = try Self.against(
        networks, pairs, comparison, levels: [.behaviour, .representation], source.exchanged)
      let floor = try Self.floor(repeated, comparison: comparison, source: source)
      let ceiling = try Self.against(
        networks, pairs, comparison, levels: Set(MetricConvention.Level.allCases), source.random)
      for (index, column) in comparison.columns.enumerated() where !column.isBound {
        // Random weights keep the spectra, so distances between spectra have no ceiling.
        let keepsSpectra = [
          WeightSpectra.singularValueConvention.name, WeightSpectra.eigenvalueConvention.name,
        ].contains(column.name)
        for (kind, draws) in [(Kind.null, null), (.floor, floor)]
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

  /// The first network of each pair against what stands in for the second.
  private static func against(
    _ networks: [PreparedNetwork], _ pairs: [NetworkPair], _ comparison: PairComparison,
    levels: Set<MetricConvention.Level>, _ replaced: @Sendable (Int) throws -> PreparedNetwork?
  ) throws -> [[Double]] {
    let chosen = Array(Set(pairs.map(\.second))).sorted()
    let others = try concurrentMap(count: chosen.count, threads: comparison.threads) {
      try replaced(chosen[$0])
    }
    var places: [Int: Int] = [:]
    var all = networks
    for (place, other) in zip(chosen, others) {
      guard let other else { continue }
      places[place] = all.count
      all.append(other)
    }
    let drawn = pairs.compactMap { pair in places[pair.second].map { NetworkPair(pair.first, $0) } }
    return draws(try comparison.outcomes(all, pairs: drawn, levels: levels), comparison.columns.count)
  }

  private static func floor(
    _ chosen: [Int], comparison: PairComparison, source: some Source
  ) throws -> [[Double]] {
    let both = try concurrentMap(count: chosen.count, threads: comparison.threads) {
      try source.repeated(chosen[$0])
    }
    let outcomes = try comparison.outcomes(
      both.flatMap { [$0.0, $0.1] }, pairs: chosen.indices.map { NetworkPair(2 * $0, 2 * $0 + 1) },
      levels: [.behaviour, .dynamics])
    return draws(outcomes, comparison.columns.count)
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
