internal import ProbeCheckpoints
internal import ProbeLinearAlgebra

/// Looks the parts of an attention model up in a checkpoint and checks their shapes.
struct TensorCatalogue {
  let checkpoint: Checkpoint
  /// What the model is called in messages: "a gpt2 model of 12 layers".
  let model: String

  func has(_ name: String) -> Bool { checkpoint.information(name) != nil }

  /// The first extent of a tensor, or nil where there is no such tensor.
  func rowCount(_ name: String) -> Int? { checkpoint.information(name)?.shape.first }

  /// The prefix under which `probe` is found: the first of `prefixes`, or the first where none has it.
  func prefix(_ prefixes: [String], probing probe: String) -> String {
    prefixes.first { has($0 + probe) } ?? prefixes.first ?? ""
  }

  /// A weight stored `[outputs, inputs]`, as `torch.nn.Linear` has it.
  func matrix(_ name: String, outputs: Int, inputs: Int) throws(ModelError) -> WeightMatrix {
    let view = try view(name, shape: [outputs, inputs])
    return try stored(
      view, outputs: outputs, inputs: inputs, WeightMatrix.RowMap(block: outputs, distance: outputs))
  }

  /// Some rows of a weight stored `[*, inputs]`: `blocks` runs of `block` rows, the first at `first`, `distance` apart.
  func rows(
    _ name: String, of total: Int, first: Int, block: Int, distance: Int, outputs: Int, inputs: Int
  ) throws(ModelError) -> WeightMatrix {
    let view = try view(name, shape: [total, inputs])
    return try stored(
      view, outputs: outputs, inputs: inputs,
      WeightMatrix.RowMap(first: first, block: block, distance: distance))
  }

  /// Columns `first..<first + outputs` of a weight stored `[inputs, total]`, as GPT-2's Conv1D has it.
  func columns(
    _ name: String, of total: Int, first: Int, outputs: Int, inputs: Int
  ) throws(ModelError) -> WeightMatrix {
    let view = try view(name, shape: [inputs, total])
    try requireFinite(name)
    let isDirect = view.withFloats(rows: 0..<inputs) { _ in true } ?? false
    if isDirect {
      return WeightMatrix(
        outputs: outputs, inputs: inputs, storage: .columns(view, first: first, stride: total))
    }
    let all = try floats(name, shape: [inputs, total])
    var elements = [Float](repeating: 0, count: outputs * inputs)
    for output in 0..<outputs {
      for input in 0..<inputs { elements[output * inputs + input] = all[input * total + first + output] }
    }
    return WeightMatrix(outputs: outputs, inputs: inputs, storage: .resident(elements))
  }

  /// A vector.
  func vector(_ name: String, count: Int) throws(ModelError) -> [Float] {
    try floats(name, shape: [count])
  }

  func optionalVector(_ name: String, count: Int) throws(ModelError) -> [Float]? {
    has(name) ? try vector(name, count: count) : nil
  }

  /// A linear layer of `torch.nn.Linear`: `<name>.weight`, and `<name>.bias` where asked for.
  func linear(_ name: String, outputs: Int, inputs: Int, bias: Bool) throws(ModelError) -> LinearLayer {
    LinearLayer(
      weight: try matrix(name + ".weight", outputs: outputs, inputs: inputs),
      bias: bias ? try vector(name + ".bias", count: outputs) : nil)
  }

  /// A layer norm: `<name>.weight` and `<name>.bias`.
  func layerNorm(_ name: String, count: Int, epsilon: Double) throws(ModelError) -> Normalization {
    // Old BERT checkpoints say gamma and beta.
    let isOld = !has(name + ".weight") && has(name + ".gamma")
    return Normalization(
      kind: .layer, weight: try vector(name + (isOld ? ".gamma" : ".weight"), count: count),
      bias: try vector(name + (isOld ? ".beta" : ".bias"), count: count), epsilon: epsilon)
  }

  /// A root-mean-square norm, whose factors are `offset + weight` (Gemma: 1).
  func rmsNorm(
    _ name: String, count: Int, epsilon: Double, offset: Float = 0
  ) throws(ModelError) -> Normalization {
    Normalization(
      kind: .rootMeanSquare, weight: try vector(name + ".weight", count: count).map { $0 + offset },
      epsilon: epsilon)
  }

  /// All elements of a tensor.
  func floats(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
    _ = try view(name, shape: shape)
    try requireFinite(name)
    do {
      return try checkpoint.tensor(name, as: Float.self).elements
    } catch {
      throw .weights(file: checkpoint.path, fault: "\(error)")
    }
  }

  private func stored(
    _ view: TensorView, outputs: Int, inputs: Int, _ map: WeightMatrix.RowMap
  ) throws(ModelError) -> WeightMatrix {
    if view.isContiguous && [.float32, .float16, .bfloat16].contains(view.type) {
      // Checking a model of many gigabytes would read it twice; its logits tell.
      if outputs * inputs < 1 << 24 { try requireFinite(view.name) }
      return WeightMatrix(outputs: outputs, inputs: inputs, storage: .rows(view, map))
    }
    let all = try floats(view.name, shape: view.shape)
    var elements: [Float] = []
    elements.reserveCapacity(outputs * inputs)
    for output in 0..<outputs {
      let row = map.row(output)
      elements += all[row * inputs..<(row + 1) * inputs]
    }
    return WeightMatrix(outputs: outputs, inputs: inputs, storage: .resident(elements))
  }

  private func view(_ name: String, shape: [Int]) throws(ModelError) -> TensorView {
    guard let view = checkpoint.view(name) else { throw missing(name, shape: shape) }
    guard view.shape == shape else {
      throw .weights(
        file: checkpoint.path, fault: "tensor \(name) has shape \(view.shape); \(model) needs \(shape)")
    }
    return view
  }

  private func requireFinite(_ name: String) throws(ModelError) {
    do {
      try checkpoint.requireFinite(name)
    } catch {
      throw .weights(file: checkpoint.path, fault: "\(error)")
    }
  }

  private func missing(_ name: String, shape: [Int]) -> ModelError {
    let wanted = name.split(separator: ".")
    func likeness(_ other: String) -> Int {
      let parts = other.split(separator: ".")
      func agreeing(_ pairs: some Sequence<(Substring, Substring)>) -> Int { pairs.prefix { $0 == $1 }.count }
      return agreeing(zip(parts, wanted)) + agreeing(zip(parts.reversed(), wanted.reversed()))
    }
    let names = checkpoint.names
    let ranked = names.map { (name: $0, likeness: likeness($0)) }
      .sorted { ($1.likeness, $0.name) < ($0.likeness, $1.name) }
    let shown = ranked.prefix(8).map(\.name).joined(separator: ", ")
    return .weights(
      file: checkpoint.path,
      fault: "\(model) needs the tensor \(name) \(shape); "
        + (names.count > 8
          ? "of the checkpoint's \(names.count) tensors the likest are \(shown)"
          : "the checkpoint holds \(shown)"))
  }
}
