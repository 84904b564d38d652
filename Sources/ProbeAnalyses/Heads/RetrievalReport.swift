import ProbeCapture
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// What captures of needle prompts say: retrieval scores, and where the needle was found.
struct RetrievalReport {
  let summary: RetrievalSummary
  let grid: AccuracyGrid?
  let runs: [RetrievalScores]
  /// Kept runs that only decided when to stop.
  let decided: Int
  let isSettled: RankingStability.Verdict
  let options: HeadsOptions
  let level: Double

  /// Scores every generated run; nil where no capture holds any.
  ///
  /// - Throws: ``AnalysisError`` for a capture with needles but without what scoring needs.
  init?(_ attention: CapturedAttention, options: HeadsOptions, bootstrap: PromptBootstrap) throws {
    var runs: [RetrievalScores] = []
    var decided = 0
    var cells: [(length: Int, depth: Double, isFound: Bool)] = []
    for capture in attention.captures {
      let reader = capture.reader
      guard let needles = try reader.table("needles"), let prompts = try reader.table("prompt_lengths") else {
        continue
      }
      guard reader.hasSummary(.argmax, layers: attention.layers, heads: attention.heads) else {
        throw AnalysisError.unsuitable(
          capture: reader.path, analysis: HeadsAnalysis.name,
          fault:
            "it has needles but not blocks.*.attn.summary.argmax of all layers and heads, which retrieval is scored from; "
            + "capture those sites too")
      }
      // A capture that ended early was stopped by every second kept run: the others give the scores.
      let wasStopped = reader.metadata.isComplete && reader.metadata.done.contains(false)
      var keptHere = 0
      let lengths = try reader.table("trial_length")
      let depths = try reader.table("trial_depth")
      for trial in 0..<reader.metadata.trials where reader.metadata.done[trial] {
        let run: RetrievalRun
        do {
          run = try Self.run(reader, trial, needles, prompts.elements[trial], attention)
        } catch let error as HeadsError {
          throw AnalysisError.unsuitable(
            capture: reader.path, analysis: HeadsAnalysis.name, fault: "trial \(trial): \(error)")
        }
        let scores = RetrievalScores(
          run, element: options.retrievalSet, seed: bootstrap.seed &+ UInt64(trial))
        if scores.isKept {
          keptHere += 1
          if !wasStopped || keptHere % 2 == 0 { runs.append(scores) } else { decided += 1 }
        } else {
          runs.append(scores)
        }
        if let lengths, let depths {
          cells.append(
            (lengths.elements[trial], Double(depths.elements[trial]), scores.isKept))
        }
      }
    }
    guard !runs.isEmpty else { return nil }
    self.runs = runs
    self.decided = decided
    self.options = options
    level = bootstrap.level
    summary = RetrievalSummary(runs, bootstrap: bootstrap)
    grid = cells.isEmpty ? nil : AccuracyGrid(cells, level: bootstrap.level)
    isSettled = RankingStability(topCount: options.top, seed: bootstrap.seed)
      .verdict(runs.filter(\.isKept).map(\.set))
  }

  private static func run(
    _ reader: CaptureReader, _ trial: Int, _ needles: Tensor<Int>, _ prompt: Int,
    _ attention: CapturedAttention
  ) throws -> RetrievalRun {
    let tokens = try reader.trialTokens(trial)
    let generated = Array(tokens[prompt...])
    let (layers, heads) = (attention.layers, attention.heads)
    var attended = [Int](repeating: 0, count: generated.count * layers * heads)
    if !generated.isEmpty {
      for layer in 0..<layers {
        let values = try reader.values(
          of: "blocks.\(layer).attn.summary.argmax", trials: trial..<trial + 1,
          steps: prompt - 1..<prompt - 1 + generated.count, as: Double.self)
        for step in generated.indices {
          for head in 0..<heads {
            attended[(step * layers + layer) * heads + head] = Int(values.elements[step * heads + head])
          }
        }
      }
    }
    return try RetrievalRun(
      prompt: Array(tokens[..<prompt]), needles: needles.needleSpans(trial: trial), generated: generated,
      heads: layers * heads,
      attended: attended)
  }

