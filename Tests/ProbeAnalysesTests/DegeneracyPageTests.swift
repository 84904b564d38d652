import Foundation
import ProbeCapture
import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra
import Testing

@testable import ProbeAnalyses

/// What the report of an ensemble says and shows.
@Suite("Degeneracy report")
struct DegeneracyPageTests {
  /// Results of two groups: networks of the first stand `spread.0` apart in every column, of the second `spread.1`.
  private func results(
    _ counts: (Int, Int), spread: (Double, Double), groups: [String] = ["flipflop:bits=1", "flipflop:bits=3"]
  ) -> EnsembleResults {
    let columns = MetricColumn.behaviour + MetricColumn.dynamics + MetricColumn.weights([.signedPermutations])
    let count = counts.0 + counts.1
    let pairs = NetworkPair.all(count)
    return EnsembleResults(
      networks: (0..<count).map {
        EnsembleResults.Network(
          name: "n\($0)", group: groups[$0 < counts.0 ? 0 : 1], family: "elman", units: 4, loss: 0,
          harderLoss: 0)
      }, columns: columns, pairs: pairs,
      values: PairValues(
        columns: columns.count,
        rows: pairs.map { pair in
          let isFirst = pair.second < counts.0
          let isBetween = pair.first < counts.0 && !isFirst
          let noise = 0.01 * Double((pair.first * 5 + pair.second * 3) % 7)
          return columns.map { column in
            isBetween && column.level != .dynamics
              ? nil : (isBetween ? 2 : isFirst ? spread.0 : spread.1) + noise
          }
        }), controls: EnsembleControls(rows: []))
  }

  private func headline(_ results: EnsembleResults) -> String {
    let tables = DegeneracyTables(results, permutations: 199, seed: 3)
    let summaries = tables.summaries()
    return DegeneracyHeadline(results, summaries, tables.comparisons(summaries)).text
  }

