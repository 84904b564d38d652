import ProbeDegeneracy
import ProbeFindings

/// Findings from what was measured, by one run or by the merged parts of several.
struct DegeneracyReport {
  let results: EnsembleResults
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
      headline = self.headline(summaries, comparisons)
      let leading = DegeneracyFigures.leading(results).map(\.name)
      for summary in summaries where leading.contains(summary.metric.name) {
        let number = (results.groups.firstIndex(of: summary.group) ?? 0) + 1
        numbers.append(
          HeadlineNumber(
            "\(summary.metric.name)_\(number)", .real(summary.matrix.mean),
            meaning: "mean \(summary.metric.name) of \(summary.group)"))
      }
      for group in results.groups where results.members(of: group).count < 3 {
        warnings.append(
          results.members(of: group).count == 1
            ? "\(group) has one network: nothing is compared within it"
            : "\(group) has two networks, fewer than three: its means have no interval")
      }
      warnings += boundRemarks() + floorRemarks(summaries)
      if results.groups.count < 2 {
        shown = [tables.degeneracy(summaries), tables.metrics(), tables.networks(), tables.pairs()]
      } else {
        shown = [
          tables.degeneracy(summaries), tables.groups(comparisons), tables.metrics(), tables.networks(),
          tables.pairs(),
        ]
      }
      let learning = LearningTables(results: results, permutations: permutations, seed: seed)
      shown.insert(contentsOf: learning.all(), at: results.groups.count < 2 ? 1 : 2)
      figures = DegeneracyFigures(results: results, seed: seed).all() + learning.figures()
    }
    return Findings(
      analysis: DegeneracyAnalysis.name, title: "Solution degeneracy of \(results.networks.count) networks",
      headline: headline, numbers: numbers, warnings: warnings, figures: figures, tables: shown,
      options: options, seeds: [UsedSeed("seed", seed)],
      versions: [UsedVersion("rnnprobe", programVersion)], model: nil, captures: captures, command: command,
      wallSeconds: wallSeconds)
  }

  private func headline(
    _ summaries: [DegeneracyTables.Summary], _ comparisons: [DegeneracyTables.Comparison]
  ) -> String {
    let leading = DegeneracyFigures.leading(results)
    if results.groups.count == 2 {
      let parts = leading.compactMap { metric -> String? in
        guard let found = comparisons.first(where: { $0.metric == metric.name }) else { return nil }
        let verdict =
          found.test.pValue > 0.05
          ? "not told apart"
          : (found.means.0 > found.means.1 ? "larger in the first" : "larger in the second")
        return "\(found.level.rawValue) (\(found.metric)) \(threeDigits(found.means.0)) against "
          + "\(threeDigits(found.means.1)), \(verdict), p = \(threeDigits(found.test.pValue))"
      }
      if !parts.isEmpty {
        return "How differently networks do it, \(results.groups[0]) against \(results.groups[1]): "
          + parts.joined(separator: "; ") + "."
      }
    }
    let parts = results.groups.prefix(4).map { group in
      let own = leading.compactMap { metric in
        summaries.first { $0.group == group && $0.metric.name == metric.name }
      }
      let values = own.map { summary -> String in
        let interval = summary.interval.map { " [\(threeDigits($0.low)), \(threeDigits($0.high))]" } ?? ""
        return
          "\(summary.metric.convention.level.rawValue) (\(summary.metric.name)) \(threeDigits(summary.matrix.mean))\(interval)"
      }
      return "\(results.members(of: group).count) networks of \(group): " + values.joined(separator: ", ")
    }
    return parts.joined(separator: "; ") + "."
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
        "\(results.columns[place - 1].name) is an upper bound of its minimum; the lower bound is on average \(mean) below"
        + (wide == 0
          ? "" : ", and uninformative (more than 20 % below) for \(wide) of \(gaps.count) pairs")
    }
  }

  /// Where a metric's noise is as large as what it measured.
  private func floorRemarks(_ summaries: [DegeneracyTables.Summary]) -> [String] {
    summaries.compactMap { summary in
      guard !summary.metric.convention.isSimilarity,
        let floor = results.control(summary.metric, group: summary.group, .floor),
        floor >= summary.matrix.mean
      else { return nil }
      return
        "\(summary.metric.name) of \(summary.group): one network on fresh trials differs from itself by \(threeDigits(floor)), "
        + "networks by \(threeDigits(summary.matrix.mean)); differences of networks cannot be told from the fit's noise, so fit "
        + "on more trials"
    }
  }
}
