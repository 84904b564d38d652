import ProbeCapture
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// Everything that is found of the heads of one model, part by part.
struct HeadsReport {
  let attention: CapturedAttention
  let options: HeadsOptions
  var scores: [HeadScore] = []
  var figures: [Figure] = []
  var tables: [Table] = []
  var warnings: [String] = []
  var numbers: [HeadlineNumber] = []
  /// The first head of each kind, in words.
  var leaders: [String] = []
  /// What pruning breaks, in a sentence; empty where nothing was pruned.
  var effect = ""
  /// Further things found, in words.
  var remarks: [String] = []
  var hopfield: [Double?] = []
  var patterns = AttentionPatterns()

  init(_ attention: CapturedAttention, options: HeadsOptions, context: AnalysisContext) throws {
    self.attention = attention
    self.options = options
    let bootstrap = PromptBootstrap(
      resamples: options.resamples, level: options.level, seed: context.seed)
    warnings += attention.captures.flatMap { capture in
      capture.reader.metadata.warnings.map { "\(capture.name): \($0)" }
    }
    if attention.model == nil {
      warnings.append(
        "The captures carry no weights and no --model was given: scores of weights, nulls, pruning and patching are left out."
      )
    }
    try addRetrieval(bootstrap, context)
    try addPatternScores(bootstrap, context)
    try addSuccessor(context)
    try addCircuits(context)
    try addLogitLens(context)
    try addAttribution(bootstrap, context)
    try addPatterns(context)
    addReliability(context)
    try addPruning(bootstrap, context)
    try addPatching(context)
  }

  private mutating func addRetrieval(_ bootstrap: PromptBootstrap, _ context: AnalysisContext) throws {
    context.progress("scoring retrieval", nil)
    guard let report = try RetrievalReport(attention, options: options, bootstrap: bootstrap) else { return }
    let summary = report.summary
    numbers += [
      HeadlineNumber("runs_made", .integer(summary.runsMade + report.decided), meaning: "needle runs made"),
      HeadlineNumber(
        "runs_kept", .integer(summary.runsKept + report.decided),
        meaning: "of them with more than half of the needle generated"),
    ]
    guard summary.runsKept > 0 else {
      warnings.append(
        "In none of \(summary.runsMade) needle runs was more than half of the needle generated: the model does not do the "
          + "task, and no retrieval score is given.")
      if let figure = report.gridFigure { figures.append(figure) }
      if let table = report.gridTable { tables.append(table) }
      return
    }
    let own = report.scores
    scores += own
    let reaching = RetrievalSummary.count(summary.set, reaching: options.retrievalThreshold)
    let strong = RetrievalSummary.count(summary.set, reaching: options.strongThreshold)
    numbers += [
      HeadlineNumber(
        "retrieval_heads", .integer(reaching),
        meaning: "heads with a retrieval score of at least \(short(options.retrievalThreshold))"),
      HeadlineNumber(
        "strong_retrieval_heads", .integer(strong), meaning: "of at least \(short(options.strongThreshold))"),
    ]
    if !report.isSettled.isSettled {
      warnings.append(
        "The ranking of retrieval heads has not settled after \(summary.runsKept) kept runs: on average "
          + "\(short(report.isSettled.meanOverlap)) of its top set reappears when runs are redrawn. More cases would help."
      )
    }
    if let best = own[0].ranking().first, let estimate = own[0].estimates[best] {
      leaders.append("\(attention.name(best)) copies \(text(estimate)) of the needle")
    }
    if let figure = report.gridFigure { figures.append(figure) }
    if let table = report.gridTable { tables.append(table) }
  }

  private mutating func addPatternScores(_ bootstrap: PromptBootstrap, _ context: AnalysisContext) throws {
    let layers = attention.layers
    let able = attention.captures.filter {
      $0.reader.hasSummary(.induction, layers: layers, heads: attention.heads)
        && $0.reader.metadata.task?.generator != "needle"
    }
    for capture in attention.captures
    where capture.reader.metadata.site("blocks.0.attn.summary.induction").map({
      $0.shape != [attention.heads]
    })
      ?? false
    {
      warnings.append(
        "\(capture.name) holds some heads alone (--heads); scores of patterns need all of them, and leave it out."
      )
    }
    let repeated = able.filter { $0.reader.metadata.task?.generator == "repeated-tokens" }
    let chosen = repeated.isEmpty ? able : repeated
    guard !chosen.isEmpty else { return }
    context.progress("scoring patterns", nil)
    var real = PatternScores()
    var prompts: [TokenTrial] = []
    for capture in chosen {
      try real.add(capture.reader, layers: layers, heads: attention.heads)
      for trial in 0..<capture.reader.metadata.trials where prompts.count < options.nullPrompts {
        let tokens = try capture.reader.trialTokens(trial)
        if tokens.count > 1 { prompts.append(TokenTrial(tokens: tokens, leading: 1)) }
      }
    }
    var null: PatternScores?
    if let model = attention.model, !prompts.isEmpty {
      context.progress("running permuted controls", nil)
      let permuted = prompts.enumerated().map { index, trial in
        var random = RandomGenerator(seed: context.seed, stream: UInt64(index))
        return trial.permuted(using: &random).tokens
      }
      null = try PatternScores.run(
        prompts.map(\.tokens), labels: permuted, model: model, threads: context.threads)
    }
    let own = real.scores(bootstrap: bootstrap, null: null)
    scores += own
    hopfield = real.medianShares
    for name in ["induction", "previous_token"] {
      guard let score = own.first(where: { $0.name == name }), let best = score.ranking().first,
        let estimate = score.estimates[best]
      else { continue }
      numbers.append(
        HeadlineNumber(
          "best_" + name, .real(estimate.mean),
          meaning: "the largest \(name) score, of head "
            + attention.name(best)))
      if name == "induction" {
        leaders.append(
          "\(attention.name(best)) puts \(text(estimate)) of its weight after earlier occurrences of the token"
        )
      } else {
        remarks.append(
          "\(attention.name(best)) puts \(text(estimate)) of its weight on the token before.")
      }
    }
  }

