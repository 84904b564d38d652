import ProbeDegeneracy
import ProbeFindings

/// Findings from what was measured, by one run or by the merged parts of several.
struct DegeneracyReport {
  let results: EnsembleResults
  /// What is shown of each compared network; empty above ``NetworkDetails/networkLimit`` networks.
  let details: [NetworkDetails]
  /// Part i (from 0) of n where only a part of the pairs was compared.
  let part: (index: Int, count: Int)?
  let permutations: Int
  let seed: UInt64
  let options: [UsedOption]
  let captures: [CaptureIdentity]
  let command: String
  let programVersion: String
  let warnings: [String]
  let wallSeconds: Double

  func findings() -> Findings {
    let tables = DegeneracyTables(results, permutations: permutations, seed: seed)
    let excluded = results.networks.filter { $0.exclusion != nil }
    var warnings = warnings
    if !excluded.isEmpty {
      warnings.append(
        "\(excluded.count) of \(results.networks.count) networks are left out: "
          + excluded.map { "\($0.name) (\($0.exclusion ?? ""))" }.joined(separator: "; "))
    }
    var numbers = [
      HeadlineNumber("networks", .integer(results.compared.count), meaning: "networks compared"),
      HeadlineNumber("groups", .integer(results.groups.count), meaning: "groups"),
      HeadlineNumber("pairs", .integer(results.pairs.count), meaning: "pairs compared"),
      HeadlineNumber("excluded", .integer(excluded.count), meaning: "networks left out"),
    ]
    let headline: String
    var shown: [Table] = []
    var figures: [Figure] = []
    if let part {
      let total = results.wantedPairs(
        withinGroups: options.contains { $0.name == "within-groups" && $0.value == .boolean(true) }
      ).count
      headline =
        "Part \(part.index + 1) of \(part.count): \(results.pairs.count) of \(total) pairs; rnnprobe merge joins the parts."
      shown = [tables.networks(), tables.controls(), tables.pairs()]
    } else {
      let summaries = tables.summaries()
      let comparisons = tables.comparisons(summaries)
      headline = DegeneracyHeadline(results, summaries, comparisons).text
      let layouts = MetricLayout.leading(results, seed: seed)
      let arranged = LayoutTables(results: results, layouts: layouts)
      let leading = layouts.map(\.metric.name)
      let titles = GroupTitles(results.groups)
      for summary in summaries where leading.contains(summary.metric.name) {
        let number = (results.groups.firstIndex(of: summary.group) ?? 0) + 1
        numbers.append(
          HeadlineNumber(
            "\(summary.metric.name)_\(number)", .real(summary.matrix.mean),
            meaning: "mean \(summary.metric.title)"
              + (results.groups.count > 1 ? ", \(titles[summary.group])" : "")))
      }
      for group in results.groups where results.members(of: group).count < 3 {
        warnings.append(
          results.members(of: group).count == 1
            ? "\(titles[group]) has one network: nothing is compared within it"
            : "\(titles[group]) has two networks, fewer than three: its means have no interval")
      }
      warnings += boundRemarks() + floorRemarks(summaries)
      shown =
        [tables.degeneracy(summaries)] + (results.groups.count < 2 ? [] : [tables.groups(comparisons)])
        + [arranged.clusters(), tables.metrics(), tables.networks(), arranged.embedding(), tables.pairs()]
      if details.isEmpty && results.networks.count > NetworkDetails.networkLimit {
        warnings.append(
          "Two networks side by side are shown of at most \(NetworkDetails.networkLimit) networks; of these \(results.compared.count) the "
            + "page has neither that nor matrices, and pairs.csv has every value")
      }
      let learning = LearningTables(results: results, permutations: permutations, seed: seed)
      shown.insert(contentsOf: learning.all(), at: results.groups.count < 2 ? 1 : 2)
      figures = DegeneracyFigures(results, layouts: layouts, details: details).all() + learning.figures()
    }
    let names = results.compared.map { results.networks[$0].name }
    let attached = Attachment(
      name: NetworkDetails.tableName, type: .csv, text: NetworkDetails.table(details, names: names).csv)
    return Findings(
      analysis: DegeneracyAnalysis.name, title: "Solution degeneracy of \(results.networks.count) networks",
      headline: headline, numbers: numbers, warnings: warnings, figures: figures, tables: shown,
      attachments: [attached], options: options, seeds: [UsedSeed("seed", seed)],
      versions: [UsedVersion("rnnprobe", programVersion)], model: nil, captures: captures, command: command,
      wallSeconds: wallSeconds)
  }

  /// How near the bounds come: an alignment that a bound does not reach may not be the best one.
  private func boundRemarks() -> [String] {
    results.columns.enumerated().compactMap { place, bound in
      guard bound.isBound, place > 0 else { return nil }
      let gaps = results.pairs.indices.compactMap { row -> Double? in
        guard let value = results.values[row, place - 1], let low = results.values[row, place], value > 0
        else { return nil }
        return (value - low) / value
      }
      guard !gaps.isEmpty else { return nil }
      let wide = gaps.count { $0 > 0.2 }
      let mean = percent(gaps.reduce(0, +) / Double(gaps.count))
      return
        "The \(results.columns[place - 1].title) is an upper bound of its minimum; the lower bound is on average \(mean) below"
        + (wide == 0
          ? "" : ", and uninformative (more than 20 % below) for \(wide) of \(gaps.count) pairs")
    }
  }

  /// Where a metric's noise is as large as what it measured.
  private func floorRemarks(_ summaries: [DegeneracyTables.Summary]) -> [String] {
    let titles = GroupTitles(results.groups)
    let noisy = summaries.compactMap { summary -> String? in
      guard summary.isWithinFloor(results),
        let floor = results.control(summary.metric, group: summary.group, .floor)
      else { return nil }
      let who = results.groups.count > 1 ? " of \(titles[summary.group])" : ""
      return
        "\(summary.metric.title)\(who) (\(threeDigits(summary.matrix.mean)), floor \(threeDigits(floor)))"
    }
    return noisy.isEmpty
      ? []
      : [
        "One network on fresh trials differs from itself by as much as networks do, so these cannot be told from noise (take "
          + "more trials with --trials, or a lower --rank): \(noisy.joined(separator: "; "))"
      ]
  }
}
