import ProbeDegeneracy

/// Networks arranged by one metric: in a tree, in the plane and in clusters, each block of networks that it can compare on its own.
struct MetricLayout {
  /// Networks that are all compared with one another.
  struct Block {
    /// The group that they are; nil where all networks are one block.
    var group: String?
    /// Places among all networks.
    var members: [Int]
    /// Nil of fewer than three networks.
    var tree: AverageLinkage?
    var scaling: ClassicalScaling?
    var clusters: ClusterTest?

    init(_ group: String?, _ members: [Int], _ matrix: PairMatrix?, seed: UInt64) {
      (self.group, self.members) = (group, members)
      guard let matrix else { return }
      tree = try? AverageLinkage(matrix)
      scaling = try? ClassicalScaling(matrix)
      clusters = try? ClusterTest(matrix, seed: seed)
    }

    /// The cluster of a member, from 1; nil where no clusters are claimed.
    func cluster(of member: Int) -> Int? {
      clusters.flatMap { $0.clusters > 1 ? $0.labels[member] + 1 : nil }
    }

    /// The members in the order of the tree.
    var order: [Int] { tree.map { $0.leaves.map { members[$0] } } ?? members }
  }

  let metric: EnsembleResults.Metric
  let blocks: [Block]

  /// Arranges the compared networks.
  init(_ results: EnsembleResults, _ metric: EnsembleResults.Metric, seed: UInt64) {
    self.metric = metric
    let places = results.places
    if let matrix = results.matrix(metric, among: results.compared, places: places) {
      blocks = [Block(nil, results.compared, matrix, seed: seed)]
    } else {
      blocks = results.groups.map { group in
        let members = results.members(of: group)
        return Block(
          group, members, results.matrix(metric, among: members, places: places), seed: seed)
      }
    }
  }

  /// The metrics that stand for their levels, arranged.
  static func leading(_ results: EnsembleResults, seed: UInt64) -> [MetricLayout] {
    leadingMetrics(results).map { MetricLayout(results, $0, seed: seed) }
  }

  /// The metric that stands for each level.
  static func leadingMetrics(_ results: EnsembleResults) -> [EnsembleResults.Metric] {
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
}