  /// The columns.
  var scores: [HeadScore] {
    let made =
      "\(summary.runsKept + decided) of \(summary.runsMade + decided) runs kept"
      + (decided > 0 ? ", \(decided) of which only decided when to stop" : "")
    let interval = "\(percent(level)) bootstrap interval over \(summary.runsKept) kept runs"
    let kept = runs.filter(\.isKept)
    func score(
      _ name: String, _ title: String, _ note: String, _ estimates: [Estimate?], null: [Estimate?] = [],
      _ values: (RetrievalScores) -> [Double]?
    ) -> HeadScore {
      var score = HeadScore(
        name: name, title: title, note: "\(note) \(made).", estimates: estimates, intervalMeaning: interval,
        notApplicable: "no run gave a chance of it")
      score.null = null.map { $0?.mean }
      score.nullMeaning = "the same for random spans of the needle's length elsewhere in the prompt"
      score.perPrompt = kept.compactMap { run in values(run).map { $0.map { Optional($0) } } }
      return score
    }
    let attainable = summary.attainableSet.map { " At most \(short($0)) was attainable." } ?? ""
    let attainableRate = summary.attainableCopyRate.map { " At most \(short($0)) was attainable." } ?? ""
    return [
      score(
        "retrieval", "share of the needle copied",
        "The paper's set score (Wu et al. 2024): distinct needle \(options.retrievalSet.rawValue) copied over those there "
          + "are.\(attainable)", summary.set, null: summary.shamSet, \.set),
      score(
        "retrieval_copy_rate", "copied steps over needle tokens",
        "The published code's count: repeats count, so that it may exceed 1.\(attainableRate)",
        summary.copyRate, null: summary.shamCopyRate, \.copyRate),
      score(
        "retrieval_entry", "copies with no bigram to match",
        "Share of the chances to copy a needle token whose predecessor does not match: not induction.",
        summary.entry, \.entry),
      score(
        "retrieval_continuation", "copies along the needle",
        "Share of the chances to copy a needle token whose predecessor matches too.", summary.continuation,
        \.continuation),
      score(
        "retrieval_activation", "share of runs with a copied token", "The activation frequency.",
        summary.activationFrequency, { $0.copyRate.map { $0 > 0 ? 1 : 0 } }),
    ]
  }

  /// The depth x length grid.
  var gridFigure: Figure? {
    guard let grid else { return nil }
    let cells = grid.lengths.flatMap { length in
      grid.depths.map { depth in grid.cells.first { $0.length == length && $0.depth == depth } }
    }
    return Figure(
      name: "needle_grid", title: "Where the needle is found",
      caption:
        "Share of the runs in which more than half of the needle's tokens were generated, by the prompt's length and "
        + "the needle's depth; hover for counts and the Wilson interval.",
      content: .heatmap(
        HeatmapPlot(
          rowAxis: Axis("length", unit: "tokens"), columnAxis: Axis("depth", unit: "%"),
          rows: grid.lengths.map { "\($0)" }, columns: grid.depths.map { short($0) },
          values: cells.map { $0?.accuracy.share ?? .nan }, amount: Axis("runs that found it"),
          hover: cells.map { cell in
            cell.map {
              "found in \($0.found) of \($0.runs)\n\(percent(level)) interval "
                + "\(short($0.accuracy.low)) to \(short($0.accuracy.high))"
            } ?? "no run"
          }, range: 0...1)))
  }

  /// The grid as a table.
  var gridTable: Table? {
    guard let grid else { return nil }
    return Table(
      name: "needle_grid", title: "Where the needle is found",
      caption: "Wilson intervals.",
      columns: [
        .integer("length", grid.cells.map(\.length), unit: "tokens"),
        .real("depth", grid.cells.map(\.depth), unit: "%"),
        .integer("found", grid.cells.map(\.found)), .integer("runs", grid.cells.map(\.runs)),
        .real("accuracy", grid.cells.map(\.accuracy.share)),
        .real("accuracy_low", grid.cells.map(\.accuracy.low)),
        .real("accuracy_high", grid.cells.map(\.accuracy.high)),
      ])
  }
}

/// A number with three significant digits or so.
func short(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  let size = abs(value)
  let scale: Double = size >= 100 ? 1 : (size >= 10 ? 10 : (size >= 1 ? 100 : 1000))
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
