import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// What breaks when the best heads of a score are pruned, and what when random ones are.
struct PruningReport {
  private(set) var curves: [PruningCurve] = []
  private(set) var warnings: [String] = []
  let attention: CapturedAttention
  let level: Double

  /// The score whose heads serve a task; every score that does for sequences of the user's own.
  static let served: [(task: String, scores: [String])] = [
    ("repeated-tokens", ["induction"]), ("lists", ["successor"]), ("needle", ["retrieval"]),
    ("tokens", ["induction", "successor", "retrieval"]),
  ]

  /// Prunes on every capture that asks something.
  ///
  /// - Throws: ``AnalysisError`` where `--prune` names a score that there is not, and what the runs throw.
  init(
    _ attention: CapturedAttention, scores: [HeadScore], options: CausalOptions, bootstrap: PromptBootstrap,
    context: AnalysisContext
  ) throws {
    self.attention = attention
    level = bootstrap.level
    guard let model = attention.model, options.prunedScores?.isEmpty != true else { return }
    for name in options.prunedScores ?? [] where !scores.contains(where: { $0.name == name }) {
      throw AnalysisError.option(
        name: "--prune",
        fault:
          "there is no score '\(name)' of these captures; there are \(scores.map(\.name).joined(separator: ", "))"
      )
    }
    var jobs: [(prompts: TaskPrompts, scores: [HeadScore])] = []
    for capture in attention.captures {
      guard let prompts = try TaskPrompts(capture, limit: options.prunePrompts) else { continue }
      let names = options.prunedScores ?? Self.served.first { $0.task == prompts.task }?.scores ?? []
      let chosen = names.compactMap { name in scores.first { $0.name == name && !$0.ranking().isEmpty } }
      if !chosen.isEmpty { jobs.append((prompts, chosen)) }
    }
    let ablations = options.ablations
    let curveCount = jobs.reduce(0) { $0 + $1.scores.count * ablations.count }
    guard curveCount > 0 else { return }
    let budget = options.tokenBudget(weights: model.weightCount)
    let heads = attention.layers * attention.heads
    var done = 0
    for job in jobs {
      let name = job.prompts.capture.name
      guard
        let accuracy = TaskAccuracy(
          model, prompts: job.prompts, fromGeneration: options.pruneScope == .generation)
      else {
        warnings.append("\(name): the model has no logits, so that nothing can be pruned for.")
        continue
      }
      // All scores of a capture have the same prompts: what is known of a set of heads serves every one.
      let most = PruningPoint.sizes(heads: heads).count
      guard
        let fitting = PruningBudget(
          costs: job.prompts.prompts.map(\.cost), draws: options.pruneDraws, sizes: most,
          tokens: budget / curveCount)
      else {
        warnings.append(
          "\(name): pruning was left out: two prompts with four random sets each take more than "
            + "\(budget / curveCount) tokens, its part of --prune-tokens \(budget).")
        done += job.scores.count * ablations.count
        continue
      }
      if fitting.prompts < job.prompts.prompts.count || fitting.draws < options.pruneDraws {
        warnings.append(
          "\(name): pruning was tried on \(fitting.prompts) of \(job.prompts.prompts.count) prompts with "
            + "\(fitting.draws) random sets each, to stay within --prune-tokens \(budget).")
      }
      let pruner = try Pruner(
        accuracy, prompts: Array(job.prompts.prompts.prefix(fitting.prompts)), threads: context.threads)
      for score in job.scores {
        let ranking = score.ranking()
        let sizes = PruningPoint.sizes(heads: heads).filter { $0 <= ranking.count }
        for ablation in ablations {
          let before = done
          let points = try pruner.points(
            ranking, sizes: sizes, ablation: ablation, draws: fitting.draws, bootstrap: bootstrap
          ) {
            context.progress(
              "pruning by \(score.name) on \(name)", (Double(before) + $0) / Double(curveCount))
          }
          done += 1
          curves.append(
            PruningCurve(
              capture: name, task: job.prompts.task, isGenerated: job.prompts.isGenerated, score: score.name,
              ablation: ablation, prompts: fitting.prompts, draws: fitting.draws, points: points))
        }
      }
      if let intact = curves.last?.points.first?.comparison.intact.mean, intact < 0.5 {
        warnings.append(
          "\(name): with nothing pruned the model's accuracy is \(short(intact)); pruning says little of a task that it "
            + "does not do.")
      }
    }
  }
<<<<<<< HEAD

  /// What pruning up to five heads breaks, for all scores together; empty without curves.
  var sentence: String {
    let chosen = groups.compactMap { curves in
      curves[0].points.last { $0.comparison.heads <= 5 }.map { (curves[0], $0.comparison) }
    }
    guard let (curve, comparison) = chosen.first else { return "" }
    func change(_ comparison: PruningPoint) -> String {
      "from \(short(comparison.intact.mean)) to \(short(comparison.pruned.mean))"
    }
    if chosen.count == 1 {
      let heads =
        comparison.heads == 1
        ? "the best \(label(curve.score)) head"
        : "the \(comparison.heads) best \(label(curve.score)) heads"
      let what = curve.isGenerated ? "the share of needles found" : "accuracy"
      return "Pruning \(heads) takes \(what) on \(curve.capture) \(change(comparison)), pruning "
        + "\(comparison.heads) random of the same layers and size to \(short(comparison.random.mean))."
    }
    let changes = chosen.map {
      "\(change($1)) (\($1.heads) best by \(label($0.score)), on \($0.capture))"
    }
    let least = chosen.map(\.1.random.mean).min() ?? .nan
    return "Pruning takes the task that a score serves " + changes.joined(separator: ", ")
      + "; as many random heads of the same layers and size leave at least \(short(least))."
  }

  /// Curves of one capture and score, in order.
  private var groups: [[PruningCurve]] {
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
      name: name, title: "Pruning the best \(label(first.score)) heads on \(first.capture)",
      caption:
        "\(measure.prefix(1).uppercased() + measure.dropFirst()) of \(first.prompts) prompts with k heads taken out "
        + "(\(how)), against \(first.draws) random sets of other heads matched by layer and output norm. Where the two "
        + "lines part, the score points at heads that the task needs.",
      content: .lines(
        LinePlot(
          x: Axis("heads pruned"), y: Axis(measure), series: lines,
          bandMeaning: "\(percent(level)) interval over prompts, and over sets for random heads")))
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

extension AttentionModel {
  /// The number of weights that each token meets.
  var weightCount: Int {
    func count(_ layer: LinearLayer?) -> Int { layer.map { $0.weight.outputs * $0.weight.inputs } ?? 0 }
    let blocks = parts.blocks.reduce(0) { sum, block in
      let (attention, mlp) = (block.attention, block.mlp)
      let own = [attention.query, attention.key, attention.value, attention.output, mlp.up, mlp.down]
      return sum + own.reduce(0) { $0 + count($1) } + count(mlp.gate)
    }
    return blocks + count(parts.head?.unembedding)
  }
=======
>>>>>>> causal
}
