import ProbeCapture
import ProbeFindings
import ProbeHeads
import ProbeModels

extension HeadsReport {
  /// Direct logit attribution of the targets of every capture that has some.
  mutating func addAttribution(_ bootstrap: PromptBootstrap, _ context: AnalysisContext) throws {
    guard let model = attention.model, options.weights.attributionPrompts > 0,
      options.weights.attributionSteps > 0
    else { return }
    if let obstacle = ResidualParts.obstacle(model) {
      warnings.append("Direct logit attribution is left out: \(obstacle).")
      return
    }
    var reports: [AttributionReport] = []
    for capture in attention.captures {
      context.progress("attributing logits on \(capture.name)", nil)
      let column = reports.isEmpty ? "attribution" : "attribution_" + columnName(capture.name)
      guard
        let report = try AttributionReport(
          capture, model: model, column: column, options: options.weights, longest: Self.longestPrompt,
          bootstrap: bootstrap, threads: context.threads)
      else { continue }
      reports.append(report)
      scores.append(report.score)
      if !(report.discrepancy < 1e-3) {
        warnings.append(
          "On \(capture.name) the parts sum to the target's logit only within \(short(report.discrepancy)) of the sum of their "
            + "moduli; the attribution is not exact there.")
      }
      if capture.reader.metadata.task?.generator == "lists" { addListSentence(report) }
    }
    guard !reports.isEmpty else { return }
    tables.append(componentTable(reports))
    figures += reports.enumerated().map { componentFigure($1, index: $0) }
  }

  /// What the best successor head adds on real lists.
  private mutating func addListSentence(_ report: AttributionReport) {
    guard let best = scores.first(where: { $0.name == "successor" })?.ranking().first,
      let estimate = report.score.estimates[best],
      let place = report.score.ranking().firstIndex(of: best)
    else { return }
    remarks.append(
      "On the prompts of \(report.capture) \(attention.name(best)) adds \(text(estimate)) to the next item's logit, rank "
        + "\(place + 1) of \(report.score.values.count) heads.")
  }

  private func componentTable(_ reports: [AttributionReport]) -> Table {
    let rows = reports.flatMap { report in report.components.map { (report: report, part: $0) } }
    return Table(
      name: "attribution_components", title: "What each layer adds to the target's logit",
      caption:
        "Direct effects over the mean logit of the vocabulary, the final norm's scale held; they sum to the row 'logit'. "
        + "attention_bias is part of attention.",
      columns: [
        .string("capture", rows.map(\.report.capture)), .integer("layer", rows.map(\.part.layer)),
        .string("component", rows.map(\.part.part)),
        .real("attribution", rows.map { $0.part.estimate?.mean }, unit: "logit"),
        .real(
          "attribution_low", rows.map { $0.part.estimate?.low }, unit: "logit",
          description: "\(percent(options.level)) bootstrap interval over prompts"),
        .real("attribution_high", rows.map { $0.part.estimate?.high }, unit: "logit"),
      ])
  }

  private func componentFigure(_ report: AttributionReport, index: Int) -> Figure {
    func series(_ part: String, _ name: String) -> LinePlot.Series {
      let rows = report.components.filter { $0.part == part && $0.layer != nil }
      let hasBand = rows.allSatisfy { $0.estimate?.low != nil }
      return .init(
        name: name, x: rows.map { Double($0.layer ?? 0) }, y: rows.map { $0.estimate?.mean ?? .nan },
        low: hasBand ? rows.map { $0.estimate?.low ?? .nan } : [],
        high: hasBand ? rows.map { $0.estimate?.high ?? .nan } : [])
    }
    return Figure(
      name: "attribution_layers" + (index == 0 ? "" : "_\(index)"),
      title: "What each layer adds to the target's logit: \(report.capture)",
      caption:
        "Direct effect of attention and of the MLP of each layer on the target's logit over the mean of the vocabulary, mean over "
        + "\(report.steps) steps in \(report.prompts) prompts. Effects through later layers are not in it.",
      content: .lines(
        LinePlot(
          x: Axis("layer"), y: Axis("attribution", unit: "logit"),
          series: [series("attention", "attention"), series("mlp", "MLP")],
          references: [.init(y: 0, label: "none")],
          bandMeaning: "\(percent(options.level)) bootstrap interval over prompts")))
  }
}

/// A capture's name as part of a column's: letters, digits and underscores.
private func columnName(_ name: String) -> String {
  String(
    String.UnicodeScalarView(
      name.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) ? $0 : "_" }))
}
