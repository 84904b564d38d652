import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra

/// The tables of networks arranged by the metrics that stand for their levels.
struct LayoutTables {
  let results: EnsembleResults
  let layouts: [MetricLayout]

  /// `embedding.csv`: where the plane has each network.
  func embedding() -> Table {
    struct Row {
      var layout: MetricLayout
      var network: EnsembleResults.Network
      var x: Double
      var y: Double
      var cluster: Int?
    }
    let rows = layouts.flatMap { layout in
      layout.blocks.flatMap { block -> [Row] in
        guard let scaling = block.scaling else { return [] }
        return block.members.indices.map {
          return Row(
            layout: layout, network: results.networks[block.members[$0]], x: scaling.coordinates[$0, 0],
            y: scaling.coordinates[$0, 1], cluster: block.cluster(of: $0))
        }
      }
    }
    return Table(
      name: "embedding", title: "Networks in the plane",
      caption:
        "Coordinates of classical scaling, in the metric's unit. Networks of different groups share a plane only where the metric "
        + "compares them. cluster: empty where no clusters are claimed.",
      columns: [
        .string("level", rows.map(\.layout.metric.convention.level.rawValue)),
        .string("metric", rows.map(\.layout.metric.name)),
        .string("network", rows.map(\.network.name)), .string("group", rows.map(\.network.group)),
        .real("x", rows.map(\.x)), .real("y", rows.map(\.y)), .integer("cluster", rows.map(\.cluster)),
      ], keyColumns: 3)
  }

  /// `clusters.csv`: whether networks fall into clusters.
  func clusters() -> Table {
    let rows = layouts.flatMap { layout in
      layout.blocks.compactMap { block in
        block.clusters.map { (metric: layout.metric, group: block.group, test: $0) }
      }
    }
    return Table(
      name: "clusters", title: "Clusters",
      caption:
        "clusters: 1 unless the best cut of the tree has a larger mean silhouette than one elongated cloud of as many networks gives "
        + "in 95 % of draws. group: the networks that were clustered; empty where all were together.",
      columns: [
        .string("level", rows.map(\.metric.convention.level.rawValue)),
        .string("metric", rows.map(\.metric.name)), .integer("clusters", rows.map(\.test.clusters)),
        .real("silhouette", rows.map(\.test.silhouette)),
        .real("null_silhouette", rows.map(\.test.nullSilhouette)), .real("p", rows.map(\.test.pValue)),
        .string("group", rows.map(\.group)),
      ], keyColumns: 2)
  }
}