  /// A score with its interval in words.
  func text(_ estimate: Estimate) -> String {
    guard let low = estimate.low, let high = estimate.high else { return short(estimate.mean) }
    return "\(short(estimate.mean)) (\(percent(options.level)) interval \(short(low)) to \(short(high)))"
  }

  /// The table of heads: layer, head, then the scores.
  var headTable: Table {
    let count = attention.layers * attention.heads
    var columns: [Column] = [
      .integer("layer", (0..<count).map { $0 / attention.heads }),
      .integer("head", (0..<count).map { $0 % attention.heads }),
    ]
    for score in scores { columns += score.columns }
    if !hopfield.isEmpty {
      columns.append(
        .real(
          "k90_share", hopfield,
          description: "median over queries of the share of the visible keys that hold 90 % of the weight"))
      columns.append(
        .string(
          "k90_class", hopfield.map { $0.flatMap { HopfieldClass(share: $0)?.rawValue } },
          description: "metastability class of Ramsauer et al. 2021: I averages, IV looks at single keys"))
    }
    return Table(
      name: "heads", title: "Heads", caption: "One row a head; click a column's title to sort by it.",
      columns: columns)
  }

  /// How each capture's prompts were made: framing by BOS or a chat template's tokens is among the parameters.
  private var prompts: [UsedOption] {
    attention.captures.compactMap { capture in
      capture.reader.metadata.task.map { task in
        UsedOption(
          "prompts of \(capture.name)", .string(task.generator + ":" + task.parameterText),
          meaning: "the task that made them")
      }
    }
  }

  func findings(context: AnalysisContext, seconds: Double) -> Findings {
    let captures = attention.captures
    let model = captures.first?.reader.foundModel
    var all: [Figure] = []
    if !scores.isEmpty {
      all.append(
        Figure(
          name: "heads", title: "Scores of heads",
          caption: (["One cell a head. Choose a score; click a cell for what the head attends to."] + remarks)
            .joined(separator: " "),
          content: .headMap(
            HeadMapPlot(
              layers: attention.layers, heads: attention.heads, scores: scores.map(\.map),
              patterns: patterns))))
    }
    let headline =
      leaders.isEmpty && effect.isEmpty
      ? (scores.isEmpty
        ? "No score of heads could be taken from \(captures.map(\.name).joined(separator: ", "))."
        : "The circuits of \(attention.layers * attention.heads) heads are scored from their weights; the captures "
          + "hold no prompts that would say more.")
      : [leaders.isEmpty ? "" : "Head " + leaders.joined(separator: "; ") + ".", effect]
        .filter { !$0.isEmpty }.joined(separator: " ")
    return Findings(
      analysis: HeadsAnalysis.name, title: "Attention heads of \(model?.name ?? captures[0].name)",
      headline: headline, numbers: numbers, warnings: warnings, figures: all + figures,
      tables: [headTable] + tables,
      options: [
        UsedOption("resamples", .integer(options.resamples), meaning: "bootstrap draws of prompts"),
        UsedOption("level", .real(options.level), meaning: "coverage of the intervals"),
        UsedOption(
          "retrieval-set", .string(options.retrievalSet.rawValue), meaning: "what the set score counts"),
        UsedOption(
          "retrieval-threshold", .real(options.retrievalThreshold),
          meaning: "a retrieval head scores at least this"),
        UsedOption(
          "strong-threshold", .real(options.strongThreshold), meaning: "a strong one scores at least this"),
        UsedOption("top", .integer(options.top), meaning: "heads in a top set"),
        UsedOption(
          "null-prompts", .integer(options.nullPrompts),
          meaning: "prompts scored with their tokens in random order"),
      ] + prompts + options.weights.used
        + options.causal.used(
          tokens: attention.model.map { options.causal.tokenBudget(weights: $0.weightCount) }),
      seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: model,
      captures: captures.map {
        CaptureIdentity(
          name: $0.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
          model: $0.reader.foundModel)
      },
      command: context.command, wallSeconds: seconds)
  }
}
