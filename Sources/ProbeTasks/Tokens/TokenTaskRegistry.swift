/// Every task on token ids, by name.
public enum TokenTaskRegistry {
  /// The tasks, in the order they are listed in.
  public static let all: [any TokenTask.Type] = [
    NeedleTask.self, RepeatedTokens.self, ListCounting.self, TokenSequences.self, TextSequences.self,
  ]

  /// What each task is.
  public static var descriptors: [TaskDescriptor] { all.map { $0.descriptor } }

  /// Whether a token task has this name.
  public static func isKnown(_ name: String) -> Bool { descriptors.contains { $0.name == name } }

  /// Builds the task that a specification such as `repeated-tokens:block=25,jitter=0` names.
  ///
  /// - Throws: ``TaskError`` for text that cannot be read, an unknown task or parameter, a value out of range, a
  ///   file that does not hold what it should, or trials that do not fit the vocabulary.
  public static func task(_ text: String, vocabulary: TokenVocabulary) throws(TaskError) -> any TokenTask {
    let specification = try TaskSpecification(parsing: text)
    let known = descriptors.map(\.name)
    guard let type = all.first(where: { $0.descriptor.name == specification.name }) else {
      throw .unknownTask(
        name: specification.name, suggestion: nearestName(to: specification.name, among: known), known: known)
    }
    return try type.init(
      TaskParameters(for: type.descriptor, values: specification.values), vocabulary: vocabulary)
  }
}