  @Test("every column has a title in words")
  func titles() {
    let columns =
      MetricColumn.behaviour + MetricColumn.dynamics + [.topology]
      + MetricColumn.representation(PairComparison.representationMetrics)
      + MetricColumn.weights(CellSymmetry.allCases)
    for column in columns {
      #expect(!column.title.contains("_"), "\(column.name)")
      // A name without a title of its own keeps its words: that is not enough for a page.
      #expect(
        column.title != column.name.split(separator: "_").joined(separator: " ") || column.name.count > 12,
        "\(column.name)")
    }
    #expect(MetricTitle.title(of: "dsa_angular_bound") == "DSA angle, lower bound")
    #expect(MetricTitle.title(of: "pwcca_ba") == "projection-weighted CCA, from second to first")
    #expect(MetricTitle.title(of: "something_new") == "something new")
  }

  @Test("groups of one task are told apart by what differs alone; others keep their names")
  func groups() {
    let bits = GroupTitles(["flipflop:bits=1", "flipflop:bits=3,steps=9"])
    #expect(bits["flipflop:bits=3,steps=9"] == "bits = 3, steps = 9")
    #expect(bits.family == "flipflop")
    #expect(bits.networks(of: "flipflop:bits=1") == "flipflop networks with bits = 1")
    let mixed = GroupTitles(["flipflop:bits=1", "sine"])
    #expect(mixed["flipflop:bits=1"] == "flipflop, bits = 1")
    #expect(mixed["sine"] == "sine")
    #expect(mixed.family == nil)
    #expect(mixed.networks(of: "sine") == "networks of sine")
    #expect(GroupTitles(["all"])["all"] == "all networks")
    #expect(GroupTitles([])["x"] == "x")
  }

  @Test("the headline says which group differs more at which level, and how sure")
  func headlines() {
    let text = headline(results((6, 6), spread: (0.2, 0.5)))
    #expect(
      text.hasPrefix(
        "Flipflop networks with bits = 3 differ more from one another than those with bits = 1 in "))
    #expect(text.contains("behaviour (0.531 against 0.232), dynamics (0.531 against 0.232) and weights"))
    #expect(text.contains("; p ≤ 0.0"))
    #expect(
      headline(results((6, 6), spread: (0.5, 0.2))).contains(
        "differ less from one another than those with bits = 1 in behaviour"))
    #expect(headline(results((4, 4), spread: (0.3, 0.3))).contains("are not told apart"))
    let one = headline(results((4, 0), spread: (0.3, 0.3)))
    #expect(one.hasPrefix("4 networks of flipflop, bits = 1 differ from one another"))
    #expect(!text.contains("_") && !one.contains("_"))
  }

  @Test("what is shown of networks reads back as it was written; damage is said")
  func details() throws {
    var first = NetworkDetails()
    first.eigenvalues = [SIMD2(0.9994, 0), SIMD2(-0.1, 1e-30)]
    first.trajectories = [[SIMD2(1, -2), SIMD2(0, 0)], [SIMD2(-0.0, 3.125)]]
    first.varianceShares = SIMD2(0.7, 0.2)
    first.points = PointKind.allCases.map { .init(position: SIMD2(1.5, -1e9), kind: $0) }
    first.remark = "4 fixed points, \"quoted\"\nand a line"
    let all = [first, NetworkDetails()]
    let names = ["a, b", "c"]
    let text = NetworkDetails.table(all, names: names).csv
    let read = try NetworkDetails.read(DelimitedTable(text, path: "x.csv"), names: names)
    #expect(read == all)
    #expect(NetworkDetails.table(read, names: names).csv == text)
    #expect(
      try NetworkDetails.read(
        DelimitedTable(NetworkDetails.table([], names: []).csv, path: "x.csv"), names: names) == [])
    for (from, to, fault) in [
      ("trajectory,1", "trajectory,2", "does not follow the one before"),
      ("eigenvalue", "value", "unknown kind 'value'"), ("saddle", "mountain", "unknown stability 'mountain'"),
      ("\nc,", "\nd,", "is of 'd', which is not compared"), (",0.9994,", ",,", "has no x and y"),
    ] {
      #expect {
        let damaged = text.replacingOccurrences(of: from, with: to)
        _ = try NetworkDetails.read(DelimitedTable(damaged, path: "x.csv"), names: names)
      } throws: {
        "\($0)".contains(fault)
      }
    }
  }

  @Test("the pair shown at first is the farthest apart in dynamics; above 200 networks none is")
  func pairFigure() throws {
    var results = results((3, 3), spread: (0.2, 0.5))
    let row = try #require(results.pairs.firstIndex(of: NetworkPair(1, 4)))
    let column = try #require(results.columns.firstIndex { $0.name == "dsa_angular" })
    let values = results.values
    results.values = PairValues(
      columns: values.columns,
      rows: (0..<values.rows).map { place in
        (0..<values.columns).map { place == row && $0 == column ? 3 : values[place, $0] }
      })
    let details = [NetworkDetails](repeating: NetworkDetails(), count: 6)
    let figures = DegeneracyFigures(
      results, layouts: MetricLayout.leading(results, seed: 1), details: details
    ).all()
    guard case .networkPair(let panel) = try #require(figures.last).content else {
      Issue.record("the last figure is no pair")
      return
    }
    #expect(panel.shown == [1, 4])
    #expect(panel.metrics.count == results.columns.count)
    #expect(panel.metrics[0].values.filter(\.isNaN).count == 9)
    #expect(figures.allSatisfy { !$0.title.contains("_") && !$0.caption.contains("_") })
    let matrices = figures.compactMap { figure -> PairMatrixPlot? in
      if case .pairMatrix(let plot) = figure.content { return plot }
      return nil
    }
    #expect(matrices.count == 3)
    #expect(matrices.allSatisfy { $0.panel == "network_pair" })
    // Groups that cannot be compared have a tree each: two joinings of three networks, twice.
    #expect(matrices[0].links.count == 4)
    #expect(matrices[1].links.count == 5)
    let without = DegeneracyFigures(
      results, layouts: MetricLayout.leading(results, seed: 1), details: [])
    #expect(!without.all().contains { if case .networkPair = $0.content { true } else { false } })
  }

  @Test("embedding.csv has every network once a level, clusters.csv every block of networks")
  func layoutTables() throws {
    // Dynamics: two tight groups far apart, which are two clusters.
    let results = results((12, 12), spread: (0.1, 0.1))
    let tables = LayoutTables(results: results, layouts: MetricLayout.leading(results, seed: 1))
    let embedding = tables.embedding()
    #expect(embedding.columns.map(\.name) == ["level", "metric", "network", "group", "x", "y", "cluster"])
    #expect(embedding.rowCount == 3 * 24)
    let clusters = tables.clusters()
    #expect(
      clusters.columns.map(\.name) == [
        "level", "metric", "clusters", "silhouette", "null_silhouette", "p", "group",
      ])
    #expect(clusters.rowCount == 2 + 1 + 2)
    #expect(clusters[column: "level"]?.values[2] == .string("dynamics"))
    #expect(clusters[column: "clusters"]?.values[2] == .integer(2))
    #expect(clusters[column: "group"]?.values[2] == nil)
    #expect(embedding[column: "cluster"]?.values[24] == .integer(1))
    #expect(embedding[column: "cluster"]?.values[47] == .integer(2))
  }

  @Test("a network's details are its states in its own plane, with the share of variance that holds")
  func projected() throws {
    let ensemble = try SmallEnsemble()
    let options = try SmallEnsemble.options
    let capture = NamedCapture.named([try ensemble.capture("n", SmallEnsemble.weights(seed: 1))])[0]
    let network = try EnsembleNetwork(
      capture, group: "all", options: options, context: SmallCapture.context)
    let details = try #require(network.details)
    #expect(details.eigenvalues.count == 4)
    #expect(details.trajectories.count == 3)
    #expect(details.trajectories.allSatisfy { $0.count == SmallEnsemble.steps })
    #expect(details.remark == "fixed points were not searched (--no-fixed-points)")
    let states = try SharedStates(capture.reader, at: network.shared).states
    let components = try PrincipalComponents(of: states, count: 2)
    var paths = TrialPaths(statesOf: capture.reader)
    let path = components.project(try paths.path(1))
    for step in 0..<SmallEnsemble.steps {
      for axis in 0..<2 {
        // Three significant digits of the larger coordinate.
        let size = max(abs(path[step, 0]), abs(path[step, 1]))
        #expect(abs(details.trajectories[1][step][axis] - path[step, axis]) <= 0.5001e-2 * size)
      }
    }
    #expect(abs(details.varianceShares.x - components.varianceShares[0]) <= 0.5001e-3)
  }
}
