import ProbeLinearAlgebra

extension RecurrentModel {
  /// Runs all trials of a batch, layer by layer over blocks of time steps.
  ///
  /// A bidirectional model needs whole trials at once; every other one holds `plan.timeBlock` steps of each trial.
  ///
  /// - Throws: ``ModelError/batch(model:fault:)`` when the batch does not fit, and whatever the recorder throws.
  public func run<Observer: Recorder>(
    _ batch: TrialBatch, plan: RunPlan, recorder: inout Observer
  ) throws {
    try check(batch)
    if !plan.interventions.isEmpty || plan.generation != nil {
      throw ModelError.batch(
        model: identity.name, fault: "a recurrent model takes no interventions and generates nothing")
    }
    switch plan.precision {
    // The loop is generic over the arithmetic alone, so that the compiler specialises it in this module.
    case .f32:
      try run(batch, plan: plan, as: Float.self) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
    case .f64:
      try run(batch, plan: plan, as: Double.self) { try recorder.record($0, site: $1, trial: $2, steps: $3) }
    }
  }

  /// Refuses a batch that does not fit.
  func check(_ batch: TrialBatch) throws(ModelError) {
    func fault(_ text: String) -> ModelError { .batch(model: identity.name, fault: text) }
    switch (batch.inputs, embedding) {
    case (.values(let values), nil):
      let features = layers[0].forward.inputSize
      if values.shape.count != 3 || values.shape[2] != features {
        throw fault("the inputs have shape \(values.shape); it reads [trial, time, \(features)]")
      }
    case (.tokens(let tokens), let embedding?):
      if tokens.shape.count != 2 {
        throw fault("the tokens have shape \(tokens.shape); it reads [trial, time]")
      }
      for (trial, length) in batch.lengths.enumerated() {
        for step in 0..<length {
          let token = tokens.elements[trial * tokens.shape[1] + step]
          if token < 0 || token >= embedding.rows {
            throw fault("trial \(trial), step \(step): token \(token) is outside 0..<\(embedding.rows)")
          }
        }
      }
    case (.values, _?): throw fault("it reads tokens through its embedding, and was given vectors")
    case (.tokens, nil):
      throw fault("it reads vectors of \(layers[0].forward.inputSize) features, and was given tokens")
    }
    for (name, tensor) in batch.initialStates {
      guard let site = stateSites.first(where: { sites[$0].name == name }) else {
        throw .site(name: name, known: stateSites.map { sites[$0].name })
      }
      let wanted = [batch.count] + sites[site].shape
      if tensor.shape != wanted {
        throw fault("the initial \(name) has shape \(tensor.shape), not \(wanted)")
      }
    }
  }

  private func run<Scalar: CellScalar>(
    _ batch: TrialBatch, plan: RunPlan, as type: Scalar.Type,
    record: (UnsafeBufferPointer<Scalar>, _ site: Int, _ trial: Int, _ steps: Range<Int>) throws -> Void
  ) throws {
    guard batch.count > 0 && batch.steps > 0 else { return }
    var passes = layers.enumerated().map { index, layer in
      LayerPasses<Scalar>(layer: layer, index: index, batch: batch, model: self)
    }
    let head = readout.map { AffineLayer<Scalar>(weight: $0.weight, bias: $0.bias) }
    let table = embedding.map { $0.elements.map { Scalar($0) } }
    let wanted = plan.observed.map { places[$0] }
    let features = layers[0].forward.inputSize
    let block = isBidirectional ? batch.steps : max(1, min(plan.timeBlock, batch.steps))
    let rows = batch.count
    var start = 0
    while start < batch.steps {
      let length = min(block, batch.steps - start)
      var kept: [SitePlace: [Scalar]] = [:]
      var flow = inputBlock(batch, start: start, length: length, features: features, table: table)
      for index in passes.indices {
        flow = passes[index].advance(
          flow, rows: rows, length: length, wanted: wanted, lengths: batch.lengths, kept: &kept)
      }
      if let head, wanted.contains(.readout) {
        var output = [Scalar](repeating: 0, count: rows * length * head.outputs)
        head.apply(flow, stride: head.inputs, rows: rows * length, into: &output)
        kept[.readout] = output
      }
      for (position, place) in wanted.enumerated() {
        guard let values = kept[place] else { continue }
        let width = sites[plan.observed[position]].elementCount
        try values.withUnsafeBufferPointer { buffer in
          for row in 0..<rows {
            let valid = min(length, batch.lengths[row] - start)
            guard valid > 0 else { continue }
            let first = row * length * width
            try record(
              UnsafeBufferPointer(rebasing: buffer[first..<first + valid * width]), position, row,
              start..<start + valid)
          }
        }
      }
      start += length
    }
  }

  /// The first layer's inputs for a block of steps: `[trial, step, feature]`.
  private func inputBlock<Scalar: CellScalar>(
    _ batch: TrialBatch, start: Int, length: Int, features: Int, table: [Scalar]?
  ) -> [Scalar] {
    var block = [Scalar](repeating: 0, count: batch.count * length * features)
    switch batch.inputs {
    case .values(let values):
      for row in 0..<batch.count {
        let valid = max(0, min(length, batch.lengths[row] - start))
        let source = (row * batch.steps + start) * features
        for index in 0..<valid * features {
          block[row * length * features + index] = Scalar(values.elements[source + index])
        }
      }
    case .tokens(let tokens):
      guard let table else { return block }
      for row in 0..<batch.count {
        for step in 0..<max(0, min(length, batch.lengths[row] - start)) {
          let token = tokens.elements[row * batch.steps + start + step]
          for feature in 0..<features {
            block[(row * length + step) * features + feature] = table[token * features + feature]
          }
        }
      }
    }
    return block
  }
}
