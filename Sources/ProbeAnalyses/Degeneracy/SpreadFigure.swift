import ProbeDegeneracy
import ProbeFindings

/// The figure of a metric's values among pairs beside its controls.
struct SpreadFigure {
  let results: EnsembleResults
  let titles: GroupTitles

  /// Values above this ratio are drawn on a logarithmic axis: on a linear one the smaller would be one bar.
  private static let wideRatio = 30.0

  /// The figure; nil where there are no values.
  func figure(_ metric: EnsembleResults.Metric) -> Figure? {
    var rows: [SpreadPlot.Row] = []
    var shown: Set<EnsembleControls.Kind> = []
    let groups = Set(results.groups)
    let isOne = groups.count == 1
    for (number, group) in results.groups.enumerated() {
      let members = Set(results.members(of: group))
      let own = values(metric) { members.contains($0) && members.contains($1) }
      guard !own.isEmpty else { continue }
      let who = isOne ? "" : "\(titles[group]), "
      rows.append(
        SpreadPlot.Row(title: "\(who)\(own.count) pairs of networks", colour: number, values: own))
      for kind in EnsembleControls.Kind.allCases {
        let draws = metric.columns.flatMap { results.controls[group, results.columns[$0].name, kind] }
        guard !draws.isEmpty else { continue }
        shown.insert(kind)
        rows.append(
          SpreadPlot.Row(title: kind.title, colour: number, values: draws, control: kind.mark))
      }
    }
    guard !rows.isEmpty else { return nil }
    let between = values(metric) { results.networks[$0].group != results.networks[$1].group }
    if !between.isEmpty {
      rows.append(
        SpreadPlot.Row(
          title: "between groups, \(between.count) pairs of networks", colour: nil, values: between))
    }
    let level = metric.convention.level.rawValue
    return Figure(
      name: "\(level)_distribution",
      title:
        "\(level.prefix(1).uppercased())\(level.dropFirst()): \(metric.title) beside its controls",
      caption: caption(metric, shown),
      content: .spread(
        SpreadPlot(
          axis: Axis(metric.title, isLogarithmic: isWide(rows)), rows: rows)))
  }

  private func values(
    _ metric: EnsembleResults.Metric, where isWanted: (Int, Int) -> Bool
  ) -> [Double] {
    results.pairs.indices.compactMap { row in
      let pair = results.pairs[row]
      return isWanted(pair.first, pair.second) ? results.value(metric, row: row) : nil
    }
  }

  private func isWide(_ rows: [SpreadPlot.Row]) -> Bool {
    let all = rows.flatMap(\.values)
    guard let low = all.min(), let high = all.max(), low > 0 else { return false }
    return high / low > Self.wideRatio
  }

  private func caption(_ metric: EnsembleResults.Metric, _ shown: Set<EnsembleControls.Kind>) -> String {
    let controls = EnsembleControls.Kind.allCases.filter { shown.contains($0) }.map(\.meaning)
    let beyond =
      shown.contains(.floor)
      ? " Networks differ by more than the fit's noise where their pairs stand to the "
        + "\(metric.convention.isSimilarity ? "left" : "right") of the floor." : ""
    return
      "Pairs of each group, as a hill or one by one, above the controls of the same colour; the thick line holds the middle half, the "
      + "thin one nine in ten, the ring is the median. "
      + (controls.isEmpty
        ? "No control is defined for this metric." : Self.capital(controls.joined(separator: "; ")) + ".")
      + beyond
      + " Pairs that share a network are not independent: how sure the means are is said in the table."
  }

  private static func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension EnsembleControls.Kind {
  /// A row's heading.
  fileprivate var title: String {
    switch self {
    case .null: "null: trials exchanged or turned"
    case .floor: "floor: one network, fresh trials"
    case .ceiling: "ceiling: random weights"
    }
  }

  fileprivate var mark: SpreadPlot.Control {
    switch self {
    case .null: .null
    case .floor: .floor
    case .ceiling: .ceiling
    }
  }

  /// What it says, in a caption.
  fileprivate var meaning: String {
    switch self {
    case .null:
      "null: one network of a pair with its trials exchanged within their condition or turned in time"
    case .floor:
      "floor: one network against itself on fresh trials (without a task, on two halves of its own)"
    case .ceiling: "ceiling: a random network of the same spectra, which was never trained"
    }
  }
}
