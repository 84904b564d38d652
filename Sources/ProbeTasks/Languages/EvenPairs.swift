/// Whether the number of 01s and 10s so far is even, which is to say that the first and the last symbol are equal.
///
/// Delétang et al., ICLR 2023, arXiv 2207.02098, whose class 0 (even) is our `accepted`; Butoi et al., ICLR 2025,
/// arXiv 2411.07107, accept the same language, the empty word included.
public struct EvenPairs: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "even-pairs",
    summary: "At every step, whether 01 and 10 occur an even number of times in the word read so far.",
    inputs: LanguageText.inputs("0 and 1"), targets: LanguageText.acceptorTargets,
    labels: LanguageText.labels,
    source: "Delétang et al., ICLR 2023, arXiv 2207.02098; Butoi et al., ICLR 2025, arXiv 2411.07107",
    parameters: [], steps: 32, score: .balancedAccuracy(threshold: 0.99))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// No word is ever doomed.
  public let slip = 0.0
  /// The language.
  public var language: RegularLanguage { .evenPairs }

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
  }
}

extension RegularLanguage {
  /// Words over {0, 1} in which 01 and 10 occur an even number of times; a state is the first and the last symbol.
  public static let evenPairs = RegularLanguage(
    meaning: "an even number of 01s and 10s", source: "Delétang et al. 2023; Butoi et al. 2025",
    symbols: ["0", "1"], start: [Int]()
  ) { ends in
    ends.isEmpty ? "ε" : "\(ends[0])...\(ends[1])"
  } answer: { ends in
    ends.first == ends.last ? 1 : 0
  } step: { ends, symbol in
    [ends.first ?? symbol, symbol]
  }
}
