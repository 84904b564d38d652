/// A task: trials of inputs with targets, and a score for what a model answers.
///
/// A trial is a function of (seed, index) alone, so trials can be made in blocks of any size, in any order, on
/// any thread. A new task is one file that conforms to this, and one line in ``TaskRegistry``.
public protocol SequenceTask: Sendable {
  /// What the task is called, what it asks, and what can be set.
  static var descriptor: TaskDescriptor { get }

  /// Builds the task from its parameters.
  ///
  /// - Throws: ``TaskError`` when a value is not one the task can take.
  init(_ parameters: TaskParameters) throws(TaskError)

  /// The parameters that the task was built from, defaults included.
  var parameters: TaskParameters { get }
  /// How many trials, of how many steps, from which seed.
  var plan: TrialPlan { get }
  /// What a model reads at each step.
  var input: TaskInput { get }
  /// The number of outputs that the targets have.
  var outputSize: Int { get }
  /// The finite automaton that the task is, where it is one.
  var automaton: TaskAutomaton? { get }

  /// The parameters that make a harder variant, such as one on which networks are tested and never trained.
  var harder: [String: String] { get }

  /// The trial of the given index, which need not be below `plan.trials`.
  ///
  /// - Precondition: `index >= 0`.
  /// - Complexity: O(steps * features) time and memory.
  func trial(_ index: Int) -> Trial

  /// A fresh scorer: give it each trial with the model's outputs, then ask for the score.
  func scorer() -> any TaskScorer
}

extension SequenceTask {
  /// Most tasks are not finite automata.
  public var automaton: TaskAutomaton? { nil }

  /// Trials of double length (Huang et al., arXiv 2410.03972).
  public var harder: [String: String] { ["steps": "\(2 * plan.steps)"] }

  /// Builds the task from a specification such as `flipflop:bits=3`, whose name must be this task's.
  ///
  /// - Throws: ``TaskError`` when the text is malformed, names another task, or holds a value out of range.
  public init(parsing text: String) throws(TaskError) {
    let specification = try TaskSpecification(parsing: text)
    let name = Self.descriptor.name
    guard specification.name == name else {
      throw .unknownTask(name: specification.name, suggestion: name, known: [name])
    }
    try self.init(TaskParameters(for: Self.descriptor, values: specification.values))
  }
}

/// What a model that does a task reads at each step.
public enum TaskInput: Sendable, Equatable {
  /// A vector of this many features.
  case values(features: Int)
  /// One token of an alphabet; token i is `alphabet[i]`.
  case tokens(alphabet: [String])
}
