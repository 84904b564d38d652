/// The position on a cycle of five places after steps forth and back.
///
/// Two definitions bear this name. `chomsky` is Delétang et al., ICLR 2023, arXiv 2207.02098: the symbols are the steps -1, 0
/// and +1, the answer is the position. `flare` is Butoi et al., ICLR 2025, arXiv 2411.07107: the symbols are `<`, `=`
/// (stay) and `>`, a word ends with a digit, and is accepted when that is the position.
public struct CycleNavigation: LanguageTask {
  /// Whose definition.
  public enum Convention: String, CaseIterable, Sendable {
    /// Delétang et al.: the position.
    case chomsky
    /// Butoi et al.: whether the digit at the end is the position.
    case flare
  }

  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "cycle-navigation",
    summary:
      "At every step, the position on a cycle of five, or whether the word ends with the right position.",
    inputs: LanguageText.inputs(
      "chomsky: the steps -1, 0 and +1; flare: the steps <, = and > and the digits 0 to 4"),
    targets: "one-hot; chomsky: five classes, the position 0 to 4; flare: rejected, accepted",
    labels: LanguageText.labels,
    source:
      "chomsky: Delétang et al., ICLR 2023, arXiv 2207.02098; flare: Butoi et al., ICLR 2025, arXiv 2411.07107",
    parameters: [
      TaskParameter(
        "convention", "chomsky",
        "chomsky: the position; flare: whether the digit at the word's end is the position"),
      TaskParameter("slip", "0.02", LanguageText.slipMeaning + "; only with convention=flare"),
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
    let convention = try parameters.choice("convention", as: Convention.self)
    if convention == .chomsky {
      try parameters.refuse(["slip"], of: Self.descriptor, because: "with convention=chomsky")
    }
    language = .cycleNavigation(convention)
  }
}

extension RegularLanguage {
  /// Navigation on a cycle of five, by either definition; a state is the position, 5 stands for a right answer.
  public static func cycleNavigation(_ convention: CycleNavigation.Convention) -> RegularLanguage {
    let isFlare = convention == .flare
    let places = (0..<5).map { "\($0)" }
    return RegularLanguage(
      meaning: isFlare
        ? "steps on a cycle of five, then the position" : "the position after steps on a cycle of five",
      source: isFlare ? "Butoi et al. 2025" : "Delétang et al. 2023",
      symbols: isFlare ? ["<", "=", ">"] + places : ["-1", "0", "+1"],
      classes: isFlare ? acceptorClasses : places, start: 0
    ) { place in
      place == 5 ? "complete" : "\(place)"
    } answer: { place in
      isFlare ? (place == 5 ? 1 : 0) : place
    } step: { place, symbol in
      if place == 5 { return nil }
      if symbol < 3 { return (place + symbol + 4) % 5 }
      return symbol - 3 == place ? 5 : nil
    }
  }
}
