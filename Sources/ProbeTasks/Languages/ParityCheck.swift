/// Whether the number of 1s so far is odd.
///
/// The language is "parity" of Delétang et al., ICLR 2023, arXiv 2207.02098 (their task `parity_check`, asked at the
/// end of a word), and of Butoi et al., ICLR 2025, arXiv 2411.07107, where words with an odd number of 1s are
/// accepted. The task `parity` is another: it asks of the last n bits only.
public struct ParityCheck: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "parity-check", summary: "At every step, whether the number of 1s in the word read so far is odd.",
    inputs: LanguageText.inputs("0 and 1"), targets: LanguageText.acceptorTargets,
    labels: LanguageText.labels,
    source:
      "Delétang et al., ICLR 2023, arXiv 2207.02098; accepting as in Butoi et al., ICLR 2025, arXiv 2411.07107",
    parameters: [], steps: 32, score: .balancedAccuracy(threshold: 0.99))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// No word is ever doomed.
  public let slip = 0.0
  /// The language.
  public var language: RegularLanguage { .oddOnes }

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
  }
}

extension RegularLanguage {
  /// Words over {0, 1} with an odd number of 1s.
  public static let oddOnes = RegularLanguage(
    meaning: "an odd number of 1s", source: "Delétang et al. 2023; Butoi et al. 2025", symbols: ["0", "1"],
    start: 0
  ) {
    $0 == 0 ? "even" : "odd"
  } answer: {
    $0
  } step: { parity, symbol in
    parity ^ symbol
  }
}
