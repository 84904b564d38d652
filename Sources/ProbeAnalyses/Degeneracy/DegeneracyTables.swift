import ProbeDegeneracy
import ProbeFindings

/// The tables of a report.
struct DegeneracyTables {
  let results: EnsembleResults
  let permutations: Int
  let seed: UInt64
  private let places: [NetworkPair: Int]

  init(_ results: EnsembleResults, permutations: Int, seed: UInt64) {
    (self.results, self.permutations, self.seed) = (results, permutations, seed)
    places = results.places
  }

  /// One metric of one group.
  struct Summary {
    var group: String
    var metric: EnsembleResults.Metric
    var networks: Int
    var matrix: PairMatrix
    /// Nil of fewer than three networks.
    var interval: MeanDistance?
  }

  /// Every metric of every group that has one.
  func summaries() -> [Summary] {
    results.groups.flatMap { group -> [Summary] in
      let members = results.members(of: group)
      return results.metrics.compactMap { metric in
        results.matrix(metric, among: members, places: places).map {
          Summary(
            group: group, metric: metric, networks: members.count, matrix: $0, interval: try? MeanDistance($0)
          )
        }
      }
    }
  }

  /// `degeneracy.csv`.
  func degeneracy(_ summaries: [Summary]) -> Table {
    struct Row {
      var level: String
      var metric: String
      var value: Double
      var low: Double?
      var high: Double?
      var controls: [Double?]
      var summary: Summary
      var detectable: Double?
    }
    var rows: [Row] = []
    for summary in summaries {
      let detectable = try? MeanDifferenceTest.ofSpread(summary.matrix, summary.matrix, permutations: 1)
        .detectableDifference
      rows.append(
        Row(
          level: summary.metric.convention.level.rawValue, metric: summary.metric.name,
          value: summary.matrix.mean, low: summary.interval?.low, high: summary.interval?.high,
          controls: EnsembleControls.Kind.allCases.map {
            results.control(summary.metric, group: summary.group, $0)
          }, summary: summary, detectable: detectable))
      guard [MetricColumn.loss.name, MetricColumn.harderLoss.name].contains(summary.metric.name) else {
        continue
      }
      // The variance is the mean over pairs of half the squared difference, so it has the jackknife's interval too.
      let halves = try? PairMatrix(
        count: summary.networks, values: summary.matrix.values.map { $0 * $0 / 2 })
      guard let halves else { continue }
      let variance = try? MeanDistance(halves)
      rows.append(
        Row(
          level: "behaviour",
          metric: summary.metric.name.replacingSuffix("_difference", by: "_standard_deviation"),
          value: halves.mean.squareRoot(), low: variance.map { max(0, $0.low).squareRoot() },
          high: variance.map { $0.high.squareRoot() }, controls: [nil, nil, nil], summary: summary,
          detectable: nil))
    }
    return Table(
      name: "degeneracy", title: "How differently the networks of each group do it",
      caption:
        "Means over pairs; the 95 % interval leaves out one network at a time, since pairs that share a network are not "
        + "independent. null: the second network's trials exchanged within their condition, where conditions are shared and inputs differ, "
        + "else turned in time, each by its own number of steps; floor: a network against itself on fresh trials of its task "
        + "(without a task, two halves of its trials), which may lie above pairs of networks, as these read the same trials; "
        + "ceiling: a random network with the same spectra, run on the same inputs; empty where a control says nothing. "
        + "detectable: the smallest difference between two groups like this one that a test at 5 % finds with probability 80 %.",
      columns: [
        .string("level", rows.map(\.level)), .string("metric", rows.map(\.metric)),
        .real("value", rows.map(\.value)), .real("low", rows.map(\.low)), .real("high", rows.map(\.high)),
        .real("null", rows.map { $0.controls[0] }), .real("floor", rows.map { $0.controls[1] }),
        .real("ceiling", rows.map { $0.controls[2] }), .string("group", rows.map(\.summary.group)),
        .integer("networks", rows.map(\.summary.networks)),
        .integer("pairs", rows.map(\.summary.matrix.values.count)),
        .real("detectable", rows.map(\.detectable)),
      ], keyColumns: 2)
  }

  /// Two groups by one metric.
  struct Comparison {
    var level: MetricConvention.Level
    var metric: String
    var first: String
    var second: String
    var test: MeanDifferenceTest
    var means: (Double, Double)
    var separation: GroupSeparationTest?
  }

