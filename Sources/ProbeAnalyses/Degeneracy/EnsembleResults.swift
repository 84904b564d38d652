import ProbeDegeneracy

/// What was measured of an ensemble: all that a report is made from, and what the parts of a shared-out run carry.
struct EnsembleResults: Sendable, Equatable {
  /// A network as `networks.csv` lists it.
  struct Network: Sendable, Equatable {
    var name: String
    var group: String
    var family: String
    var units: Int
    var loss: Double
    var harderLoss: Double
    /// Why it is left out, or nil.
    var exclusion: String?
    /// How far training moved it.
    var learning = LearningMeasures()
  }

  /// All networks, left-out ones too, in the order of the captures.
  var networks: [Network]
  var columns: [MetricColumn]
  /// Pairs of places in `networks`.
  var pairs: [NetworkPair]
  /// One row a pair, one value a column.
  var values: PairValues
  var controls: EnsembleControls

  /// The places of the networks that are compared.
  var compared: [Int] { networks.indices.filter { networks[$0].exclusion == nil } }
  /// The groups of the compared networks, in order.
  var groups: [String] { orderedGroups(compared.map { networks[$0].group }) }
  /// The compared networks of a group.
  func members(of group: String) -> [Int] { compared.filter { networks[$0].group == group } }

  /// All pairs of compared networks, or those within groups alone.
  func wantedPairs(withinGroups: Bool) -> [NetworkPair] {
    let members = compared
    return NetworkPair.all(members.count).map { NetworkPair(members[$0.first], members[$0.second]) }.filter {
      !withinGroups || networks[$0.first].group == networks[$0.second].group
    }
  }

  /// A metric as a report sums it up; one with a direction by the mean of both ways.
  struct Metric: Sendable {
    var name: String
    var convention: MetricConvention
    var columns: [Int]
  }

  /// The metrics, bounds left out.
  var metrics: [Metric] {
    var metrics: [Metric] = []
    for (index, column) in columns.enumerated() where !column.isBound {
      if column.name.hasSuffix("_ba"), let last = metrics.indices.last {
        metrics[last].columns.append(index)
      } else {
        let name = column.name.hasSuffix("_ab") ? column.convention.name : column.name
        metrics.append(Metric(name: name, convention: column.convention, columns: [index]))
      }
    }
    return metrics
  }

  /// Where each pair's row is.
  var places: [NetworkPair: Int] {
    Dictionary(pairs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A metric's values among some networks; nil where one of them is missing or fewer than two are named.
  func matrix(_ metric: Metric, among members: [Int], places: [NetworkPair: Int]) -> PairMatrix? {
    guard members.count >= 2 else { return nil }
    var all: [Double] = []
    for pair in NetworkPair.all(members.count) {
      let networks = NetworkPair(members[pair.first], members[pair.second])
      guard let value = value(metric, networks, places: places) else { return nil }
      all.append(value)
    }
    return try? PairMatrix(count: members.count, values: all)
  }

  /// A metric's value for the pair of a row; nil where it is missing.
  func value(_ metric: Metric, row: Int) -> Double? {
    let found = metric.columns.compactMap { values[row, $0] }
    guard found.count == metric.columns.count, found.allSatisfy(\.isFinite) else { return nil }
    return found.reduce(0, +) / Double(found.count)
  }

  /// A metric's value for a pair; nil where it is missing.
  func value(_ metric: Metric, _ pair: NetworkPair, places: [NetworkPair: Int]) -> Double? {
    places[pair].flatMap { value(metric, row: $0) }
  }

  /// The mean of a control's draws; a metric with a direction by both ways.
  func control(_ metric: Metric, group: String, _ kind: EnsembleControls.Kind) -> Double? {
    let draws = metric.columns.flatMap { controls[group, columns[$0].name, kind] }
    return draws.isEmpty ? nil : draws.reduce(0, +) / Double(draws.count)
  }
}
