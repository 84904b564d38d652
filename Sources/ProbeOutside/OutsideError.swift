/// Why an outside program could not be asked.
public enum OutsideError: Error, Equatable, CustomStringConvertible {
  /// The program could not be started.
  case start(command: String, fault: String)
  /// The program ended while an answer was due; `standardError` holds its last lines.
  case ended(command: String, request: String, status: String, standardError: String)
  /// No answer came in time.
  case silent(command: String, request: String, seconds: Double, standardError: String)
  /// What came is not an answer in the documented framing.
  case framing(command: String, request: String, fault: String, standardError: String)
  /// The program speaks another version of the framing.
  case version(command: String, spoken: Int, known: Int)
  /// The program answered that it cannot do what was asked.
  case refused(command: String, request: String, message: String)
  /// The program does not offer what is needed, or offers what cannot be.
  case offer(command: String, fault: String)
  /// An answer is well formed and cannot be true.
  case answer(command: String, request: String, fault: String)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .start(let command, let fault):
      "cannot start the program '\(command)': \(fault)"
    case .ended(let command, let request, let status, let lines):
      "the program '\(command)' \(status) instead of answering \(request)" + Self.quoted(lines)
    case .silent(let command, let request, let seconds, let lines):
      "the program '\(command)' did not answer \(request) within \(seconds) s (--map-timeout) and was stopped"
        + Self.quoted(lines)
    case .framing(let command, let request, let fault, let lines):
      "the program '\(command)' answered \(request) against the framing of docs/outside-models.md: \(fault)"
        + Self.quoted(lines)
    case .version(let command, let spoken, let known):
      "the program '\(command)' speaks version \(spoken) of the framing; this rnnprobe speaks version \(known)"
    case .refused(let command, let request, let message):
      "the program '\(command)' could not answer \(request): \(message)"
    case .offer(let command, let fault):
      "the program '\(command)' cannot be used: \(fault)"
    case .answer(let command, let request, let fault):
      "the program '\(command)' answered \(request) with what cannot be: \(fault)"
    }
  }

  private static func quoted(_ lines: String) -> String {
    lines.isEmpty ? "" : "; the end of its standard error:\n" + lines
  }
}
