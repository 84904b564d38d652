/// The product of the permutations read so far: the word problem of a finite group.
///
/// Merrill, Petty and Sabharwal, "The illusion of state in state-space models", ICML 2024, arXiv 2404.08819: the symbols
/// are all elements of the group, and the answer at every step is the product so far. A word's first symbol is applied
/// first. In the classical decision problem (Barrington, "Bounded-width polynomial-size branching programs recognize
/// exactly those languages in NC1", JCSS 38 (1989) 150, doi:10.1016/0022-0000(89)90037-8) the answer is whether the
/// product is the identity. The minimal automaton is the group's Cayley graph in each case.
public struct WordProblem: LanguageTask {
  /// What is asked.
  public enum Answer: String, CaseIterable, Sendable {
    /// Which element the product is.
    case element
    /// Whether the product is the identity.
    case identity
  }

  /// Which elements are the symbols.
  public enum Symbols: String, CaseIterable, Sendable {
    /// All elements of the group.
    case all
    /// Two generators.
    case generators
  }

  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "word-problem", summary: "At every step, the product of the permutations read so far.",
    inputs: LanguageText.inputs("permutations in one-line notation"),
    targets: "one-hot; element: one class an element, in lexicographic order; identity: rejected, accepted",
    labels: "the group element, as the state of the language's minimal automaton",
    source: "element: Merrill, Petty and Sabharwal, ICML 2024, arXiv 2404.08819, with alphabet=all; "
      + "identity: Barrington 1989, doi:10.1016/0022-0000(89)90037-8",
    parameters: [
      TaskParameter("group", "S5", "S3, S4, S5, A4 or A5"),
      TaskParameter(
        "answer", "element",
        "element: which element the product is; identity: whether it is the identity"),
      TaskParameter(
        "alphabet", "all",
        "all: every element is a symbol; generators: (1 2), (1 2...n) for S, (1 2 3), (1 2...n) or (2 3...n) for A"
      ),
    ],
    steps: 32, score: .balancedAccuracy(threshold: 0.99))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The language.
  public let language: RegularLanguage
  /// No word is ever doomed.
  public let slip = 0.0

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    language = .wordProblem(
      of: PermutationGroup(try parameters.choice("group", as: PermutationGroup.Name.self)),
      answer: try parameters.choice("answer", as: Answer.self),
      symbols: try parameters.choice("alphabet", as: Symbols.self))
  }
}

extension RegularLanguage {
  /// The word problem of a group; a state is the product so far.
  public static func wordProblem(
    of group: PermutationGroup, answer: WordProblem.Answer, symbols: WordProblem.Symbols
  ) -> RegularLanguage {
    let letters = symbols == .all ? group.elements : group.generators
    let numbers = Dictionary(uniqueKeysWithValues: group.elements.enumerated().map { ($1, $0) })
    return RegularLanguage(
      meaning: answer == .element
        ? "the product in \(group.name.rawValue)"
        : "words whose product in \(group.name.rawValue) is the identity",
      source: answer == .element ? "Merrill, Petty and Sabharwal 2024" : "Barrington 1989",
      symbols: letters.map(PermutationGroup.text),
      classes: answer == .element ? group.elements.map(PermutationGroup.text) : acceptorClasses,
      start: group.elements[0], name: PermutationGroup.text
    ) { element in
      let number = numbers[element] ?? 0
      return answer == .element ? number : (number == 0 ? 1 : 0)
    } step: { element, symbol in
      PermutationGroup.product(element, letters[symbol])
    }
  }
}
