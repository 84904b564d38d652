/// Membership in Reber's grammar, asked of every prefix.
///
/// ``ReberGrammar`` tells the two sets of letters apart. What follows a prefix is asked by the task `reber-next`.
public struct Reber: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "reber", summary: "At every step, whether the word read so far is a whole word of Reber's grammar.",
    inputs: LanguageText.inputs("the grammar's letters"), targets: LanguageText.acceptorTargets,
    labels: LanguageText.labels, source: ReberText.source,
    parameters: [ReberText.convention, LanguageText.slip], steps: 16,
    score: .balancedAccuracy(threshold: 0.99))

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
    language = .reber(try parameters.choice("convention", as: ReberGrammar.self))
  }
}

/// What the descriptors of the two tasks have in common.
enum ReberText {
  static let source =
    "reber: Reber 1967, doi:10.1016/S0022-5371(67)80149-X; "
    + "cleeremans: Cleeremans, Servan-Schreiber and McClelland 1989, doi:10.1162/neco.1989.1.3.372"
  static let convention = TaskParameter(
    "convention", "reber", "reber: the letters P, S, T, V, X; cleeremans: T, S, X, P, V between B and E")
}
