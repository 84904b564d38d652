import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// How well a model does a task with some of its heads taken out.
struct TaskAccuracy {
  let model: AttentionModel
  let precision: Precision
  /// Whether heads are taken out from the prompt's last step on only, where the answer is generated.
  let fromGeneration: Bool

  private let logits: Int

  /// Nil for a model without logits.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - longest: tokens of the longest run, generated ones included: patterns have room for them, since uniform
  ///     attention edits whole rows of scores.
  ///   - precision: the arithmetic.
  ///   - fromGeneration: see ``fromGeneration``.
  init?(_ model: AttentionModel, longest: Int, precision: Precision, fromGeneration: Bool) {
    self.model = model.sized(forSteps: longest)
    guard let logits = self.model.site(named: "logits") else { return nil }
    self.logits = logits
    self.precision = precision
    self.fromGeneration = fromGeneration
  }

  /// One prompt's score: for needles 1 where more than half of their tokens are generated, else 0; for others the
  /// share of the asked steps whose largest logit is the target.
  ///
  /// - Throws: `ModelError` where logits are NaN, and what the run throws.
  func score(
    _ prompt: TaskPrompts.Prompt, without heads: [HeadIndex], replacement: HeadAblation.Replacement
  ) throws -> Double {
    let isGenerated = !prompt.needles.isEmpty
    var interventions: [any Intervention] = []
    if !heads.isEmpty {
      interventions.append(
        try HeadAblation(
          heads, of: model, replacement: replacement,
          firstSteps: isGenerated && fromGeneration ? [prompt.tokens.count - 1] : nil))
    }
    let plan = RunPlan(
      observed: isGenerated ? [] : [logits], precision: precision, interventions: interventions,
      generation: isGenerated ? Generation(maximumNewTokens: [prompt.newTokens]) : nil)
    let extent = prompt.tokens.count + (isGenerated ? prompt.newTokens : 0)
    var recorder = ArgmaxRecorder(trials: 1, steps: isGenerated ? 0 : prompt.tokens.count)
    // The time axis has room for what is generated.
    let padded = prompt.tokens + Array(repeating: -1, count: extent - prompt.tokens.count)
    let batch = TrialBatch(
      inputs: .tokens(Tensor(shape: [1, extent], elements: padded)), lengths: [prompt.tokens.count])
    try model.run(batch, plan: plan, recorder: &recorder)
    guard isGenerated else {
      let asked = prompt.asked
      if let step = asked.first(where: { recorder.answers[0][$0] < 0 }) {
        throw ModelError.batch(
          model: model.identity.name,
          fault:
            "trial \(prompt.trial), step \(step): the logits are not finite numbers; the weights or the inputs have "
            + "overflowed")
      }
      let right = asked.count { recorder.answers[0][$0] == prompt.targets[$0] }
      return Double(right) / Double(asked.count)
    }
    let run = try RetrievalRun(
      prompt: prompt.tokens, needles: prompt.needles, generated: recorder.generated[0], heads: 0,
      attended: [])
    return run.isKept ? 1 : 0
  }
}
