import FoundationEssentials
public import ProbeCheckpoints

/// What a user may say about a checkpoint whose names do not say it.
public struct ModelRequest: Sendable {
  /// The cell, where the weights and the metadata leave it open.
  public var cell: String?
  /// The prefix of the recurrent tensors, where there are several.
  public var prefix: String?
  /// The embedding's tensor.
  public var embedding: String?
  /// The readout's weight tensor.
  public var readout: String?

  /// Nothing said.
  public init() {}
}

extension RecurrentModel {
  /// Reads a `.safetensors`, `.npz` or `.pt` file with `torch.nn` names, or a `model.json`.
  ///
  /// - Throws: ``ModelError`` or ``CheckpointError``, naming the file and what would be right.
  public static func load(path: String, request: ModelRequest = ModelRequest()) throws -> RecurrentModel {
    if path.hasSuffix(".json") { return try loadManifest(path: path, request: request) }
    let checkpoint = try Checkpoint.open(path: path)
    let configuration = try RecurrentConfiguration.detect(checkpoint, request: request)
    return try RecurrentModel(
      checkpoint: checkpoint, configuration: configuration, name: stem(path), sha256: checkpoint.sha256())
  }

  /// `model.json`: `{"weights": "file", "cell": ..., "prefix": ..., "nonlinearity": ..., "leak": ...,
  /// "rectified_units": ..., "temperature": ..., "embedding": ..., "readout": ..., "tensors": {"part": "name"}}`; every
  /// key but `weights` and `cell` may be absent.
  private static func loadManifest(path: String, request: ModelRequest) throws -> RecurrentModel {
    let manifest: Manifest
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      manifest = try JSONDecoder().decode(Manifest.self, from: data)
    } catch {
      throw ModelError.choice(
        file: path,
        fault: "it is not a readable model description with the keys \"weights\" and \"cell\": \(error)")
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path()
    let weights = manifest.weights.hasPrefix("/") ? manifest.weights : folder + manifest.weights
    let checkpoint = try Checkpoint.open(path: weights)
    var configuration = RecurrentConfiguration(
      cell: request.cell ?? manifest.cell, prefix: manifest.prefix ?? "",
      weightType: checkpoint.coarsestFloatingType)
    configuration.layerSuffix = manifest.layer_suffix ?? "_l"
    configuration.nonlinearity = manifest.nonlinearity ?? .tanh
    configuration.leak = manifest.leak
    configuration.rectifiedUnits = manifest.rectified_units
    configuration.temperature = manifest.temperature
    configuration.embedding = request.embedding ?? manifest.embedding
    configuration.readout = request.readout ?? manifest.readout
    configuration.tensors = manifest.tensors ?? [:]
    return try RecurrentModel(
      checkpoint: checkpoint, configuration: configuration, name: stem(weights), sha256: checkpoint.sha256())
  }

  /// The last path component without its extension.
  static func stem(_ path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }

  private struct Manifest: Decodable {
    var weights: String
    var cell: String
    var prefix: String?
    var layer_suffix: String?
    var nonlinearity: Nonlinearity?
    var leak: Double?
    var rectified_units: Int?
    var temperature: Double?
    var embedding: String?
    var readout: String?
    var tensors: [String: String]?
  }
}

