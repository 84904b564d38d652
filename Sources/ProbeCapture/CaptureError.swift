public import ProbeHDF5

/// Why a capture could not be written or read.
public enum CaptureError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened: it is missing, not HDF5, or cut off.
  case unreadable(file: String, fault: String)
  /// The file is HDF5 but not a capture, or not a whole one.
  case format(file: String, fault: String)
  /// The file is a capture of another version of the format.
  case version(file: String, found: Int)
  /// A part of the file cannot be read.
  case damaged(file: String, cause: HDF5Error)
  /// What was asked for is not among the sites.
  case site(pattern: String, known: [String])
  /// What was asked for lies outside the capture.
  case range(file: String, fault: String)
  /// There is an output already.
  case exists(file: String)
  /// There is an unfinished output already.
  case unfinished(file: String)
  /// The unfinished output belongs to another command.
  case resume(file: String, fault: String)
  /// The trials that were handed over do not fit together.
  case trials(fault: String)
  /// A call that writes failed.
  case write(file: String, cause: HDF5Error)
  /// The file system has no room left.
  case noSpace(file: String)
  /// Another program's hand is needed: the operating system refused.
  case system(operation: String, fault: String)
  /// The run was asked to stop.
  case cancelled(file: String, trialsDone: Int, trials: Int)

  /// Whether the input is damaged, as opposed to a wrong command or a failed run.
  public var isDamage: Bool {
    switch self {
    case .unreadable, .format, .version, .damaged: true
    default: false
    }
  }

  /// What was attempted, on what, what was seen, what would be right.
  public var description: String {
    switch self {
    case .unreadable(let file, let fault): "cannot read \(file): \(fault)"
    case .format(let file, let fault): "\(file) is not a capture that can be read: \(fault)"
    case .version(let file, let found):
      "\(file) is a capture written as version \(found); this program reads version \(CaptureFormat.version)"
    case .damaged(let file, let cause):
      "\(file) is damaged, or holds what this program does not read: \(cause)"
    case .site(let pattern, let known):
      "no site matches '\(pattern)'; there are \(known.isEmpty ? "none" : Self.shortened(known).joined(separator: ", "))"
    case .range(let file, let fault): "cannot read from \(file): \(fault)"
    case .exists(let file): "\(file) exists already; give --force to replace it, or another name with -o"
    case .unfinished(let file):
      "\(file) is an unfinished capture; give --resume to continue it, or --force to start anew"
    case .resume(let file, let fault):
      "cannot resume \(file): \(fault); give --force to start anew"
    case .trials(let fault): "the trials do not fit together: \(fault)"
    case .write(let file, let cause): "cannot write \(file): \(cause)"
    case .noSpace(let file):
      "no space left on the device that holds \(file); free some and give --resume to continue"
    case .system(let operation, let fault): "cannot \(operation): \(fault)"
    case .cancelled(let file, let done, let trials):
      "stopped after \(done) of \(trials) trials; \(file) keeps them, and --resume continues"
    }
  }
}

extension CaptureError {
  /// Names with the layer's number left open, where there are many layers of the same.
  private static func shortened(_ names: [String]) -> [String] {
    guard names.count > 24 else { return names }
    var seen = Set<String>()
    return names.map { name in
      name.split(separator: ".").map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    }.filter { seen.insert($0).inserted }
  }
}

/// The names that make a file a capture.
public enum CaptureFormat {
  /// The root attribute `format`.
  public static let name = "rnnprobe-capture"
  /// The root attribute `format_version`.
  public static let version = 1
}
