import FoundationEssentials
public import ProbeCapture
public import ProbeTasks

extension TaskDescription {
  /// The description of a task as a capture carries it: its parameters as a JSON object of strings.
  public init(_ task: any SequenceTask) {
    let values = Dictionary(uniqueKeysWithValues: task.parameters.resolved.map { ($0.name, $0.value) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    var alphabet: [String] = []
    if case .tokens(let symbols) = task.input { alphabet = symbols }
    self.init(
      generator: type(of: task).descriptor.name, parameters: text,
      seed: Int(truncatingIfNeeded: task.plan.seed), alphabet: alphabet)
  }

  /// The parameters by name; empty where they are not a JSON object of strings.
  var parameterTable: [String: String] {
    (try? JSONDecoder().decode([String: String].self, from: Data(parameters.utf8))) ?? [:]
  }
}