extension RecurrentConfiguration {
  /// Works out the cell and the names from a checkpoint's tensors and metadata.
  ///
  /// - Throws: ``ModelError/choice(file:fault:)`` when there is no recurrent layer, or more than one prefix.
  public static func detect(
    _ checkpoint: Checkpoint, request: ModelRequest
  ) throws(ModelError) -> RecurrentConfiguration {
    let anchors = [
      "weight_ih_l0": "_l", "weight_ih": "", "W2": "", "W": "", "m": "",
    ]
    var found: [String: String] = [:]
    for name in checkpoint.names {
      let part = name.split(separator: ".").last.map(String.init) ?? name
      guard let suffix = anchors[part] else { continue }
      let prefix = String(name.dropLast(part.count))
      found[prefix] = (found[prefix] == "_l" || suffix == "_l") ? "_l" : ""
    }
    var prefixes = found.keys.sorted()
    if let wanted = request.prefix {
      let dotted = wanted.isEmpty || wanted.hasSuffix(".") ? wanted : wanted + "."
      guard prefixes.contains(dotted) else {
        throw .choice(
          file: checkpoint.path,
          fault: "no recurrent tensors stand under the prefix '\(wanted)'; there are some under "
            + prefixes.map { "'\($0)'" }.joined(separator: ", "))
      }
      prefixes = [dotted]
    }
    guard let prefix = prefixes.first else {
      throw .choice(
        file: checkpoint.path,
        fault:
          "it holds no recurrent layer: none of its tensors ends in weight_ih_l0 (or weight_ih, W, W2, m). It "
          + "holds \(checkpoint.names.joined(separator: ", ")). A model.json can name the tensors")
    }
    guard prefixes.count == 1 else {
      throw .choice(
        file: checkpoint.path,
        fault: "it holds more than one recurrent layer, under the prefixes "
          + prefixes.map { "'\($0)'" }.joined(separator: ", ") + "; choose one with --prefix")
    }
    var configuration = RecurrentConfiguration(
      cell: "", prefix: prefix, layerSuffix: found[prefix] ?? "_l",
      weightType: checkpoint.coarsestFloatingType)
    configuration.cell = try cell(
      checkpoint, prefix: prefix, suffix: configuration.layerSuffix, request: request)
    if let text = checkpoint.metadata["rnnprobe.nonlinearity"] {
      guard let nonlinearity = Nonlinearity(rawValue: text) else {
        throw .choice(
          file: checkpoint.path,
          fault: "its metadata key rnnprobe.nonlinearity is '\(text)'; it can be "
            + Nonlinearity.allCases.map(\.rawValue).joined(separator: " or "))
      }
      configuration.nonlinearity = nonlinearity
    }
    configuration.leak = checkpoint.metadata["rnnprobe.leak"].flatMap(Double.init)
    configuration.rectifiedUnits = checkpoint.metadata["rnnprobe.rectified_units"].flatMap(Int.init)
    configuration.temperature = checkpoint.metadata["rnnprobe.temperature"].flatMap(Double.init)
    configuration.embedding = try tensor(
      checkpoint, asked: request.embedding, endings: ["embedding.weight", "emb.weight", "embed.weight"],
      option: "--embedding")
    configuration.readout = try tensor(
      checkpoint, asked: request.readout, endings: ["readout.weight", "fc.weight", "out.weight"],
      option: "--readout")
    return configuration
  }

  private static func cell(
    _ checkpoint: Checkpoint, prefix: String, suffix: String, request: ModelRequest
  ) throws(ModelError) -> String {
    if let cell = request.cell ?? checkpoint.metadata["rnnprobe.cell"] {
      guard cells.contains(where: { $0.name == cell }) else {
        throw .choice(
          file: checkpoint.path,
          fault: "there is no cell '\(cell)'; there are \(cells.map(\.name).joined(separator: ", "))")
      }
      return cell
    }
    func has(_ part: String) -> Bool { checkpoint.information(prefix + part) != nil }
    if has("W2") { return "shallow-plrnn" }
    if has("W") { return "plrnn" }
    if has("m") { return "low-rank" }
    let tail = suffix.isEmpty ? "" : "\(suffix)0"
    guard let recurrent = checkpoint.information(prefix + "weight_hh" + tail), recurrent.shape.count == 2
    else {
      throw .choice(
        file: checkpoint.path,
        fault: "beside \(prefix)weight_ih\(tail) there is no matrix \(prefix)weight_hh\(tail)")
    }
    if has("weight_hr" + tail) { return "lstm" }
    switch (recurrent.shape[0], recurrent.shape[1]) {
    case (let rows, let columns) where rows == columns: return "elman"
    case (let rows, let columns) where rows == 3 * columns:
      return has("centroids") || has("centroids" + tail) ? "state-regularized-gru" : "gru"
    case (let rows, let columns) where rows == 4 * columns: return "lstm"
    default:
      throw .choice(
        file: checkpoint.path,
        fault:
          "tensor \(prefix)weight_hh\(tail) has shape \(recurrent.shape): as many rows as columns would be an "
          + "Elman cell, 3 times as many a GRU, 4 times an LSTM; say which with --cell")
    }
  }

  private static func tensor(
    _ checkpoint: Checkpoint, asked: String?, endings: [String], option: String
  ) throws(ModelError) -> String? {
    if let asked {
      guard checkpoint.information(asked) != nil else {
        throw .choice(
          file: checkpoint.path,
          fault: "it holds no tensor '\(asked)'; it holds \(checkpoint.names.joined(separator: ", "))")
      }
      return asked
    }
    let matches = checkpoint.names.filter { name in
      endings.contains { name == $0 || name.hasSuffix("." + $0) }
    }
    guard matches.count <= 1 else {
      throw .choice(
        file: checkpoint.path,
        fault: "\(matches.joined(separator: " and ")) could each be meant; choose one with \(option)")
    }
    return matches.first
  }
}
