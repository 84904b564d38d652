internal import ProbeLinearAlgebra

extension AttentionModel {
  /// Runs the trials of a batch one after the other: blocks of positions, layer by layer, over the keys and values so far.
  ///
  /// Where the plan has a generation, each trial's prompt is continued greedily; the recorder gets the steps of the
  /// appended tokens too, and is told of its end.
  ///
  /// - Throws: ``ModelError`` when the batch does not fit or logits are not finite, and whatever the recorder throws.
  /// - Complexity: a trial of n tokens takes O(n^2) time in attention and O(n) memory; with a pattern or scores
  ///   observed, memory for a few rows of them.
  public func run<Observer: Recorder>(
    _ batch: TrialBatch, plan: RunPlan, recorder: inout Observer
  ) throws {
    let tokens = try check(batch, plan: plan)
    let resolved = AttentionPlan(plan, sites: described)
    for trial in 0..<batch.count {
      let generation = plan.generation.map { ($0.maximumNewTokens[trial], $0.stopTokens) }
      let generated: [Int]
      switch plan.precision {
      case .f32:
        generated = try runTrial(
          trial, tokens[trial], resolved, generation, as: Float.self
        ) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
      case .f64:
        generated = try runTrial(
          trial, tokens[trial], resolved, generation, as: Double.self
        ) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
      }
      if generation != nil { try recorder.end(trial: trial, generated: generated) }
    }
  }

  /// Generic over the arithmetic alone, so that the compiler specialises the pass in this module.
  private func runTrial<Scalar: AttentionScalar>(
    _ trial: Int, _ tokens: [Int], _ plan: AttentionPlan, _ generation: (maximum: Int, stop: Set<Int>)?,
    as type: Scalar.Type, record: AttentionPass<Scalar>.Record
  ) throws -> [Int] {
    try withoutActuallyEscaping(record) {
      try AttentionPass<Scalar>(self, plan, trial: trial, record: $0).run(tokens, generation: generation)
    }
  }

  /// The valid tokens of each trial.
  private func check(_ batch: TrialBatch, plan: RunPlan) throws(ModelError) -> [[Int]] {
    func fault(_ text: String) -> ModelError { .batch(model: identity.name, fault: text) }
    guard case .tokens(let tensor) = batch.inputs else {
      throw fault("it reads tokens, and was given vectors")
    }
    guard tensor.shape.count == 2 else {
      throw fault("the tokens have shape \(tensor.shape); it reads [trial, time]")
    }
    if !batch.initialStates.isEmpty { throw fault("an attention model has no initial states") }
    if plan.generation != nil {
      if parts.head == nil { throw fault("it has no output head, so that it cannot generate") }
      if parts.blocks.contains(where: { !$0.attention.isCausal }) {
        throw fault("its attention looks ahead, so that it cannot generate")
      }
    }
    var trials: [[Int]] = []
    for (trial, length) in batch.lengths.enumerated() {
      let start = trial * tensor.shape[1]
      let tokens = Array(tensor.elements[start..<start + length])
      if let step = tokens.firstIndex(where: { !(0..<vocabulary).contains($0) }) {
        throw fault("trial \(trial), step \(step): token \(tokens[step]) is outside 0..<\(vocabulary)")
      }
      let total = length + (plan.generation?.maximumNewTokens[trial] ?? 0)
      if let most = parts.maximumPositions, total > most {
        let part = total > length ? " (\(length) of the prompt)" : ""
        throw fault("trial \(trial) has \(total) tokens\(part); it has positions for \(most)")
      }
      let usesKeys = (plan.observed + plan.interventions.flatMap(\.sites)).contains {
        sites[$0].axes.contains("key")
      }
      if usesKeys && total > keyExtent {
        throw fault(
          "trial \(trial) has \(total) tokens; the patterns asked for have room for \(keyExtent) keys")
      }
      trials.append(tokens)
    }
    return trials
  }
}
