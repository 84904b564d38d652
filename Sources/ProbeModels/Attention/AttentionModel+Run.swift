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
    let inputs = try check(batch, plan: plan)
    let resolved = AttentionPlan(plan, sites: described)
    for trial in 0..<batch.count {
      let generation = plan.generation.map { ($0.maximumNewTokens[trial], $0.stopTokens) }
      let generated: [Int]
      switch plan.precision {
      case .f32:
        generated = try runTrial(
          trial, inputs[trial], resolved, generation, as: Float.self
        ) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
      case .f64:
        generated = try runTrial(
          trial, inputs[trial], resolved, generation, as: Double.self
        ) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
      }
      if generation != nil { try recorder.end(trial: trial, generated: generated) }
    }
  }

  /// Generic over the arithmetic alone, so that the compiler specialises the pass in this module.
  private func runTrial<Scalar: AttentionScalar>(
    _ trial: Int, _ input: TrialInput, _ plan: AttentionPlan, _ generation: (maximum: Int, stop: Set<Int>)?,
    as type: Scalar.Type, record: AttentionPass<Scalar>.Record
  ) throws -> [Int] {
    try withoutActuallyEscaping(record) {
      try AttentionPass<Scalar>(self, plan, trial: trial, input: input, record: $0).run(
        generation: generation)
    }
  }
}
