import ProbeCapture
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Direct logit attribution on the prompts of one capture.
struct AttributionReport {
  /// Which capture, in tables.
  let capture: String
  let score: HeadScore
  /// By part: its layer, kind and estimate.
  let components: [(layer: Int?, part: String, estimate: Estimate?)]
  /// See ``DirectAttribution/discrepancy``.
  let discrepancy: Double
  let prompts: Int
  let steps: Int

  /// Attributes the targets of a capture's prompts.
  ///
  /// - Returns: nil where no prompt of at most `longest` tokens has a target.
  /// - Throws: `CaptureError` or `ModelError`.
  init?(
    _ capture: NamedCapture, model: AttentionModel, column: String, options: HeadWeightOptions, longest: Int,
    bootstrap: PromptBootstrap, threads: Int
  ) throws {
    guard let mean = model.meanUnembedding() else { return nil }
    let prompts = try Self.prompts(capture.reader, model: model, options: options, longest: longest)
    guard !prompts.isEmpty else { return nil }
    let parts = try ResidualParts(model, prompts: prompts, threads: threads)
    let real = DirectAttribution(parts, targets: prompts.flatMap(\.targets), mean: mean)
    let steps = parts.owners.count
    func perPrompt(_ values: (Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: prompts.count)
      for (row, owner) in parts.owners.enumerated() { sums[owner] += values(row) }
      return prompts.indices.map { sums[$0] / Double(prompts[$0].steps.count) }
    }
    func perPrompt(_ matrix: Matrix<Double>) -> [[Double?]] {
      let columns = (0..<matrix.columns).map { column in perPrompt { matrix[$0, column] } }
      return prompts.indices.map { prompt in columns.map { $0[prompt] } }
    }
    func estimate(_ values: (Int) -> Double) -> Estimate? {
      bootstrap.estimate(perPrompt(values).map { Optional($0) })
    }

    let values = perPrompt(real.heads)
    var score = HeadScore(
      name: column, title: "direct attribution to the target's logit",
      note:
        "z W_O through the final norm, its scale held, onto the target's unembedding less the mean over the vocabulary; mean over "
        + "\(steps) steps with a target in \(prompts.count) prompts of \(capture.name)"
        + (capture.reader.metadata.task.map { ", task \($0.generator)" } ?? "") + ".",
      estimates: bootstrap.estimates(values),
      intervalMeaning: "\(percent(bootstrap.level)) bootstrap interval over \(prompts.count) prompts",
      unit: "logit", range: nil, isDiverging: true)
    score.perPrompt = values
    if let others = Self.otherTargets(prompts, seed: bootstrap.seed) {
      let null = perPrompt(DirectAttribution(parts, targets: others, mean: mean).heads)
      score.null = (0..<real.heads.columns).map { head in
        null.reduce(0) { $0 + ($1[head] ?? 0) } / Double(null.count)
      }
      score.nullMeaning = "the same for the targets of other steps, drawn at random"
    }
    self.score = score
    var components: [(layer: Int?, part: String, estimate: Estimate?)] = [
      (nil, "embedding", estimate { real.embedding[$0] })
    ]
    for layer in 0..<model.layers {
      let range = layer * model.heads..<(layer + 1) * model.heads
      components.append(
        (
          layer, "attention",
          estimate { row in
            range.reduce(real.attentionBias[row, layer]) { $0 + real.heads[row, $1] }
          }
        ))
      components.append((layer, "attention_bias", estimate { real.attentionBias[$0, layer] }))
      components.append((layer, "mlp", estimate { real.perceptrons[$0, layer] }))
    }
    components.append((nil, "final_bias", estimate { real.constant[$0] }))
    components.append((nil, "logit", estimate { real.logits[$0] }))
    self.components = components
    self.capture = capture.name
    discrepancy = real.discrepancy
    self.prompts = prompts.count
    self.steps = steps
  }

  /// The first prompts with targets, and some of their steps, evenly spread.
  private static func prompts(
    _ reader: CaptureReader, model: AttentionModel, options: HeadWeightOptions, longest: Int
  ) throws -> [ResidualParts.Prompt] {
    let outputs = model.parts.head?.unembedding.weight.outputs ?? 0
    var prompts: [ResidualParts.Prompt] = []
    for trial in 0..<reader.metadata.trials where prompts.count < options.attributionPrompts {
      guard (1...longest).contains(reader.metadata.lengths[trial]) else { continue }
      let targets = try reader.trialTargets(trial)
      let asked = targets.indices.filter { targets[$0].map { $0 < outputs } ?? false }
      let count = min(asked.count, options.attributionSteps)
      let tokens = try reader.trialTokens(trial)
      guard count > 0, let last = asked.last, last < tokens.count else { continue }
      let steps = (0..<count).map { asked[$0 * asked.count / count] }
      prompts.append(
        ResidualParts.Prompt(tokens: tokens, steps: steps, targets: steps.compactMap { targets[$0] }))
    }
    return prompts
  }

  /// For each row another row's target, drawn at random among different ones; nil where all are the same.
  private static func otherTargets(_ prompts: [ResidualParts.Prompt], seed: UInt64) -> [Int]? {
    let all = prompts.flatMap(\.targets)
    let distinct = Set(all).sorted()
    guard distinct.count > 1 else { return nil }
    return all.enumerated().map { row, target in
      var random = RandomGenerator(seed: seed, stream: UInt64(row))
      let others = distinct.filter { $0 != target }
      return others[random.integer(below: others.count)]
    }
  }
}
