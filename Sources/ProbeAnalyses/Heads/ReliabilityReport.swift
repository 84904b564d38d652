import ProbeFindings
import ProbeHeads

/// Whether the best heads of a score are the same on two halves of the prompts.
struct ReliabilityReport {
  private struct Row {
    let score: String
    let overlap: TopOverlap
    /// Over many splits.
    let mean: Double
    let prompts: Int
  }

  private let rows: [Row]
  private static let splits = 50

  /// Splits the prompts of every score that has some.
  ///
  /// - Parameters:
  ///   - scores: all scores; those without values by prompt are passed over.
  ///   - top: a k to try beside 5; no k is above a quarter of the heads, where chance alone would make sets overlap.
  ///   - seed: of the splits.
  init(_ scores: [HeadScore], top: Int, seed: UInt64) {
    rows = scores.flatMap { score -> [Row] in
      let values = score.perPrompt
      guard values.count > 1 else { return [] }
      let heads = score.values.indices.filter { head in values.contains { $0[head] != nil } }
      let counts = Set([5, top].map { min($0, heads.count / 4) }).filter { $0 > 0 }.sorted()
      func mean(_ half: [Int], _ head: Int) -> Double {
        let present = half.compactMap { values[$0][head] }
        return present.isEmpty ? .nan : present.reduce(0, +) / Double(present.count)
      }
      return counts.map { count in
        let overlaps = (0..<Self.splits).map { split in
          let (first, second) = splitHalves(values.count, seed: seed &+ UInt64(split))
          return TopOverlap(
            heads.map { mean(first, $0) }, heads.map { mean(second, $0) }, count: count,
            seed: seed &+ UInt64(split))
        }
        return Row(
          score: score.name, overlap: overlaps[0],
          mean: Double(overlaps.reduce(0) { $0 + $1.overlap }) / Double(overlaps.count), prompts: values.count
        )
      }
    }
  }

  /// The scores whose halves agree no better than chance.
  var warnings: [String] {
    let weak = rows.filter { $0.overlap.probability > 0.05 }
    guard !weak.isEmpty else { return [] }
    let words = weak.map {
      "\($0.score) (\($0.overlap.overlap) of \($0.overlap.count) heads, \(short($0.overlap.expected)) by chance)"
    }
    return [
      "On two halves of the prompts the best heads agree no better than chance would have it once in twenty times, of "
        + words.joined(separator: ", ") + ": more prompts would help, or no head has the property."
    ]
  }

  /// `reliability.csv`.
  var table: Table? {
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "reliability", title: "Reliability",
      caption:
        "How many of the k best heads are the same on two random halves of the prompts, against two random sets. Rank "
        + "correlations over all heads would be inflated by those that score zero in both.",
      columns: [
        .string("score", rows.map(\.score)),
        .integer("k", rows.map(\.overlap.count), description: "heads in a top set"),
        .integer("heads", rows.map(\.overlap.heads), description: "heads with a score"),
        .integer("overlap", rows.map(\.overlap.overlap), description: "heads in both top sets, of one split"),
        .real("expected", rows.map(\.overlap.expected), description: "by chance: k^2 / heads"),
        .real(
          "probability", rows.map(\.overlap.probability),
          description: "that random sets overlap as much or more (hypergeometric)"),
        .integer("prompts", rows.map(\.prompts), description: "in both halves together"),
        .real("mean_overlap", rows.map(\.mean), description: "over \(Self.splits) splits"),
      ], keyColumns: 2)
  }
}
