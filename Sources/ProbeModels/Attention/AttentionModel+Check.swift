internal import ProbeLinearAlgebra

extension AttentionModel {
  /// What each trial reads, checked against what the model can run.
  ///
  /// - Throws: ``ModelError/batch(model:fault:)``.
  func check(_ batch: TrialBatch, plan: RunPlan) throws(ModelError) -> [TrialInput] {
    if !batch.initialStates.isEmpty { throw fault("an attention model has no initial states") }
    if plan.generation != nil {
      if parts.head == nil { throw fault("it has no output head, so that it cannot generate") }
      if parts.patches != nil || parts.blocks.contains(where: { !$0.attention.isCausal }) {
        throw fault("its attention looks ahead, so that it cannot generate")
      }
    }
    let inputs =
      switch batch.inputs {
      case .tokens(let tensor): try tokens(tensor, of: batch)
      case .values(let tensor): try patches(tensor, of: batch)
      }
    let usesKeys = (plan.observed + plan.interventions.flatMap(\.sites)).contains {
      sites[$0].axes.contains("key")
    }
    for (trial, length) in batch.lengths.enumerated() {
      let total = length + (plan.generation?.maximumNewTokens[trial] ?? 0)
      if let most = parts.maximumPositions, total > most {
        let part = total > length ? " (\(length) of the prompt)" : ""
        throw fault("trial \(trial) has \(total) tokens\(part); it has positions for \(most)")
      }
      if usesKeys && total > keyExtent {
        throw fault(
          "trial \(trial) has \(total) tokens; the patterns asked for have room for \(keyExtent) keys")
      }
    }
    return inputs
  }

  private func fault(_ text: String) -> ModelError { .batch(model: identity.name, fault: text) }

  private func tokens(_ tensor: Tensor<Int>, of batch: TrialBatch) throws(ModelError) -> [TrialInput] {
    guard parts.patches == nil else { throw fault("it reads images, and was given tokens") }
    guard tensor.shape.count == 2 else {
      throw fault("the tokens have shape \(tensor.shape); it reads [trial, time]")
    }
    if let types = batch.tokenTypes {
      guard types.shape == tensor.shape else {
        throw fault("the token types have shape \(types.shape), the tokens \(tensor.shape)")
      }
      guard parts.embedding.types != nil else { throw fault("its tokens have no types") }
    }
    var inputs: [TrialInput] = []
    for (trial, length) in batch.lengths.enumerated() {
      let range = trial * tensor.shape[1]..<trial * tensor.shape[1] + length
      let tokens = Array(tensor.elements[range])
      if let step = tokens.firstIndex(where: { !(0..<vocabulary).contains($0) }) {
        throw fault("trial \(trial), step \(step): token \(tokens[step]) is outside 0..<\(vocabulary)")
      }
      let types = batch.tokenTypes.map { Array($0.elements[range]) } ?? []
      let known = 0..<parts.embedding.typeCount
      if let step = types.firstIndex(where: { !known.contains($0) }) {
        throw fault("trial \(trial), step \(step): token type \(types[step]) is outside \(known)")
      }
      inputs.append(.tokens(tokens, types: types))
    }
    return inputs
  }

  private func patches(_ tensor: Tensor<Double>, of batch: TrialBatch) throws(ModelError) -> [TrialInput] {
    guard let patches = parts.patches else { throw fault("it reads tokens, and was given vectors") }
    let (steps, features) = (patches.steps, patches.features)
    guard tensor.shape.count == 3, tensor.shape[1] == steps, tensor.shape[2] == features else {
      throw fault(
        "the patches have shape \(tensor.shape); it reads [image, \(steps) steps, \(features) features]")
    }
    var inputs: [TrialInput] = []
    for (image, length) in batch.lengths.enumerated() {
      guard length == steps else { throw fault("image \(image) has \(length) steps; it reads \(steps)") }
      let values = Array(tensor.elements[image * steps * features..<(image + 1) * steps * features])
      let first = patches.leadingSteps * features
      if let place = values[first...].firstIndex(where: { !$0.isFinite }) {
        throw fault(
          "image \(image), patch \((place - first) / features): a pixel is \(values[place]), not a finite number"
        )
      }
      inputs.append(.patches(values, steps: steps))
    }
    return inputs
  }
}
