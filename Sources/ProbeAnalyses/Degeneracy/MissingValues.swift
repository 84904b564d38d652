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

  /// A line for each reason, level by level, the first dozen.
  var lines: [String] {
    let lines = MetricConvention.Level.allCases.flatMap { level in
      entries.filter { $0.level == level }.map {
        "\(level.rawValue) (\($0.metrics.joined(separator: ", "))): \($0.pairs) of \(pairs) pairs lack values: "
          + $0.reason.description
      }
    }
    return Array(lines.prefix(12))
      + (lines.count > 12 ? ["\(lines.count - 12) further reasons why pairs lack values are not listed"] : [])
  }
}
