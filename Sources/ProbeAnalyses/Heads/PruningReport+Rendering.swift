import ProbeFindings
import ProbeHeads
import ProbeModels

extension PruningReport {
  /// What pruning up to five heads breaks, for all scores together; empty without curves.
  ///
  /// Of each score that capture counts whose task it serves, else the one where its heads count most.
  var sentence: String {
    var chosen: [(curve: PruningCurve, weight: Double, comparison: PruningPoint)] = []
    for curve in groups.compactMap(\.first) {
      guard let point = curve.points.last(where: { $0.comparison.heads <= 5 }) ?? curve.points.first else {
        continue
      }
      let isServed = Self.served.first { $0.task == curve.task }.map { $0.scores == [curve.score] } ?? false
      let weight = point.comparison.difference.mean + (isServed ? 2 : 0)
      if let place = chosen.firstIndex(where: { $0.curve.score == curve.score }) {
        if weight > chosen[place].weight { chosen[place] = (curve, weight, point.comparison) }
      } else {
        chosen.append((curve, weight, point.comparison))
      }
    }
    guard let first = chosen.first else { return "" }
    if chosen.count == 1 { return sentence(first.curve, first.comparison) }
    let changes = chosen.map { entry in
      "\(change(entry.comparison)) (\(entry.comparison.heads) best by \(label(entry.curve.score)), on "
        + "\(entry.curve.capture))"
    }
    let least = chosen.map(\.comparison.random.mean).min() ?? .nan
    return "Pruning takes the task that a score serves " + changes.joined(separator: ", ")
      + "; as many random heads matched by layer and size leave at least \(short(least))."
  }

  private func sentence(_ curve: PruningCurve, _ comparison: PruningPoint) -> String {
    let count = comparison.heads
    let best =
      count == 1 ? "the best \(label(curve.score)) head" : "the \(count) best \(label(curve.score)) heads"
    let what = curve.isGenerated ? "the share of needles found" : "accuracy"
    let others = count == 1 ? "a random one" : "\(count) random ones"
    return
      "Pruning \(best) takes \(what) on \(curve.capture) \(change(comparison)), pruning \(others) matched by layer "
      + "and size to \(short(comparison.random.mean))."
  }

  private func change(_ comparison: PruningPoint) -> String {
    "from \(short(comparison.intact.mean)) to \(short(comparison.pruned.mean))"
  }

  /// Curves of one capture and score, in order.
  var groups: [[PruningCurve]] {
    var groups: [[PruningCurve]] = []
    for curve in curves {
      if let last = groups.last?.first, last.capture == curve.capture, last.score == curve.score {
        groups[groups.count - 1].append(curve)
      } else {
        groups.append([curve])
      }
    }
    return groups
  }

  private func label(_ score: String) -> String { score.replacing("_", with: "-") }
}

extension PruningReport {
  /// One figure a capture and score for the first ablation, and one for the others.
  var figures: [Figure] {
    groups.enumerated().flatMap { index, curves in
      [Array(curves.prefix(1)), Array(curves.dropFirst())].enumerated().compactMap { part, curves in
        figure(curves, name: "pruning_\(index + 1)" + (part == 0 ? "" : "_others"))
      }
    }
  }

