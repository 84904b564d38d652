import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

extension CaptureReader {
  /// SHA-256 over what makes the capture what it is: model, task, sites, lengths, and the inputs of every trial.
  func identityHash() throws -> String {
    var hash = SHA256()
    let metadata = metadata
    hash.update(metadata.model.map { "\($0.family)\n\($0.configuration)\n\($0.sha256)\n" } ?? "\n")
    hash.update(metadata.task.map { "\($0.generator)\n\($0.parameters)\n\($0.seed ?? 0)\n" } ?? "\n")
    for site in metadata.sites { hash.update("\(site.name) \(site.shape) \(site.dtype)\n") }
    hash.update("\(metadata.steps) \(metadata.lengths)\n")
    // A block of trials at a time: inputs may be long.
    let block = 64
    for first in stride(from: 0, to: metadata.trials, by: block) {
      guard let batch = try inputs(trials: first..<min(metadata.trials, first + block)) else { break }
      switch batch.inputs {
      case .values(let tensor): tensor.elements.withUnsafeBytes { hash.update($0) }
      case .tokens(let tensor): tensor.elements.withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.hexadecimalDigest()
  }
}
