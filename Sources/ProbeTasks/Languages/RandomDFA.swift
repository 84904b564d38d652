import ProbeLinearAlgebra

/// Membership in a random regular language whose minimal automaton has a given number of states.
public struct RandomDFA: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "random-dfa",
    summary: "At every step, whether the word read so far is in a random regular language.",
    inputs: LanguageText.inputs("numbers from 0"), targets: LanguageText.acceptorTargets,
    labels: LanguageText.labels,
    source:
      "defined here: transitions drawn so that all states are reached, each accepting with probability 1/2, "
      + "drawn again until minimal",
    parameters: [
      TaskParameter("states", "10", "the number of states of the minimal automaton, 2 to 10000"),
      TaskParameter("symbols", "2", "the number of symbols, 1 to 100"),
      TaskParameter("language-seed", "0", "the seed of the language; seed is that of the words"),
      LanguageText.slip,
    ],
    steps: 32, score: .balancedAccuracy(threshold: 0.99))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The language.
  public let language: RegularLanguage
  /// The probability that a symbol that dooms the word is let stand.
  public let slip: Double

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    slip = try parameters.number("slip", in: 0...1)
    language = .random(
      states: try parameters.integer("states", in: 2...10_000),
      symbols: try parameters.integer("symbols", in: 1...100), seed: try parameters.seed("language-seed"))
  }
}

extension RegularLanguage {
  /// A random language over numbered symbols whose minimal automaton has exactly the given number of states.
  ///
  /// Transitions are drawn so that every state is reached, each state accepts with probability 1/2, and all is drawn
  /// again until no two states agree on all words. With two symbols or more the first draw mostly serves; with one
  /// symbol about every second or third does.
  ///
  /// - Precondition: `states >= 2`, `symbols >= 1`.
  public static func random(states: Int, symbols: Int, seed: UInt64) -> RegularLanguage {
    precondition(states > 1 && symbols > 0, "a random language of \(states) states and \(symbols) symbols")
    var random = RandomGenerator(seed: seed)
    while true {
      let next = RandomTransitions.draw(states: states, symbols: symbols, &random)
      let accepts = next.map { _ in random.bernoulli(0.5) }
      if RandomTransitions.distinguishableStates(next, outputs: accepts.map { $0 ? 1 : 0 }) == states {
        return RegularLanguage(
          meaning: "a random language of \(states) states", source: "random, seed \(seed)",
          symbols: (0..<symbols).map { "\($0)" }, next: next, accepts: accepts)
      }
    }
  }
}
