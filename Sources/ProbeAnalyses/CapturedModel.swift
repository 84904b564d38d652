import ProbeCapture
import ProbeCheckpoints
import ProbeFindings
import ProbeModels
import ProbeTasks

extension CaptureReader {
  /// Rebuilds the recurrent model from the weights that the capture carries, or from the given file.
  ///
  /// - Throws: ``AnalysisError`` where there are neither weights nor a file, or the file is another model's.
  func recurrentModel(_ context: AnalysisContext, analysis: String) throws -> RecurrentModel {
    func unsuitable(_ fault: String) -> AnalysisError {
      .unsuitable(capture: path, analysis: analysis, fault: fault)
    }
    guard let identity = metadata.model else {
      throw unsuitable("it names no model, and this analysis runs the model's equations")
    }
    let configuration = try RecurrentConfiguration(json: identity.configuration, source: path)
    if let modelPath = context.modelPath {
      var request = ModelRequest()
      request.cell = configuration.cell
      request.prefix = modelPath.hasSuffix(".json") ? nil : configuration.prefix
      request.embedding = configuration.embedding
      request.readout = configuration.readout
      let model = try RecurrentModel.load(path: modelPath, request: request)
      guard model.identity.sha256 == identity.sha256 else {
        throw unsuitable(
          "\(modelPath) has the SHA-256 \(model.identity.sha256), the captured model \(identity.sha256)")
      }
      return model
    }
    guard let weights = try weights() else {
      throw unsuitable(
        "it carries no weights (they were above --weights-limit); name the model with --model PATH")
    }
    let checkpoint = Checkpoint(label: path, tensors: weights.tensors)
    return try RecurrentModel(
      checkpoint: checkpoint, configuration: configuration, name: identity.name, sha256: identity.sha256)
  }

  /// Half an ulp of the model's weights, relative.
  func weightRounding() throws -> Double {
    guard let identity = metadata.model else { return 0x1p-53 }
    return try RecurrentConfiguration(json: identity.configuration, source: path).weightRounding
  }

  /// The task that made the trials, where it is one of ours.
  func task() -> (any SequenceTask)? {
    guard let task = metadata.task else { return nil }
    return try? TaskRegistry.task(task.generator + ":" + task.parameterText)
  }

  /// Who the model is, as findings carry it.
  var foundModel: ProbeFindings.ModelIdentity? {
    metadata.model.map {
      ProbeFindings.ModelIdentity(name: $0.name, family: $0.family, source: $0.source, sha256: $0.sha256)
    }
  }
}

extension TaskDescription {
  /// `key=value,key=value`, values with commas quoted.
  var parameterText: String {
    parameterTable.sorted { $0.key < $1.key }
      .map { "\($0.key)=" + ($0.value.contains(",") ? "\"\($0.value)\"" : $0.value) }.joined(separator: ",")
  }
}
