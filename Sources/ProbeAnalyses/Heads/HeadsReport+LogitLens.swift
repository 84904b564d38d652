import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

extension HeadsReport {
  /// Positions of a prompt that the lens shows.
  private static let lensPositions = 48
  /// Longer prompts are not run again for the lens or for attribution.
  static let longestPrompt = 4096

  /// What the model would predict after each layer, on the first prompts of the first capture that has short ones.
  mutating func addLogitLens(_ context: AnalysisContext) throws {
    guard let model = attention.model, model.parts.head != nil, model.parts.patches == nil,
      options.weights.lensPrompts > 0
    else { return }
    context.progress("looking through the logit lens", nil)
    var lenses: [(name: String, lens: LogitLens)] = []
    guard let capture = attention.captures.first else { return }
    for trial in 0..<capture.reader.metadata.trials where lenses.count < options.weights.lensPrompts {
      let tokens = try capture.reader.trialTokens(trial)
      guard !tokens.isEmpty, tokens.count <= Self.longestPrompt else { continue }
      let targets = try capture.reader.trialTargets(trial)
      let last = targets.lastIndex { $0 != nil } ?? tokens.count - 1
      let end = min(tokens.count, last + 1)
      lenses.append(
        (
          "\(capture.name), trial \(trial)",
          try LogitLens(
            model, tokens: tokens, targets: targets, positions: max(0, end - Self.lensPositions)..<end,
            threads: context.threads)
        ))
    }
    guard !lenses.isEmpty else {
      warnings.append(
        "The logit lens is left out: \(capture.name) has no prompt of at most \(Self.longestPrompt) tokens.")
      return
    }
    for (index, entry) in lenses.enumerated() { figures.append(figure(of: entry.lens, entry.name, index)) }
    tables.append(lensTable(lenses))
  }

  private func figure(of lens: LogitLens, _ name: String, _ index: Int) -> Figure {
    let rows = ["embedding"] + (0..<attention.layers).map { "\($0)" }
    return Figure(
      name: "logit_lens_\(index)", title: "What the model would say after each layer: \(name)",
      caption:
        "Final norm and output head applied to the residual after each layer (the logit lens). Marked where the likeliest token "
        + "is the one that should follow. One prompt, as it was captured; nothing is averaged.",
      content: .tokenTable(
        TokenTablePlot(
          rows: rows, tokens: lens.tokens.map(attention.text), firstPosition: lens.positions.lowerBound,
          targets: lens.targets.map { $0.map(attention.text) ?? "" },
          cells: lens.cells.flatMap { $0 }.map { cell in
            cell.top.map { .init(attention.text(of: $0.token), $0.probability) }
          })))
  }

  private func lensTable(_ lenses: [(name: String, lens: LogitLens)]) -> Table {
    struct Row {
      let prompt: Int
      let position: Int
      let layer: Int
      let rank: Int
      let token: Int
      let probability: Double
      let cell: LogitLens.Cell
      let target: Int?
    }
    var rows: [Row] = []
    for (prompt, entry) in lenses.enumerated() {
      for (depth, line) in entry.lens.cells.enumerated() {
        for (place, cell) in line.enumerated() {
          for (rank, candidate) in cell.top.enumerated() {
            rows.append(
              Row(
                prompt: prompt, position: entry.lens.positions.lowerBound + place, layer: depth - 1,
                rank: rank,
                token: candidate.token, probability: candidate.probability, cell: cell,
                target: entry.lens.targets[place]))
          }
        }
      }
    }
    return Table(
      name: "logit_lens", title: "The logit lens",
      caption: "The likeliest tokens after each layer; layer -1 is the embedding.",
      columns: [
        .integer("prompt", rows.map(\.prompt)), .integer("position", rows.map(\.position)),
        .integer("layer", rows.map(\.layer)), .integer("rank", rows.map(\.rank)),
        .integer("token", rows.map(\.token)),
        .string("text", rows.map { attention.text(of: $0.token) }),
        .real("probability", rows.map(\.probability)), .integer("target", rows.map(\.target)),
        .real("target_probability", rows.map(\.cell.targetProbability)),
        .integer(
          "rank_of_target", rows.map(\.cell.targetRank),
          description: "how many tokens are likelier than the one that should follow"),
      ])
  }
}

extension CaptureReader {
  /// The token that a task wants after each step of a trial; nil where nothing is asked, empty where it has none.
  func trialTargets(_ trial: Int) throws -> [Int?] {
    guard case .classes(let tensor) = try targets(trials: trial..<trial + 1) else { return [] }
    return tensor.elements.prefix(metadata.lengths[trial]).map { $0 >= 0 ? $0 : nil }
  }
}
