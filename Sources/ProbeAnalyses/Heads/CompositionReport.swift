import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// How much of what heads write later heads read.
struct CompositionReport {
  /// A pair of heads.
  struct Pair {
    let from: Int
    let to: Int
    let scores: CompositionScores

    /// The largest of the three.
    var largest: Double { max(scores.query ?? 0, scores.key ?? 0, scores.value ?? 0) }
  }

  /// Weights beyond this many bytes in double precision are not held at once.
  static let mostBytes = 2 << 30
  /// More pairs than these would take minutes.
  static let mostPairs = 120_000

  let pairs: [Pair]
  let baseline: CompositionBaseline
  private let circuits: HeadCircuits
  private let heads: Int

  /// Why a model's heads cannot be composed, or nil.
  static func obstacle(_ model: AttentionModel) -> String? {
    let size = model.parts.blocks.first?.attention.headSize ?? 0
    let bytes = 4 * 8 * model.layers * model.heads * size * model.width
    let pairs = model.heads * model.heads * model.layers * (model.layers - 1) / 2
    if bytes > mostBytes { return "its heads' weights take \(bytes >> 20) MiB in double precision" }
    return pairs > mostPairs ? "it has \(pairs) pairs of heads in different layers" : nil
  }

  /// Scores every pair of heads in different layers.
  ///
  /// - Throws: `HeadsError` where a weight is not finite, `LinearAlgebraError` where a factorisation fails.
  /// - Complexity: O(pairs width dimension²).
  init(_ circuits: HeadCircuits, threads: Int, seed: UInt64) throws {
    let model = circuits.model
    let heads = model.heads
    let factors = try concurrentMap(count: model.layers, threads: threads) { layer in
      try circuits.layer(layer).map { try CompositionFactors($0) }
    }.flatMap { $0 }
    let rows = try concurrentMap(count: factors.count, threads: threads) { from in
      ((from / heads + 1) * heads..<max(factors.count, (from / heads + 1) * heads)).map { to in
        Pair(from: from, to: to, scores: CompositionScores(from: factors[from], to: factors[to]))
      }
    }
    pairs = rows.flatMap { $0 }
    baseline = try CompositionBaseline(
      width: model.width, dimension: model.parts.blocks.first?.attention.headSize ?? 1, seed: seed)
    self.circuits = circuits
    self.heads = heads
  }

  /// A pair.
  func pair(from: Int, to: Int) -> Pair? { pairs.first { $0.from == from && $0.to == to } }

  /// The pairs that compose most.
  func table(count: Int) -> Table {
    let order = pairs.indices.sorted { (pairs[$0].largest, -$0) > (pairs[$1].largest, -$1) }
    let rows = order.prefix(count).map { pairs[$0] }
    return Table(
      name: "composition", title: "Which heads read what others write",
      caption:
        "The \(rows.count) of \(pairs.count) pairs with the largest composition score (Elhage et al. 2021), from weights "
        + "without positions. Heads of independent normal weights score \(short(baseline.mean)), with a standard deviation of "
        + "\(short(baseline.deviation)) (\(baseline.draws) drawn pairs). \(circuits.convention)",
      columns: [
        .integer("from_layer", rows.map { $0.from / heads }),
        .integer("from_head", rows.map { $0.from % heads }),
        .integer("to_layer", rows.map { $0.to / heads }), .integer("to_head", rows.map { $0.to % heads }),
        .real("q", rows.map(\.scores.query), description: "through the reader's queries"),
        .real("k", rows.map(\.scores.key), description: "through the reader's keys"),
        .real("v", rows.map(\.scores.value), description: "through the reader's values"),
        .real("baseline", rows.map { _ in baseline.mean }, description: "mean score of random heads"),
        .real(
          "deviation", rows.map { _ in baseline.deviation },
          description: "standard deviation of one score of random heads"),
      ])
  }
}
