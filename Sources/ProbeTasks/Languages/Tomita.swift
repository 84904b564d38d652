/// Membership in one of Tomita's seven languages, asked of every prefix.
///
/// Each word has its own probability of a 1, uniform on (0, 1), and a symbol that would doom the word (after which no
/// continuation belongs) is exchanged for the other one except with probability `slip`.
public struct Tomita: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "tomita", summary: "At every step, whether the word read so far is in one of Tomita's languages.",
    inputs: "tokens 0 and 1", targets: LanguageText.acceptorTargets,
    labels: LanguageText.labels,
    source: "Tomita 1982; Weiss, Goldberg and Yahav, ICML 2018, arXiv 1711.09576",
    parameters: [
      TaskParameter(
        "n", "1",
        "the language: "
          + RegularLanguage.tomita.enumerated().map { "\($0.offset + 1) \($0.element.meaning)" }
          .joined(separator: "; ")),
      TaskParameter("slip", "0.1", LanguageText.slipMeaning),
    ],
    steps: 32, score: .accuracy(threshold: 0.99))

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
    language = RegularLanguage.tomita[try parameters.integer("n", in: 1...7) - 1]
    slip = try parameters.number("slip", in: 0...1)
  }

  /// The accuracy.
  public func scorer() -> any TaskScorer { AccuracyScorer(Self.descriptor.score) }
}
