import ProbeHeads

extension HeadsReport {
  /// Whether the best heads are the same on two halves of the prompts.
  mutating func addReliability(_ context: AnalysisContext) {
    let report = ReliabilityReport(scores, top: options.top, seed: context.seed)
    warnings += report.warnings
    if let table = report.table { tables.append(table) }
  }

  /// What breaks without the best heads.
  mutating func addPruning(_ bootstrap: PromptBootstrap, _ context: AnalysisContext) throws {
    let report = try PruningReport(
      attention, scores: scores, options: options.causal, bootstrap: bootstrap, context: context)
    warnings += report.warnings
    figures += report.figures
    if let table = report.table { tables.append(table) }
    effect = report.sentence
  }

  /// Where the answer travels: clean values patched into corrupt runs.
  mutating func addPatching(_ context: AnalysisContext) throws {
    let report = try PatchingReport(attention, options: options.causal, context: context)
    warnings += report.warnings
    figures += report.figures
    if let table = report.table { tables.append(table) }
  }
}
