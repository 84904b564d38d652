import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra

/// The pictures of a report: for each level one metric's matrix, embedding and distribution.
struct DegeneracyFigures {
  let results: EnsembleResults
  let seed: UInt64

  /// The most networks a matrix is drawn of.
  static let matrixLimit = 200
  /// The most groups that get a matrix of their own where networks of different groups cannot be compared.
  private static let groupLimit = 4

  /// The metric that stands for each level.
  static func leading(_ results: EnsembleResults) -> [EnsembleResults.Metric] {
    MetricConvention.Level.allCases.compactMap { level in
      let names =
        switch level {
        case .behaviour: [MetricColumn.outputs.name]
        case .dynamics: [MetricConvention.angularDSA.name]
        case .representation: [ShapeDistance(.angular).convention.name]
        case .weights: CellSymmetry.allCases.map { WeightAlignment.convention($0).name }
        }
      return names.lazy.compactMap { name in results.metrics.first { $0.name == name } }.first
    }
  }

  /// All figures that can be drawn.
  func all() -> [Figure] {
    let places = results.places
    return Self.leading(results).flatMap { metric -> [Figure] in
      var figures: [Figure] = []
      let everyone = results.compared
      if let matrix = results.matrix(metric, among: everyone, places: places) {
        figures += pictures(matrix, everyone, metric, suffix: "", of: "")
      } else {
        for (number, group) in results.groups.prefix(Self.groupLimit).enumerated() {
          let members = results.members(of: group)
          if let matrix = results.matrix(metric, among: members, places: places) {
            figures += pictures(matrix, members, metric, suffix: "_\(number + 1)", of: " of " + group)
          }
        }
      }
      if let distribution = distribution(metric, places) { figures.append(distribution) }
      return figures
    }
  }

  private func pictures(
    _ matrix: PairMatrix, _ members: [Int], _ metric: EnsembleResults.Metric, suffix: String, of: String
  ) -> [Figure] {
    guard let tree = try? AverageLinkage(matrix), let scaling = try? ClassicalScaling(matrix),
      let clusters = try? ClusterTest(matrix, seed: seed)
    else { return [] }
    let level = metric.convention.level.rawValue
    let axis = Axis(metric.name)
    var figures: [Figure] = []
    let found =
      clusters.clusters > 1
      ? "The tree falls into \(clusters.clusters) clusters (mean silhouette \(threeDigits(clusters.silhouette)), one "
        + "elongated cloud \(threeDigits(clusters.nullSilhouette)), p = \(threeDigits(clusters.pValue)))."
      : "No clusters: the best cut has a mean silhouette of \(threeDigits(clusters.silhouette)), one elongated cloud "
        + "\(threeDigits(clusters.nullSilhouette)) (p = \(threeDigits(clusters.pValue)))."
    if members.count <= Self.matrixLimit {
      let order = tree.leaves
      let names = order.map { results.networks[members[$0]].name }
      figures.append(
        Figure(
          name: "\(level)_matrix\(suffix)", title: "\(metric.name)\(of), in the order of the tree",
          caption:
            "Every pair of networks; \(metric.convention.text). Blocks along the diagonal are networks that are more alike. "
            + found,
          content: .heatmap(
            HeatmapPlot(
              rowAxis: Axis("network"), columnAxis: Axis("network"), rows: names, columns: names,
              values: order.flatMap { row in order.map { matrix[row, $0] } }, amount: axis))))
    }
    let groups = orderedGroups(members.map { results.networks[$0].group }).map { group -> PointGroup in
      let chosen = members.indices.filter { results.networks[members[$0]].group == group }
      return PointGroup(
        name: group, x: chosen.map { scaling.coordinates[$0, 0] },
        y: chosen.map { scaling.coordinates[$0, 1] },
        hover: chosen.map { results.networks[members[$0]].name })
    }
    figures.append(
      Figure(
        name: "\(level)_embedding\(suffix)", title: "\(metric.name)\(of), in the plane",
        caption:
          "Networks placed by classical scaling, so that distances in the plane are near the measured ones: two coordinates hold "
          + "\(percent(scaling.explainedShare)) of the spread, and \(percent(scaling.negativeShare)) of the eigenvalues' "
          + "size is negative, which no plane can show. Colours are groups.",
        content: .scatter(
          ScatterPlot(x: Axis("coordinate 1"), y: Axis("coordinate 2"), groups: groups))))
    return figures
  }

  private func distribution(_ metric: EnsembleResults.Metric, _ places: [NetworkPair: Int]) -> Figure? {
    var groups: [HistogramPlot.Group] = []
    for group in results.groups {
      guard let matrix = results.matrix(metric, among: results.members(of: group), places: places) else {
        continue
      }
      groups.append(HistogramPlot.Group(name: group, values: matrix.values))
      for kind in EnsembleControls.Kind.allCases {
        let draws = metric.columns.flatMap { results.controls[group, results.columns[$0].name, kind] }
        if !draws.isEmpty {
          groups.append(HistogramPlot.Group(name: "\(kind.rawValue) of \(group)", values: draws))
        }
      }
    }
    guard !groups.isEmpty else { return nil }
    return Figure(
      name: "\(metric.convention.level.rawValue)_distribution", title: "\(metric.name) among pairs",
      caption:
        "Pairs within each group beside the controls that are defined for this metric (null: trials exchanged within conditions or "
        + "turned in time; floor: a network against itself on fresh trials; ceiling: random weights with the same spectra). Pairs that share a network are not independent: "
        + "for intervals see the table.",
      content: .histogram(HistogramPlot(axis: Axis(metric.name), groups: groups)))
  }
}
