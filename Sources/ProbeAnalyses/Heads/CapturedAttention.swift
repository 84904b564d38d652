import ProbeCapture
import ProbeCheckpoints
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import ProbeTokenizers

/// The captures of one attention model, and the model itself where it can be run.
struct CapturedAttention {
  let captures: [NamedCapture]
  /// The model, from the weights in a capture or from `--model`; nil where there are neither.
  let model: AttentionModel?
  let layers: Int
  let heads: Int
  /// Token texts by id, of those that occur.
  let texts: [Int: String]
  /// The tokenizer beside the model that `--model` names; nil where there is none.
  let tokenizer: Tokenizer?

  /// Opens captures of one model.
  ///
  /// - Throws: ``AnalysisError`` where they are of several models, or name none.
  init(_ captures: [NamedCapture], context: AnalysisContext) throws {
    self.captures = captures
    var model: AttentionModel?
    var texts: [Int: String] = [:]
    guard let first = captures.first, let identity = first.reader.metadata.model else {
      throw AnalysisError.unsuitable(
        capture: captures.first?.reader.path ?? "", analysis: HeadsAnalysis.name, fault: "it names no model")
    }
    for capture in captures {
      guard let own = capture.reader.metadata.model, own.sha256 == identity.sha256 else {
        throw AnalysisError.unsuitable(
          capture: capture.reader.path, analysis: HeadsAnalysis.name,
          fault: "it is of another model than \(first.reader.path); give the captures of one model")
      }
      for entry in try capture.reader.vocabulary() { texts[entry.id] = entry.text }
      if model == nil { model = try capture.reader.attentionModel(context) }
    }
    self.model = model
    self.texts = texts
    tokenizer = try Self.tokenizer(folder: context.modelPath)
    if let model {
      layers = model.layers
      heads = model.heads
    } else {
      let sites = captures.flatMap { $0.reader.metadata.sites }
      layers = 1 + (sites.compactMap { Self.layer(of: $0.name) }.max() ?? -1)
      heads = sites.first { $0.axes.contains("head") && $0.name.contains(".summary.") }?.shape.first ?? 0
    }
    guard layers > 0, heads > 0 else {
      throw AnalysisError.unsuitable(
        capture: first.reader.path, analysis: HeadsAnalysis.name,
        fault: "it holds no summary of attention (blocks.*.attn.summary.*), and the model cannot be opened; "
          + "name it with --model FOLDER")
    }
  }

  /// A head's name.
  func name(_ index: Int) -> String { "\(index / heads).\(index % heads)" }

  private static func layer(of site: String) -> Int? {
    let parts = site.split(separator: ".")
    return parts.count > 2 && parts[0] == "blocks" ? Int(parts[1]) : nil
  }
}

extension CaptureReader {
  /// Whether the capture is of an attention model.
  var isOfAttention: Bool { metadata.sites.contains { $0.name.hasPrefix("blocks.") } }

  /// Whether a summary of every layer and head is there; a capture may hold some heads alone.
  func hasSummary(_ summary: AttentionSummary, layers: Int, heads: Int) -> Bool {
    (0..<layers).allSatisfy { layer in
      metadata.site("blocks.\(layer).attn.summary.\(summary.rawValue)")?.shape == [heads]
    }
  }

  /// Rebuilds the attention model from the weights in the capture or from `--model`; nil where there are neither.
  func attentionModel(_ context: AnalysisContext) throws -> AttentionModel? {
    guard let identity = metadata.model else { return nil }
    if let path = context.modelPath {
      let model = try AttentionModel.load(folder: path)
      guard model.identity.sha256 == identity.sha256 else {
        throw AnalysisError.unsuitable(
          capture: self.path, analysis: HeadsAnalysis.name,
          fault: "\(path) has the SHA-256 \(model.identity.sha256), the captured model \(identity.sha256)")
      }
      return model
    }
    guard let weights = try weights(), !weights.tensors.isEmpty else { return nil }
    return try AttentionModel(
      checkpoint: Checkpoint(label: self.path, tensors: weights.tensors),
      configuration: identity.configuration, name: identity.name, sha256: identity.sha256)
  }

  /// The valid tokens of one trial; empty where the capture has none.
  func trialTokens(_ trial: Int) throws -> [Int] {
    guard metadata.done[trial], case .tokens(let tensor) = try inputs(trials: trial..<trial + 1)?.inputs
    else { return [] }
    return Array(tensor.elements.prefix(metadata.lengths[trial]))
  }
}
