import ProbeLinearAlgebra

/// Membership in one of Tomita's seven languages, asked of every prefix.
///
/// Uniformly random words hardly ever belong to some of the languages. Each word therefore has its own probability
/// of a 1, uniform on (0, 1), and a symbol that would doom the word (after which no continuation belongs) is
/// exchanged for the other one except with probability `slip`.
public struct Tomita: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "tomita", summary: "At every step, whether the word read so far is in one of Tomita's languages.",
    inputs: "tokens 0 and 1", targets: "two classes, one-hot: rejected, accepted",
    labels: "the state of the language's minimal automaton",
    source: "Tomita 1982; Weiss, Goldberg and Yahav, ICML 2018, arXiv 1711.09576",
    parameters: [
      TaskParameter(
        "n", "1",
        "the language: " + TomitaGrammar.all.map { "\($0.number) \($0.meaning)" }.joined(separator: "; ")),
      TaskParameter("slip", "0.1", "the probability that a symbol that dooms the word is let stand"),
    ],
    steps: 32, score: .accuracy(threshold: 0.99))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The language.
  public let grammar: TomitaGrammar
  /// The probability that a symbol that dooms the word is let stand.
  public let slip: Double

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    grammar = .language(try parameters.integer("n", in: 1...7))
    slip = try parameters.number("slip", in: 0...1)
  }

  /// The symbols 0 and 1.
  public var input: TaskInput { .tokens(alphabet: ["0", "1"]) }
  /// Rejected, accepted.
  public var outputSize: Int { 2 }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    let probability = random.uniform()
    var tokens: [Int] = []
    var labels: [Int] = []
    var targets = Tensor(shape: [plan.steps, 2], repeating: 0.0)
    var state = 0
    for step in 0..<plan.steps {
      var symbol = random.bernoulli(probability) ? 1 : 0
      let isDoomed = grammar.isSink(grammar.next[state][symbol])
      if isDoomed && !grammar.isSink(grammar.next[state][1 - symbol]) && !random.bernoulli(slip) {
        symbol = 1 - symbol
      }
      state = grammar.next[state][symbol]
      tokens.append(symbol)
      labels.append(state)
      targets.elements[2 * step + (grammar.accepts[state] ? 1 : 0)] = 1
    }
    return Trial(
      inputs: .tokens(tokens), targets: targets, mask: Array(repeating: true, count: plan.steps),
      labels: labels)
  }

  /// The accuracy.
  public func scorer() -> any TaskScorer { AccuracyScorer(Self.descriptor.score) }

  /// The language's minimal automaton.
  public var automaton: TaskAutomaton? {
    TaskAutomaton(
      states: grammar.accepts.indices.map { "\($0)" }, symbols: ["0", "1"], inputVectors: nil,
      next: grammar.next, outputs: grammar.accepts.map { $0 ? [0, 1] : [1, 0] }, start: 0)
  }
}
