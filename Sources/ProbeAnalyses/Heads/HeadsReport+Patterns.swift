import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

extension HeadsReport {
  /// Prompts that the page shows patterns on, and tokens of each.
  private static let patternPrompts = 3
  private static let patternTokens = 64

  /// What the heads that scores put first attend to on the first prompt of each capture.
  mutating func addPatterns(_ context: AnalysisContext) throws {
    let shown = leadingHeads(count: options.weights.patternHeads)
    guard let model = attention.model, model.parts.patches == nil, !shown.isEmpty else { return }
    context.progress("running prompts for patterns", nil)
    var prompts: [AttentionPatterns.Prompt] = []
    var patterns: [AttentionPatterns.Pattern] = []
    for capture in attention.captures where prompts.count < Self.patternPrompts {
      guard let tokens = try firstTokens(capture.reader, model: model) else { continue }
      let count = tokens.count
      let names = Set(shown.map { $0 / attention.heads }).sorted()
      let values = try model.sized(forSteps: count).values(
        of: names.map { "blocks.\($0).attn.pattern" }, tokens: tokens, steps: Array(tokens.indices))
      let generator = capture.reader.metadata.task?.generator ?? capture.name
      for index in shown {
        let (layer, head) = index.quotientAndRemainder(dividingBy: attention.heads)
        guard let place = names.firstIndex(of: layer) else { continue }
        let weights = tokens.indices.flatMap { query in
          values[place].row(query).dropFirst(head * count).prefix(count).map(Float.init)
        }
        patterns.append(.init(layer: layer, head: head, prompt: prompts.count, weights: weights))
      }
      let length = capture.reader.metadata.lengths.first ?? count
      prompts.append(
        .init(
          name: generator == capture.name ? capture.name : "\(capture.name), \(generator)",
          note: length > count
            ? "The first \(count) of \(length) tokens of the first prompt." : "The first prompt.",
          tokens: tokens.map(attention.text)))
    }
    self.patterns = AttentionPatterns(
      prompts: prompts, patterns: patterns,
      remedy:
        "Shown are the \(shown.count) heads that scores put first; more with --pattern-heads, or capture the site "
        + "blocks.L.attn.pattern of a head's layer L.")
  }

  /// The first prompt's first tokens; whole where the model looks ahead, and nil where that is too long.
  private func firstTokens(_ reader: CaptureReader, model: AttentionModel) throws -> [Int]? {
    guard reader.metadata.trials > 0 else { return nil }
    let tokens = try reader.trialTokens(0)
    let looksAhead = model.parts.blocks.contains { !$0.attention.isCausal }
    guard !tokens.isEmpty, !looksAhead || tokens.count <= Self.patternTokens else { return nil }
    return Array(tokens.prefix(Self.patternTokens))
  }
}
