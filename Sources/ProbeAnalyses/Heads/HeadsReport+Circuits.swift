import ProbeFindings
import ProbeHeads
import ProbeModels

extension HeadsReport {
  /// Eigenvalues of circuits and what heads make of each other's outputs, from the weights.
  mutating func addCircuits(_ context: AnalysisContext) throws {
    guard let model = attention.model else { return }
    let circuits = HeadCircuits(model, options: options.weights)
    context.progress("taking eigenvalues of circuits", nil)
    let report = try CircuitReport(circuits, threads: context.threads)
    scores += report.columns
    if model.parts.head != nil, model.vocabulary > CircuitReport.largestVocabulary {
      warnings.append(
        "Copying from token to token is left out: the vocabulary has \(model.vocabulary) tokens, more than "
          + "\(CircuitReport.largestVocabulary).")
    }
    tables.append(report.table(top: leadingHeads(count: options.top)))
    let shown = leadingHeads(count: 8)
    figures += [
      report.figure(.outputValue, title: "Eigenvalues of OV circuits", top: shown),
      report.figure(.queryKey, title: "Eigenvalues of QK circuits", top: shown),
    ].compactMap { $0 }
    try addComposition(circuits, context)
  }

  private mutating func addComposition(_ circuits: HeadCircuits, _ context: AnalysisContext) throws {
    guard options.weights.compositionPairs > 0, attention.layers > 1 else { return }
    if let obstacle = CompositionReport.obstacle(circuits.model) {
      warnings.append("Composition scores are left out: \(obstacle).")
      return
    }
    context.progress("scoring composition", nil)
    let report = try CompositionReport(circuits, threads: context.threads, seed: context.seed)
    tables.append(report.table(count: options.weights.compositionPairs))
    guard let previous = scores.first(where: { $0.name == "previous_token" }),
      let induction = scores.first(where: { $0.name == "induction" })
    else { return }
    let writers = Set(previous.ranking().prefix(3))
    let readers = Set(induction.ranking().prefix(3))
    let among = report.pairs.filter {
      writers.contains($0.from) && readers.contains($0.to) && $0.scores.key != nil
    }
    guard let best = among.max(by: { ($0.scores.key ?? 0) < ($1.scores.key ?? 0) }),
      let key = best.scores.key
    else { return }
    let excess =
      report.baseline.deviation > 0 ? (key - report.baseline.mean) / report.baseline.deviation : .nan
    numbers.append(
      HeadlineNumber(
        "k_composition", .real(key),
        meaning: "K-composition from head \(attention.name(best.from)) to \(attention.name(best.to))"))
    guard excess > 3 else { return }
    remarks.append(
      "\(attention.name(best.to)) reads its keys from \(attention.name(best.from)) (K-composition \(short(key)), "
        + "random heads \(short(report.baseline.mean))).")
  }

  /// The heads that scores put first, taken from one score after the other.
  func leadingHeads(count: Int) -> [Int] {
    let rankings = scores.map { $0.ranking() }
    var chosen: [Int] = []
    let longest = rankings.map(\.count).max() ?? 0
    for place in 0..<longest {
      for ranking in rankings where place < ranking.count && !chosen.contains(ranking[place]) {
        if chosen.count == count { return chosen }
        chosen.append(ranking[place])
      }
    }
    return chosen
  }
}
