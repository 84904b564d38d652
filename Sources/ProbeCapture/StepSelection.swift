/// Which steps of a trial are recorded; the others hold fill values, and chunks of those alone are not written.
public enum StepSelection: Sendable, Equatable {
  /// All of them.
  case all
  /// From the last step of the prompt on: the steps that predict what is generated.
  case generation
  /// Steps within these ranges.
  case ranges([Range<Int>])

  /// Reads `all`, `generated`, or steps and ranges such as `0,5,10:20`.
  ///
  /// - Returns: nil for other text.
  public init?(parsing text: String) {
    switch text {
    case "all": self = .all
    case "generated": self = .generation
    default:
      var ranges: [Range<Int>] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let ends = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, first >= 0, ends.count <= 2 else { return nil }
        if ends.count == 1 {
          ranges.append(first..<first + 1)
        } else {
          guard let end = ends[1], end > first else { return nil }
          ranges.append(first..<end)
        }
      }
      self = .ranges(ranges)
    }
  }

  /// Whether a step is among those selected whatever the prompt.
  public func includes(_ step: Int) -> Bool { keeps(step, promptLength: 1) }

  /// Whether a step of a trial with the given prompt is recorded.
  func keeps(_ step: Int, promptLength: Int) -> Bool {
    switch self {
    case .all: true
    case .generation: step >= promptLength - 1
    case .ranges(let ranges): ranges.contains { $0.contains(step) }
    }
  }

  /// How many steps of a range are recorded.
  func count(in steps: Range<Int>, promptLength: Int) -> Int {
    if self == .all { return steps.count }
    return steps.count { keeps($0, promptLength: promptLength) }
  }
}
