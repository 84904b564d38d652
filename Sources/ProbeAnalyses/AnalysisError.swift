/// Why an analysis could not be made.
public enum AnalysisError: Error, Equatable, CustomStringConvertible {
  /// The capture has not what the analysis needs.
  case unsuitable(capture: String, analysis: String, fault: String)
  /// An option does not fit the capture.
  case option(name: String, fault: String)
  /// A part of a shared-out run cannot be joined with the others.
  case part(path: String, fault: String)

  /// What was attempted, on what, what was seen, what would be right.
  public var description: String {
    switch self {
    case .unsuitable(let capture, let analysis, let fault): "cannot run \(analysis) on \(capture): \(fault)"
    case .option(let name, let fault): "the option \(name) does not fit: \(fault)"
    case .part(let path, let fault): "cannot merge \(path): \(fault)"
    }
  }
}
