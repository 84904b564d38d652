public import ProbeCheckpoints
import ProbeLinearAlgebra

extension RecurrentModel {
  /// Builds a model from named tensors.
  ///
  /// - Parameters:
  ///   - checkpoint: the tensors.
  ///   - configuration: the cell and the names.
  ///   - name: a short name for people.
  ///   - sha256: of the weight files.
  /// - Throws: ``ModelError`` that names the tensor, its shape and the shape wanted.
  public init(
    checkpoint: Checkpoint, configuration: RecurrentConfiguration, name: String, sha256: String
  ) throws(ModelError) {
    let source = WeightSource(checkpoint: checkpoint, configuration: configuration)
    var layers: [Layer] = []
    let suffix = configuration.layerSuffix
    if Self.usesTorchNames(configuration.cell) {
      var index = 0
      // Cells without a layer number are single.
      while index == 0 || (!suffix.isEmpty && source.has("weight_ih\(suffix)\(index)")) {
        let tail = suffix.isEmpty ? "" : "\(suffix)\(index)"
        let forward = try source.torchCell(tail)
        let reverse = source.has("weight_ih\(tail)_reverse") ? try source.torchCell("\(tail)_reverse") : nil
        layers.append(Layer(forward: forward, reverse: reverse))
        index += 1
      }
    } else {
      layers = [Layer(forward: try source.otherCell())]
    }
    var embedding: Matrix<Double>?
    if let tensor = configuration.embedding {
      embedding = try source.named(tensor).matrix("embedding")
    }
    var readout: Readout?
    if let tensor = configuration.readout {
      let weight = try source.named(tensor).matrix("readout", columns: layers[layers.count - 1].outputSize)
      let biasName = tensor.hasSuffix("weight") ? String(tensor.dropLast(6)) + "bias" : tensor + ".bias"
      let bias = source.named(biasName)
      readout = Readout(
        weight: weight, bias: bias.has("readout") ? try bias.vector("readout", count: weight.rows) : nil)
    }
    try self.init(
      identity: ModelIdentity(
        family: configuration.cell, name: name, configuration: configuration.json, source: checkpoint.path,
        sha256: sha256),
      layers: layers, embedding: embedding, readout: readout)
  }

  /// Whether the cell's tensors are called `weight_ih_l0` and so on.
  static func usesTorchNames(_ cell: String) -> Bool {
    ["elman", "elman-relu", "gru", "gru-original", "state-regularized-gru", "lstm"].contains(cell)
  }
}

extension WeightSource {
  /// The same checkpoint, with one tensor in the parts `embedding` and `readout`.
  func named(_ tensor: String) -> WeightSource {
    var changed = configuration
    changed.tensors["embedding"] = tensor
    changed.tensors["readout"] = tensor
    return WeightSource(checkpoint: checkpoint, configuration: changed)
  }

  /// A cell with `torch.nn` names: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`, `weight_hr` + tail.
  func torchCell(_ tail: String) throws(ModelError) -> any RecurrentCell {
    let gates = configuration.cell.contains("gru") ? 3 : (configuration.cell == "lstm" ? 4 : 1)
    let inputWeight = try matrix("weight_ih" + tail)
    let rows = inputWeight.rows
    guard rows % gates == 0 && rows > 0 else {
      throw .weights(
        file: checkpoint.path,
        fault:
          "tensor \(name("weight_ih" + tail)) has \(rows) rows; a \(configuration.cell) cell needs a multiple "
          + "of \(gates)")
    }
    let projection = has("weight_hr" + tail) ? try matrix("weight_hr" + tail, columns: rows / gates) : nil
    let recurrentWeight = try matrix(
      "weight_hh" + tail, rows: rows, columns: projection?.rows ?? rows / gates)
    switch configuration.cell {
    case "gru", "gru-original", "state-regularized-gru":
      let unit = GRUCell(
        inputWeight: inputWeight, recurrentWeight: recurrentWeight,
        inputBias: try optionalVector("bias_ih" + tail, count: rows),
        recurrentBias: try optionalVector("bias_hh" + tail, count: rows),
        resetBefore: configuration.cell == "gru-original")
      return configuration.cell == "state-regularized-gru" ? try regularized(unit, tail: tail) : unit
    case "lstm":
      return LSTMCell(
        inputWeight: inputWeight, recurrentWeight: recurrentWeight,
        bias: try summedBias(tail, count: rows), projection: projection)
    default:
      return ElmanCell(
        inputWeight: inputWeight, recurrentWeight: recurrentWeight,
        bias: try summedBias(tail, count: rows),
        nonlinearity: configuration.cell == "elman" ? .tanh : .relu)
    }
  }

