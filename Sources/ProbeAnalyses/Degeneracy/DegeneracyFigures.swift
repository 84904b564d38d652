import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra

/// The pictures of a report: for each level one metric's matrix, plane and spread; then any two networks side by side.
struct DegeneracyFigures {
  let results: EnsembleResults
  let layouts: [MetricLayout]
  let details: [NetworkDetails]
  let titles: GroupTitles

  /// The most networks a matrix is drawn of.
  static let matrixLimit = 200
  /// The name of the figure that a matrix's cells open.
  private static let panel = "network_pair"

  init(_ results: EnsembleResults, layouts: [MetricLayout], details: [NetworkDetails]) {
    (self.results, self.layouts, self.details) = (results, layouts, details)
    titles = GroupTitles(results.groups)
  }

  /// All figures that can be drawn.
  func all() -> [Figure] {
    let pair = PairFigure(results: results, details: details, titles: titles).figure(name: Self.panel)
    let levels = layouts.flatMap { layout in
      [
        matrix(layout, panel: pair == nil ? nil : Self.panel), plane(layout),
        SpreadFigure(results: results, titles: titles).figure(layout.metric),
      ].compactMap { $0 }
    }
    return levels + (pair.map { [$0] } ?? [])
  }

  private func heading(_ metric: EnsembleResults.Metric) -> String {
    let level = metric.convention.level.rawValue
    return "\(level.prefix(1).uppercased())\(level.dropFirst()): \(metric.title)"
  }

  private func matrix(_ layout: MetricLayout, panel: String?) -> Figure? {
    let order = layout.blocks.flatMap(\.order)
    guard order.count <= Self.matrixLimit, order.count >= 2 else { return nil }
    let places = results.places
    let values = NetworkPair.all(order.count).map { pair -> Double in
      let (a, b) = (order[pair.first], order[pair.second])
      return results.value(layout.metric, NetworkPair(min(a, b), max(a, b)), places: places) ?? .nan
    }
    var links: [PairMatrixPlot.Link] = []
    var before = 0
    for block in layout.blocks {
      if let tree = block.tree { links += Self.links(tree, from: before) }
      before += block.members.count
    }
    let isSplit = layout.blocks.count > 1
    let alike = layout.metric.convention.isSimilarity ? "bright" : "dark"
    return Figure(
      name: "\(layout.metric.convention.level.rawValue)_matrix",
      title: "\(heading(layout.metric)) of every pair",
      caption:
        "Every pair of networks, in the order of the tree above, which joins the most alike first (its branches are cut below the "
        + "first joining); \(alike) is alike, so "
        + "\(alike) blocks along the diagonal are networks that resemble one another. "
        + (isSplit
          ? "Networks of different groups are not compared in this way, and their cells are empty. "
          : "")
        + clusters(layout)
        + (panel == nil ? "" : " A click on a cell shows its two networks side by side below."),
      content: .pairMatrix(
        PairMatrixPlot(
          members: order.map {
            PairMatrixPlot.Member(
              name: results.networks[$0].name,
              group: results.groups.firstIndex(of: results.networks[$0].group) ?? 0)
          }, groups: results.groups.map { titles[$0] }, values: values, amount: Axis(layout.metric.title),
          links: links, panel: panel)))
  }

  /// A tree's joinings, by the places of its leaves.
  private static func links(_ tree: AverageLinkage, from before: Int) -> [PairMatrixPlot.Link] {
    var ends = [SIMD2<Double>](repeating: SIMD2(), count: tree.count)
    for (place, leaf) in tree.leaves.enumerated() { ends[leaf] = SIMD2(Double(before + place), 0) }
    return tree.merges.map { merge in
      let (first, second) = (ends[merge.left], ends[merge.right])
      ends.append(SIMD2((first.x + second.x) / 2, merge.height))
      return PairMatrixPlot.Link(first: first, second: second, height: merge.height)
    }
  }

  /// Whether there are clusters, in words.
  private func clusters(_ layout: MetricLayout) -> String {
    layout.blocks.compactMap { block -> String? in
      guard let test = block.clusters else { return nil }
      let who = block.group.map { "\(titles[$0]): " } ?? ""
      let numbers =
        "mean silhouette \(threeDigits(test.silhouette)), one elongated cloud \(threeDigits(test.nullSilhouette)), "
        + "p = \(threeDigits(test.pValue))"
      return test.clusters > 1
        ? "\(who)\(test.clusters) clusters (\(numbers))."
        : "\(who)no clusters beyond one elongated cloud (\(numbers))."
    }.joined(separator: " ")
  }

  private func plane(_ layout: MetricLayout) -> Figure? {
    let drawn = layout.blocks.filter { $0.scaling != nil }
    guard !drawn.isEmpty else { return nil }
    let panels = drawn.map { block -> EmbeddingPlot.Panel in
      let groups = orderedGroups(block.members.map { results.networks[$0].group }).map {
        group -> PointGroup in
        let chosen = block.members.indices.filter { results.networks[block.members[$0]].group == group }
        func coordinates(_ axis: Int) -> [Double] {
          chosen.map { block.scaling?.coordinates[$0, axis] ?? .nan }
        }
        return PointGroup(
          name: titles[group], x: coordinates(0), y: coordinates(1),
          hover: chosen.map { member in
            results.networks[block.members[member]].name + "\n" + titles[group]
              + (block.cluster(of: member).map { "\ncluster \($0)" } ?? "")
          })
      }
      return EmbeddingPlot.Panel(
        title: drawn.count > 1 ? block.group.map { titles[$0] } ?? "" : "", groups: groups)
    }
    let shares = drawn.compactMap { block -> String? in
      guard let scaling = block.scaling else { return nil }
      let who = drawn.count > 1 ? block.group.map { " of \(titles[$0])" } ?? "" : ""
      return "\(percent(scaling.explainedShare)) of the spread\(who)"
        + (scaling.negativeShare < 0.005
          ? ""
          : " (\(percent(scaling.negativeShare)) of the eigenvalues' size is negative, which no plane can show)")
    }
    return Figure(
      name: "\(layout.metric.convention.level.rawValue)_embedding",
      title: "\(heading(layout.metric)), networks in the plane",
      caption:
        "One point a network, near ones alike: classical scaling of the matrix above, in its unit, colours for groups. "
        + (drawn.count > 1
          ? "Groups stand apart because they are not compared with one another; axes are each panel's own. "
          : "")
        + "Two coordinates hold \(shares.joined(separator: " and ")); what they leave out cannot be read here.",
      content: .embedding(EmbeddingPlot(panels: panels, groups: results.groups.map { titles[$0] })))
  }
}
