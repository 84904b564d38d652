/// Why a task could not be built.
public enum TaskError: Error, Equatable, CustomStringConvertible {
  /// The text is not `NAME:key=value,...`.
  case syntax(text: String, fault: String)
  /// No task has this name.
  case unknownTask(name: String, suggestion: String?, known: [String])
  /// The task has no such parameter.
  case unknownParameter(task: String, name: String, suggestion: String?, known: [String])
  /// A parameter's value is not one the task can take.
  case value(task: String, name: String, value: String, expected: String)
  /// A file that a task is made from cannot be read at all.
  case unreadable(task: String, path: String, fault: String)
  /// A file that a task is made from does not hold what it should; lines count from 1.
  case file(path: String, line: Int?, fault: String, expected: String)
  /// The model's vocabulary, tokenizer or number of positions does not fit the task.
  case vocabulary(task: String, fault: String, expected: String)

  /// What was attempted, on what, what was seen, what would be right.
  public var description: String {
    switch self {
    case .syntax(let text, let fault):
      return "cannot read the task '\(text)': \(fault); write NAME or NAME:key=value,key=value, "
        + "with values that hold commas in double quotes"
    case .unknownTask(let name, let suggestion, let known):
      return "there is no task '\(name)'\(hint(suggestion)); the tasks are \(known.joined(separator: ", "))"
    case .unknownParameter(let task, let name, let suggestion, let known):
      return "task \(task) has no parameter '\(name)'\(hint(suggestion)); it has "
        + known.joined(separator: ", ")
    case .value(let task, let name, let value, let expected):
      return "task \(task) cannot take \(name)=\(value): wanted \(expected)"
    case .unreadable(let task, let path, let fault):
      return "task \(task) cannot read \(path): \(fault)"
    case .file(let path, let line, let fault, let expected):
      return "\(path)\(line.map { ", line \($0)" } ?? ""): \(fault); wanted \(expected)"
    case .vocabulary(let task, let fault, let expected):
      return "task \(task) cannot be made for this model: \(fault); wanted \(expected)"
    }
  }

  private func hint(_ suggestion: String?) -> String {
    suggestion.map { " (did you mean '\($0)'?)" } ?? ""
  }
}
