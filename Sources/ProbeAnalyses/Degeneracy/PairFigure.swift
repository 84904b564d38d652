import ProbeDegeneracy
import ProbeFindings

/// The figure of any two networks side by side.
struct PairFigure {
  let results: EnsembleResults
  let details: [NetworkDetails]
  let titles: GroupTitles

  /// The figure; nil where there are no details, as of too many networks.
  func figure(name: String) -> Figure? {
    let members = results.compared
    guard !details.isEmpty, details.count == members.count, members.count >= 2 else { return nil }
    let networks = zip(members, details).map { member, details in
      NetworkPairPlot.Network(
        name: results.networks[member].name, group: titles[results.networks[member].group],
        eigenvalues: details.eigenvalues, trajectories: details.trajectories,
        varianceShares: details.varianceShares, points: details.points, remark: details.remark)
    }
    let places = results.places
    let pairs = NetworkPair.all(members.count)
    let rows = pairs.map { places[NetworkPair(members[$0.first], members[$0.second])] }
    let metrics = results.columns.enumerated().map { index, column in
      NetworkPairPlot.Metric(
        title: column.title + (column.convention.isSimilarity ? " (1 is alike)" : ""),
        level: column.level.rawValue,
        values: rows.map { row in row.flatMap { results.values[$0, index] } ?? .nan })
    }
    let farthest = farthest(pairs, rows)
    let names = [farthest.first, farthest.second].map { networks[$0].name }
    return Figure(
      name: name, title: "Two networks side by side",
      caption:
        "Above: eigenvalues of the linear model that DSA compares, modes inside the unit circle decay. Below: the first trials along "
        + "each network's own first two principal components, which hold the stated share of its states' variance, with the fixed points "
        + "at input zero projected into that plane; circles attract, diamonds are saddles, squares repel, crosses are undecided. Axes are each "
        + "network's own, so compare shapes and not directions. The table has what every metric says of the two. At first: "
        + "\(names[0]) and \(names[1]), the pair farthest apart in dynamics.",
      content: .networkPair(
        NetworkPairPlot(networks: networks, metrics: metrics, shown: [farthest.first, farthest.second])))
  }

  /// The pair farthest apart by the metric that stands for dynamics; the first pair where there is none.
  private func farthest(_ pairs: [NetworkPair], _ rows: [Int?]) -> NetworkPair {
    let metric = MetricLayout.leadingMetrics(results).first { $0.convention.level == .dynamics }
    var best = (pair: pairs[0], value: -Double.infinity)
    guard let metric else { return best.pair }
    for (pair, row) in zip(pairs, rows) {
      if let value = row.flatMap({ results.value(metric, row: $0) }), value > best.value {
        best = (pair, value)
      }
    }
    return best.pair
  }
}
