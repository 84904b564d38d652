/// Every task, by name.
public enum TaskRegistry {
  /// The tasks, in the order they are listed in.
  public static let all: [any SequenceTask.Type] = [
    FlipFlop.self, SineWave.self, DelayedDiscrimination.self, PathIntegration.self, Parity.self,
    DelayedMatchToSample.self, HiddenMarkovEmission.self, Tomita.self, Dyck.self, ParityCheck.self,
    EvenPairs.self,
    ModularArithmetic.self, CycleNavigation.self, WordProblem.self, Reber.self, RandomDFA.self,
    ReberNext.self,
    RandomPDFA.self,
  ]

  /// What each task is.
  public static var descriptors: [TaskDescriptor] { all.map { $0.descriptor } }

  /// Builds the task that a specification such as `flipflop:bits=3,steps=64` names.
  ///
  /// - Throws: ``TaskError`` for text that cannot be read, an unknown task or parameter, or a value out of range.
  public static func task(_ text: String) throws(TaskError) -> any SequenceTask {
    let specification = try TaskSpecification(parsing: text)
    let known = descriptors.map(\.name)
    guard let type = all.first(where: { $0.descriptor.name == specification.name }) else {
      throw .unknownTask(
        name: specification.name, suggestion: nearestName(to: specification.name, among: known), known: known)
    }
    return try type.init(TaskParameters(for: type.descriptor, values: specification.values))
  }
}