  /// Every pair of groups by every metric that both have.
  func comparisons(_ summaries: [Summary]) -> [Comparison] {
    var comparisons: [Comparison] = []
    for pair in NetworkPair.all(results.groups.count) {
      let (first, second) = (results.groups[pair.first], results.groups[pair.second])
      for a in summaries where a.group == first {
        guard let b = summaries.first(where: { $0.group == second && $0.metric.name == a.metric.name }),
          let test = try? MeanDifferenceTest.ofSpread(
            a.matrix, b.matrix, permutations: permutations, seed: seed)
        else { continue }
        let (left, right) = (results.members(of: first), results.members(of: second))
        let all = (left + right).sorted()
        let isFirst = Set(left)
        let separation = results.matrix(a.metric, among: all, places: places).flatMap {
          try? GroupSeparationTest(
            $0, labels: all.map { isFirst.contains($0) ? 0 : 1 }, permutations: permutations, seed: seed)
        }
        comparisons.append(
          Comparison(
            level: a.metric.convention.level, metric: a.metric.name, first: first, second: second, test: test,
            means: (a.matrix.mean, b.matrix.mean), separation: separation))
      }
    }
    return comparisons
  }

  /// `groups.csv`.
  func groups(_ comparisons: [Comparison]) -> Table {
    Table(
      name: "groups", title: "Groups compared",
      caption:
        "difference: the first group's mean less the second's, with its 95 % interval; p from \(permutations) permutations of "
        + "network labels; effect_size: Hedges' g of the networks' shares in their group's mean. separation: the share of the "
        + "spread that lies between the two groups, where networks of both can be compared, with its p. No correction is made "
        + "for the number of rows.",
      columns: [
        .string("level", comparisons.map(\.level.rawValue)), .string("metric", comparisons.map(\.metric)),
        .string("group_a", comparisons.map(\.first)), .string("group_b", comparisons.map(\.second)),
        .real("value_a", comparisons.map(\.means.0)), .real("value_b", comparisons.map(\.means.1)),
        .real("difference", comparisons.map(\.test.difference)), .real("low", comparisons.map(\.test.low)),
        .real("high", comparisons.map(\.test.high)), .real("p", comparisons.map(\.test.pValue)),
        .real("effect_size", comparisons.map(\.test.effectSize)),
        .real("detectable", comparisons.map(\.test.detectableDifference)),
        .real("separation", comparisons.map { $0.separation?.share }),
        .real("separation_p", comparisons.map { $0.separation?.pValue }),
      ], keyColumns: 4)
  }

  /// `networks.csv`.
  func networks() -> Table {
    let rows = results.networks
    func known(_ value: Double) -> Double? { value.isNaN ? nil : value }
    return Table(
      name: "networks", title: "Networks",
      caption: "Left-out ones have a reason and are in no mean. Losses are mean squared errors.",
      columns: [
        .string("network", rows.map(\.name)), .string("group", rows.map(\.group)),
        .boolean("compared", rows.map { $0.exclusion == nil }), .string("reason", rows.map(\.exclusion)),
        .string("family", rows.map(\.family)), .integer("units", rows.map(\.units)),
        .real("loss", rows.map { known($0.loss) }), .real("harder_loss", rows.map { known($0.harderLoss) }),
      ]
        + LearningMeasure.allCases.map { measure in
          .real(
            measure.rawValue, rows.map { $0.learning[measure] }, description: measure.convention)
        })
  }

  /// `pairs.csv`.
  func pairs() -> Table {
    let names = results.networks.map(\.name)
    return Table(
      name: "pairs", title: "Pairs",
      caption:
        "Empty where a metric cannot compare two networks. _ab and _ba: from the first to the second and back.",
      columns: [
        .string("a", results.pairs.map { names[$0.first] }),
        .string("b", results.pairs.map { names[$0.second] }),
      ]
        + results.columns.enumerated().map { index, column in
          .real(column.name, results.values.column(index), description: column.convention.text)
        }, keyColumns: 2)
  }

  /// `controls.csv`: every draw.
  func controls() -> Table {
    let rows = results.controls.rows.flatMap { row in row.values.enumerated().map { (row, $0, $1) } }
    return Table(
      name: "controls", title: "Draws of the controls",
      columns: [
        .string("group", rows.map(\.0.group)), .string("metric", rows.map(\.0.metric)),
        .string("kind", rows.map(\.0.kind.rawValue)), .integer("draw", rows.map(\.1)),
        .real("value", rows.map(\.2)),
      ], keyColumns: 4)
  }

  /// `metrics.csv`: what exactly each metric computes.
  func metrics() -> Table {
    let rows = results.metrics
    func has(_ property: MetricConvention.Property) -> Column {
      .boolean(property.rawValue, rows.map { $0.convention.properties.contains(property) })
    }
    return Table(
      name: "metrics", title: "What each metric computes, and what holds of it",
      columns: [
        .string("metric", rows.map(\.name)), .string("title", rows.map(\.title)),
        .string("level", rows.map(\.convention.level.rawValue)),
        .boolean("similarity", rows.map(\.convention.isSimilarity)),
        .string("convention", rows.map(\.convention.text)),
      ] + MetricConvention.Property.allCases.map(has))
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, by other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}