  /// The unit with its centroids: the layer's own (`centroids_l0`), else those of all layers (`centroids`).
  private func regularized(_ unit: GRUCell, tail: String) throws(ModelError) -> any RecurrentCell {
    guard let temperature = configuration.temperature, temperature > 0, temperature.isFinite else {
      throw .weights(
        file: checkpoint.path,
        fault: "a \(configuration.cell) cell needs a positive temperature, seen "
          + (configuration.temperature.map { "\($0)" } ?? "none")
          + ": give it as the metadata key rnnprobe.temperature or as \"temperature\" in model.json")
    }
    let part = has("centroids" + tail) ? "centroids" + tail : "centroids"
    let centroids = try matrix(part, columns: unit.hiddenSize)
    guard centroids.rows > 0 else {
      throw .weights(
        file: checkpoint.path, fault: "tensor \(name(part)) has no rows; the cell needs at least one centroid"
      )
    }
    return StateRegularizedGRUCell(unit: unit, centroids: centroids, temperature: temperature)
  }

  /// b_ih + b_hh, whichever are there.
  private func summedBias(_ tail: String, count: Int) throws(ModelError) -> [Double]? {
    let first = try optionalVector("bias_ih" + tail, count: count)
    guard let second = try optionalVector("bias_hh" + tail, count: count) else { return first }
    return first.map { zip($0, second).map { $0 + $1 } } ?? second
  }

  /// The cells that PyTorch does not have.
  func otherCell() throws(ModelError) -> any RecurrentCell {
    switch configuration.cell {
    case "leaky-rate", "leaky-potential":
      let tail = has("weight_hh_l0") ? "_l0" : ""
      let recurrentWeight = try matrix("weight_hh" + tail)
      let units = recurrentWeight.rows
      guard recurrentWeight.columns == units else {
        throw .weights(
          file: checkpoint.path,
          fault: "tensor \(name("weight_hh" + tail)) has shape [\(units), \(recurrentWeight.columns)]; the "
            + "recurrent matrix of a \(configuration.cell) cell is square")
      }
      let inputWeight = try matrix("weight_ih" + tail, rows: units)
      let bias = try summedBias(tail, count: units)
      let leak = try self.leak(units: units)
      if configuration.cell == "leaky-rate" {
        return LeakyRateCell(
          inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, leak: leak,
          nonlinearity: configuration.nonlinearity)
      }
      return LeakyPotentialCell(
        inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, leak: leak,
        nonlinearity: configuration.nonlinearity)
    case "low-rank":
      let m = try matrix("m")
      let tail = has("weight_ih_l0") ? "_l0" : ""
      return LowRankCell(
        m: m, n: try matrix("n", rows: m.rows, columns: m.columns),
        inputWeight: try matrix("weight_ih" + tail, rows: m.rows),
        bias: try optionalVector("bias_ih" + tail, count: m.rows), leak: try leak(units: m.rows),
        nonlinearity: configuration.nonlinearity)
    case "plrnn", "alrnn":
      let diagonal = try vector("A")
      let units = diagonal.count
      let rectified = configuration.cell == "plrnn" ? units : configuration.rectifiedUnits
      guard let rectified, rectified > 0, rectified <= units else {
        throw .weights(
          file: checkpoint.path,
          fault:
            "an alrnn needs the number of its rectified units (1 to \(units)): give it as the metadata key "
            + "rnnprobe.rectified_units or in model.json")
      }
      return PLRNNCell(
        diagonal: diagonal, weight: try matrix("W", rows: units, columns: units),
        inputWeight: has("C") ? try matrix("C", rows: units) : Matrix(rows: units, columns: 0),
        bias: try vector("h", count: units), rectifiedUnits: rectified)
    case "shallow-plrnn":
      let diagonal = try vector("A")
      let outer = try matrix("W1", rows: diagonal.count)
      return ShallowPLRNNCell(
        diagonal: diagonal, outerWeight: outer,
        innerWeight: try matrix("W2", rows: outer.columns, columns: diagonal.count),
        outerBias: try vector("h1", count: diagonal.count), innerBias: try vector("h2", count: outer.columns),
        inputWeight: has("C")
          ? try matrix("C", rows: diagonal.count) : Matrix(rows: diagonal.count, columns: 0))
    default:
      throw .choice(
        file: checkpoint.path,
        fault: "there is no cell '\(configuration.cell)'; there are "
          + RecurrentConfiguration.cells.map(\.name).joined(separator: ", "))
    }
  }

  /// dt / tau, from the tensor `tau` (in steps) or the constant.
  private func leak(units: Int) throws(ModelError) -> [Double] {
    if has("tau") {
      let tau = try vector("tau")
      guard tau.count == units || tau.count == 1, tau.allSatisfy({ $0 >= 1 }) else {
        throw .weights(
          file: checkpoint.path,
          fault:
            "tensor \(name("tau")) holds \(tau.count) values from \(tau.min() ?? .nan); it needs one time "
            + "constant a unit (\(units)), in steps, each at least 1")
      }
      return (0..<units).map { 1 / tau[tau.count == 1 ? 0 : $0] }
    }
    if let leak = configuration.leak { return Array(repeating: leak, count: units) }
    throw .weights(
      file: checkpoint.path,
      fault:
        "a \(configuration.cell) cell needs time constants: a tensor \(name("tau")) in steps, the metadata key "
        + "rnnprobe.leak, or \"leak\" in model.json")
  }
}