  private func figure(_ curves: [PruningCurve], name: String) -> Figure? {
    guard let first = curves.first, let intact = first.points.first?.comparison.intact else { return nil }
    let x = [0] + first.points.map { Double($0.comparison.heads) }
    func series(_ name: String, _ estimates: [Estimate]) -> LinePlot.Series {
      LinePlot.Series(
        name: name, x: x, y: estimates.map(\.mean), low: estimates.map { $0.low ?? $0.mean },
        high: estimates.map { $0.high ?? $0.mean })
    }
    var lines = [series("nothing pruned", x.map { _ in intact })]
    for curve in curves {
      let suffix = curves.count > 1 ? ", \(curve.ablation.rawValue)" : ""
      let comparisons = curve.points.map(\.comparison)
      lines.append(series("best heads" + suffix, [intact] + comparisons.map(\.pruned)))
      lines.append(series("random heads" + suffix, [intact] + comparisons.map(\.random)))
    }
    let how = curves.map { Self.meaning($0.ablation) }.joined(separator: "; ")
    let measure = first.isGenerated ? "share of needles found" : "accuracy"
    return Figure(
      name: name,
      title: "Pruning the best \(label(first.score)) heads on \(first.capture)"
        + (name.hasSuffix("others") ? ", other ablations" : ""),
      caption:
        "\(measure.prefix(1).uppercased() + measure.dropFirst()) of \(first.prompts) prompts with k heads taken out "
        + "(\(how)), against \(first.draws) random sets of other heads matched by layer and output norm. Where the two "
        + "lines part, the score points at heads that the task needs. Intervals are over prompts, and over sets for random "
        + "heads.\(Self.strangers(first))",
      content: .lines(
        LinePlot(
          x: Axis("heads pruned"), y: Axis(measure), series: lines,
          bandMeaning: "\(percent(level)) interval")))
  }

  /// How many heads found no match in their layer.
  private static func strangers(_ curve: PruningCurve) -> String {
    let counts = curve.points.filter { $0.unmatched > 0 }.map { "\($0.unmatched) of \($0.comparison.heads)" }
    return counts.isEmpty
      ? "" : " Matched in a neighbouring layer for want of heads: \(counts.joined(separator: ", "))."
  }

  private static func meaning(_ ablation: CausalOptions.Ablation) -> String {
    switch ablation {
    case .zero: "zero: their output is nothing"
    case .mean: "mean: their output is its mean over the prompts"
    case .uniform: "uniform: they attend to all alike"
    }
  }

  /// `pruning.csv`.
  var table: Table? {
    let rows = curves.flatMap { curve in curve.points.map { (curve: curve, point: $0, own: $0.comparison) } }
    guard !rows.isEmpty else { return nil }
    let name = attention.name
    return Table(
      name: "pruning", title: "Pruning",
      caption:
        "Accuracy with the k best heads of a score taken out, and with random sets of k others matched by layer and "
        + "output norm. p counts random sets that hurt at least as much; it cannot be below 1 / (1 + draws).",
      columns: [
        .string("capture", rows.map(\.curve.capture)), .string("score", rows.map(\.curve.score)),
        .string("ablation", rows.map(\.curve.ablation.rawValue)),
        .integer("heads", rows.map(\.own.heads), description: "how many are pruned"),
        .real("accuracy", rows.map(\.own.pruned.mean), description: "with the best heads pruned"),
        .real("accuracy_low", rows.map(\.own.pruned.low)),
        .real("accuracy_high", rows.map(\.own.pruned.high)),
        .real("random_accuracy", rows.map(\.own.random.mean), description: "with random heads pruned"),
        .real("random_low", rows.map(\.own.random.low)), .real("random_high", rows.map(\.own.random.high)),
        .real(
          "difference", rows.map(\.own.difference.mean), description: "random less best, paired by prompt"),
        .real("difference_low", rows.map(\.own.difference.low)),
        .real("difference_high", rows.map(\.own.difference.high)),
        .real(
          "p", rows.map(\.own.probability), description: "share of random sets that hurt at least as much"),
        .integer("unmatched", rows.map(\.point.unmatched), description: "heads matched in another layer"),
        .integer("prompts", rows.map(\.curve.prompts)), .real("intact", rows.map(\.own.intact.mean)),
        .integer("draws", rows.map(\.curve.draws)),
        .integer("distinct", rows.map(\.point.distinct), description: "distinct sets among the draws"),
        .string(
          "pruned", rows.map { $0.point.heads.map(name).joined(separator: " ") },
          description: "the heads, best first"),
      ], keyColumns: 4)
  }
}
