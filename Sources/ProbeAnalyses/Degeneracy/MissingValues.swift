import ProbeDegeneracy

/// Why values are missing, counted by reason.
struct MissingValues {
  private struct Entry {
    var level: MetricConvention.Level
    var reason: Incomparable
    var metrics: [String]
    var pairs: Int
  }

  private var entries: [Entry] = []
  private var pairs = 0

  /// Nothing is missing yet.
  init() {}

  /// Counts a pair's reasons, each once a level.
  mutating func count(_ outcomes: [PairComparison.Outcome], _ columns: [MetricColumn]) {
    pairs += 1
    var counted = Set<Int>()
    for (column, outcome) in zip(columns, outcomes) {
      guard case .failure(let reason) = outcome else { continue }
      let metric = column.convention.name
      if let place = entries.firstIndex(where: { $0.level == column.level && $0.reason == reason }) {
        if !entries[place].metrics.contains(metric) { entries[place].metrics.append(metric) }
        if counted.insert(place).inserted { entries[place].pairs += 1 }
      } else {
        counted.insert(entries.count)
        entries.append(Entry(level: column.level, reason: reason, metrics: [metric], pairs: 1))
      }
    }
  }

  /// A line for the metrics that lack values together, level by level, with their reasons, the most frequent first.
  var lines: [String] {
    MetricConvention.Level.allCases.flatMap { level -> [String] in
      let own = entries.filter { $0.level == level }
      return orderedGroups(own.map { $0.metrics.joined(separator: ", ") }).map { metrics in
        let reasons = own.filter { $0.metrics.joined(separator: ", ") == metrics }
        let lacking = reasons.reduce(0) { $0 + $1.pairs }
        return "\(level.rawValue) (\(metrics)): \(lacking) of \(pairs) pairs lack values: "
          + Self.text(reasons)
      }
    }
  }

  /// The reasons that are told of some metrics.
  private static let told = 3

  private static func text(_ reasons: [Entry]) -> String {
    guard reasons.count > 1 else { return reasons.first?.reason.description ?? "" }
    // Of equally frequent ones the first that was met.
    let ranked = reasons.enumerated().sorted { ($1.element.pairs, $0.offset) < ($0.element.pairs, $1.offset) }
    let further = reasons.count - told
    return ranked.prefix(told).map { "\($0.element.reason.description) (\($0.element.pairs))" }
      .joined(separator: "; ") + (further > 0 ? "; \(further) further reason\(further == 1 ? "" : "s")" : "")
  }
}
