internal import ProbeCheckpoints
internal import ProbeLinearAlgebra
internal import ProbeModels

extension CaptureReader {
  /// SHA-256 of what the capture is of: the model, the task, the sites' names and kinds, and the inputs; lower-case
  /// hexadecimal.
  ///
  /// The clock, the command line, the chunks and the recorded values play no part, so that two captures of the same
  /// thing have the same hash.
  ///
  /// - Throws: ``CaptureError/damaged(file:cause:)`` where the inputs cannot be read.
  /// - Complexity: reads all inputs, a few trials at a time.
  public func contentHash() throws(CaptureError) -> String {
    var hash = SHA256()
    for part in identityParts {
      // The length first, so that no two lists of parts run into the same text.
      hash.update("\(part.utf8.count):\(part)")
    }
    let width = max(1, try inputs(trials: 0..<min(1, metadata.trials)).map { Self.elementCount($0) } ?? 1)
    let rows = max(1, (8 << 20) / (8 * width))
    for start in stride(from: 0, to: metadata.trials, by: rows) {
      guard let batch = try inputs(trials: start..<min(metadata.trials, start + rows)) else { break }
      switch batch.inputs {
      case .values(let tensor): tensor.elements.withUnsafeBytes { hash.update($0) }
      case .tokens(let tensor): tensor.elements.withUnsafeBytes { hash.update($0) }
      }
      for (_, tensor) in batch.initialStates.sorted(by: { $0.key < $1.key }) {
        tensor.elements.withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.hexadecimalDigest()
  }

  private var identityParts: [String] {
    var parts = [CaptureFormat.name, "\(CaptureFormat.version)", metadata.precision?.rawValue ?? ""]
    if let model = metadata.model { parts += [model.family, model.configuration, model.sha256] }
    if let task = metadata.task {
      parts += [task.generator, task.parameters, task.seed.map { "\($0)" } ?? ""] + task.alphabet
    }
    parts += ["\(metadata.trials)", "\(metadata.steps)"]
    parts += metadata.lengths.map { "\($0)" } + metadata.done.map { $0 ? "1" : "0" }
    for site in metadata.sites {
      parts += [site.name, "\(site.axes)", "\(site.shape)", site.dtype, site.units]
    }
    return parts
  }

  private static func elementCount(_ batch: TrialBatch) -> Int {
    switch batch.inputs {
    case .values(let tensor): tensor.count
    case .tokens(let tensor): tensor.count
    }
  }
}
