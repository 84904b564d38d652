import ProbeDegeneracy

/// Why values are missing, counted by reason.
struct MissingValues {
  private var counts: [(level: String, reason: Incomparable, pairs: Int)] = []
  private var pairs = 0

  /// Nothing is missing yet.
  init() {}

  /// Counts a pair's reasons, each once a level.
  mutating func count(_ outcomes: [PairComparison.Outcome], _ columns: [MetricColumn]) {
    pairs += 1
    var seen: [(String, Incomparable)] = []
    for (column, outcome) in zip(columns, outcomes) {
      guard case .failure(let reason) = outcome else { continue }
      let level = column.level.rawValue
      if seen.contains(where: { $0.0 == level && $0.1 == reason }) { continue }
      seen.append((level, reason))
      if let place = counts.firstIndex(where: { $0.level == level && $0.reason == reason }) {
        counts[place].pairs += 1
      } else {
        counts.append((level, reason, 1))
      }
    }
  }

  /// A line for each reason, level by level, the first dozen.
  var lines: [String] {
    let order = MetricConvention.Level.allCases.map(\.rawValue)
    let lines = order.flatMap { level in
      counts.filter { $0.level == level }.map {
        "\(level): \($0.pairs) of \(pairs) pairs lack values: \($0.reason.description)"
      }
    }
    return Array(lines.prefix(12))
      + (lines.count > 12 ? ["\(lines.count - 12) further reasons why pairs lack values are not listed"] : [])
  }
}
