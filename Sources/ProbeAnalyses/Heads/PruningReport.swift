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
          model, longest: job.prompts.longest, precision: job.prompts.precision,
          fromGeneration: options.pruneScope == .generation)
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
}
