import ProbeDegeneracy

/// The answer of a report in two or three sentences: what differs, which group differs more, and how sure that is.
struct DegeneracyHeadline {
  let results: EnsembleResults
  let summaries: [DegeneracyTables.Summary]
  let comparisons: [DegeneracyTables.Comparison]
  private let titles: GroupTitles
  private let leading: [EnsembleResults.Metric]

  init(
    _ results: EnsembleResults, _ summaries: [DegeneracyTables.Summary],
    _ comparisons: [DegeneracyTables.Comparison]
  ) {
    (self.results, self.summaries, self.comparisons) = (results, summaries, comparisons)
    titles = GroupTitles(results.groups)
    leading = MetricLayout.leadingMetrics(results)
  }

  /// The sentences.
  var text: String {
    let found = leading.compactMap { metric in comparisons.first { $0.metric == metric.name } }
    if results.groups.count == 2, !found.isEmpty { return two(found) }
    if results.groups.count == 1 { return one(results.groups[0]) }
    return many()
  }

  private func two(_ found: [DegeneracyTables.Comparison]) -> String {
    let first = titles[results.groups[0]]
    let who = titles.networks(of: results.groups[1])
    let others = "those \(first.contains("=") ? "with" : "of") \(first)"
    func listed(_ chosen: [DegeneracyTables.Comparison]) -> String {
      Self.joined(
        chosen.map {
          "\($0.level.rawValue) (\(threeDigits($0.means.1)) against \(threeDigits($0.means.0)))"
        })
    }
    let told = found.filter { $0.test.pValue <= 0.05 }
    let more = told.filter { $0.means.1 > $0.means.0 }
    let less = told.filter { $0.means.1 <= $0.means.0 }
    var clauses: [String] = []
    if !more.isEmpty { clauses.append("more from one another than \(others) in \(listed(more))") }
    if !less.isEmpty {
      clauses.append(
        more.isEmpty
          ? "less from one another than \(others) in \(listed(less))" : "less in \(listed(less))")
    }
    let open = found.filter { $0.test.pValue > 0.05 }
    let counts = results.groups.map { "\(results.members(of: $0).count)" }
    var sure = "\(counts[1]) against \(counts[0]) networks"
    if let worst = told.map(\.test.pValue).max() {
      sure = "p \(told.count > 1 ? "≤" : "=") \(threeDigits(worst)), \(sure)"
    }
    if !open.isEmpty, !clauses.isEmpty {
      sure +=
        "; \(Self.joined(open.map(\.level.rawValue))) not told apart, p \(open.count > 1 ? "≥" : "=") "
        + threeDigits(open.map(\.test.pValue).min() ?? 1)
    }
    let sentence =
      clauses.isEmpty
      ? "\(Self.capital(who)) and \(others) are not told apart in how much they differ from one another, at any level"
      : "\(Self.capital(who)) differ \(clauses.joined(separator: ", and "))"
    return (["\(sentence); \(sure)."] + noise()).joined(separator: " ")
  }

  private func one(_ group: String) -> String {
    let values = leading.compactMap { metric -> String? in
      guard let summary = summaries.first(where: { $0.metric.name == metric.name }) else { return nil }
      let interval = summary.interval.map { " [\(threeDigits($0.low)), \(threeDigits($0.high))]" } ?? ""
      return "\(metric.convention.level.rawValue) \(threeDigits(summary.matrix.mean))\(interval)"
    }
    let count = results.members(of: group).count
    let who = titles[group] == "all networks" ? "" : " of \(titles[group])"
    guard !values.isEmpty else { return "\(count) networks\(who) were compared." }
    let sentence =
      "\(count) networks\(who) differ from one another, on average over pairs, by: \(values.joined(separator: ", ")) (95 % intervals)."
    return ([sentence] + noise()).joined(separator: " ")
  }

  private func many() -> String {
    let parts = leading.compactMap { metric -> String? in
      let own = summaries.filter { $0.metric.name == metric.name }
      guard let most = own.max(by: { $0.matrix.mean < $1.matrix.mean }),
        let least = own.min(by: { $0.matrix.mean < $1.matrix.mean }), most.group != least.group
      else { return nil }
      return
        "\(metric.convention.level.rawValue) \(titles[most.group]) most (\(threeDigits(most.matrix.mean))) and \(titles[least.group]) "
        + "least (\(threeDigits(least.matrix.mean)))"
    }
    let opening = "\(results.compared.count) networks in \(results.groups.count) groups"
    guard !parts.isEmpty else { return opening + " were compared." }
    return ([opening + "; from one another differ in " + parts.joined(separator: ", in ") + "."] + noise())
      .joined(separator: " ")
  }

  /// Where what stands for a level is no larger than its noise.
  private func noise() -> [String] {
    let noisy = summaries.filter { summary in
      leading.contains { $0.name == summary.metric.name } && summary.isWithinFloor(results)
    }
    guard let first = noisy.first else { return [] }
    let same = noisy.filter { $0.metric.name == first.metric.name }
    let who =
      results.groups.count > 1
      ? (titles[first.group].contains("=") ? " with " : " of ") + Self.joined(same.map { titles[$0.group] })
      : ""
    return [
      "In \(first.metric.convention.level.rawValue) the networks\(who) differ no more than one network does from itself on fresh trials."
    ]
  }

  private static func joined(_ parts: [String]) -> String {
    parts.count < 2 ? parts.joined() : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
  }

  private static func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension DegeneracyTables.Summary {
  /// Whether one network on fresh trials differs from itself by as much as networks do from one another.
  func isWithinFloor(_ results: EnsembleResults) -> Bool {
    guard !metric.convention.isSimilarity, let floor = results.control(metric, group: group, .floor) else {
      return false
    }
    return floor >= matrix.mean
  }
}
