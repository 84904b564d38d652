import ProbeFindings
import ProbeHeads
import ProbeModels

extension HeadsReport {
  /// Scores of list successors, from the weights.
  mutating func addSuccessor(_ context: AnalysisContext) throws {
    guard let model = attention.model, model.parts.patches == nil else { return }
    func skip(_ reason: String) { warnings.append("The successor score is left out: \(reason).") }
    guard model.parts.head != nil else { return skip("the model has no output head") }
    guard model.parts.head?.transform == nil else {
      return skip(
        "the output head has a nonlinear layer before the logits, so that heads have no direct ones")
    }
    guard model.layers > 1 else {
      return skip("it needs a layer after the first MLP, and there is one layer")
    }
    guard let words = attention.wordTokens else {
      return skip(
        "the list words cannot be tokenised; name a folder with the model's tokenizer.json by --model, or capture "
          + "text that holds the words")
    }
    context.progress("scoring successors", nil)
    guard
      let report = try SuccessorReport(
        HeadCircuits(model, options: options.weights), convention: options.weights.convention,
        threads: context.threads, encode: words.encode)
    else {
      return skip(
        "by \(words.source) no list has two neighbouring words that are single tokens; name a folder with the "
          + "model's tokenizer.json by --model")
    }
    let score = report.column
    scores.append(score)
    tables.append(report.table)
    guard let best = report.best, let value = score.values[best], let chance = score.null[best] else {
      return
    }
    numbers.append(
      HeadlineNumber(
        "best_successor", .real(value),
        meaning: "the largest successor score, of head \(attention.name(best))"))
    leaders.append(
      "\(attention.name(best)) gives \(short(value)) of list words their successor (\(report.lists) lists, chance "
        + "\(short(chance)))")
    if let figure = try report.matrixFigure(of: best) { figures.append(figure) }
    if let modular = try ModularReport(report, head: best, heads: attention.heads) {
      figures.append(modular.figure)
      tables += modular.tables
    }
  }
}
