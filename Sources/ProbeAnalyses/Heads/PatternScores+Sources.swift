import ProbeCapture
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

extension PatternScores {
  /// Reads a capture's summaries, one prompt at a time.
  mutating func add(_ reader: CaptureReader, layers: Int, heads: Int) throws {
    for trial in 0..<reader.metadata.trials where reader.metadata.done[trial] {
      let tokens = try reader.trialTokens(trial)
      guard !tokens.isEmpty else { continue }
      try add(tokens: tokens, heads: layers * heads) { summary in
        guard reader.hasSummary(summary, layers: layers, heads: heads) else { return nil }
        var rows = Array(repeating: [Double](repeating: .nan, count: layers * heads), count: tokens.count)
        for layer in 0..<layers {
          let values = try reader.values(
            of: "blocks.\(layer).attn.summary.\(summary.rawValue)", trials: trial..<trial + 1,
            steps: 0..<tokens.count, as: Double.self)
          for step in tokens.indices {
            for head in 0..<heads { rows[step][layer * heads + head] = values.elements[step * heads + head] }
          }
        }
        return rows
      }
    }
  }

  /// Runs prompts through a model and reads the summaries as they stream by, taking the tokens for `labels`.
  static func run(
    _ prompts: [[Int]], labels: [[Int]], model: AttentionModel, threads: Int
  ) throws -> PatternScores {
    let summaries = AttentionSummary.allCases.filter { $0 != .argmax }
    var sites: [Int] = []
    for layer in 0..<model.layers {
      for summary in summaries {
        if let site = model.site(named: "blocks.\(layer).attn.summary.\(summary.rawValue)") {
          sites.append(site)
        }
      }
    }
    let (layers, heads) = (model.layers, model.heads)
    let ordered = sites.sorted()
    let parts = try concurrentMap(count: prompts.count, threads: threads) { index in
      let tokens = prompts[index]
      var plan = RunPlan(observed: ordered)
      plan.summaryTokens = [labels[index]]
      let batch = TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens)))
      var recorder = MemoryRecorder(model: model, plan: plan, trials: 1, steps: tokens.count)
      try model.run(batch, plan: plan, recorder: &recorder)
      return recorder.values
    }
    var scores = PatternScores()
    for (tokens, values) in zip(labels, parts) {
      try scores.add(tokens: tokens, heads: layers * heads) { summary in
        guard summary != .argmax else { return nil }
        var rows = Array(repeating: [Double](repeating: .nan, count: layers * heads), count: tokens.count)
        for layer in 0..<layers {
          guard let site = model.site(named: "blocks.\(layer).attn.summary.\(summary.rawValue)"),
            let place = ordered.firstIndex(of: site)
          else { return nil }
          for step in tokens.indices {
            for head in 0..<heads {
              rows[step][layer * heads + head] = values[place].elements[step * heads + head]
            }
          }
        }
        return rows
      }
    }
    return scores
  }
}
