/// The value of an arithmetic expression modulo 5, or whether an equation holds.
///
/// Two definitions bear this name. `chomsky` is Delétang et al., ICLR 2023, arXiv 2207.02098 (`modular_arithmetic` without
/// brackets): digits 0 to 4 with +, - and *, where * binds tighter; the answer is the expression's value. They ask at the
/// end of expressions; here every prefix is asked, and has the class `none` where it is not an expression. `flare`
/// is Butoi et al., ICLR 2025, arXiv 2411.07107 (`modular_arithmetic_simple`): an expression evaluated from left to
/// right whatever the operators, `=` and one digit; accepted are the equations that hold.
public struct ModularArithmetic: LanguageTask {
  /// Whose definition.
  public enum Convention: String, CaseIterable, Sendable {
    /// Delétang et al.: the value, * before + and -.
    case chomsky
    /// Butoi et al.: an equation that holds, from left to right.
    case flare
  }

  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "modular-arithmetic",
    summary:
      "At every step, the value modulo 5 of the expression read so far, or whether it is a true equation.",
    inputs: LanguageText.inputs("the digits 0 to 4, +, -, * and with convention=flare ="),
    targets: "one-hot; chomsky: six classes, no expression or its value 0 to 4; flare: rejected, accepted",
    labels: LanguageText.labels,
    source:
      "chomsky: Delétang et al., ICLR 2023, arXiv 2207.02098; flare: Butoi et al., ICLR 2025, arXiv 2411.07107",
    parameters: [
      TaskParameter(
        "convention", "chomsky",
        "chomsky: the value, * before + and -; flare: whether EXPRESSION=DIGIT holds, evaluated from left to right"
      ),
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
    language = .modularArithmetic(try parameters.choice("convention", as: Convention.self))
  }
}

/// How far an expression has been read, and what its value depends on, modulo 5.
private enum ExpressionState: Hashable {
  /// A digit d is due; then the expression is worth `sum + factor * d`.
  case due(sum: Int, factor: Int)
  /// An operator may follow; the expression is worth `sum + term`, of which a * would multiply the term.
  case read(sum: Int, term: Int)
  /// After `=`: this digit is due.
  case claimed(Int)
  /// After a right digit.
  case complete
}

extension RegularLanguage {
  /// Arithmetic modulo 5, by either definition.
  public static func modularArithmetic(_ convention: ModularArithmetic.Convention) -> RegularLanguage {
    let operators = ["+", "-", "*"] + (convention == .flare ? ["="] : [])
    let symbols = (0..<5).map { "\($0)" } + operators
    return RegularLanguage(
      meaning: convention == .chomsky
        ? "the value modulo 5 of digits with +, - and *, * first"
        : "EXPRESSION=DIGIT that holds modulo 5, evaluated from left to right",
      source: convention == .chomsky ? "Delétang et al. 2023" : "Butoi et al. 2025", symbols: symbols,
      classes: convention == .chomsky ? ["none", "0", "1", "2", "3", "4"] : acceptorClasses,
      start: ExpressionState.due(sum: 0, factor: 1)
    ) { state in
      switch state {
      case .due(let sum, let factor): "\(sum)+\(factor)*"
      case .read(let sum, let term): convention == .chomsky ? "\(sum)+\(term)" : "\(sum)"
      case .claimed(let value): "=\(value)"
      case .complete: "complete"
      }
    } answer: { state in
      switch (state, convention) {
      case (.read(let sum, let term), .chomsky): 1 + (sum + term) % 5
      case (.complete, .flare): 1
      default: 0
      }
    } step: { state, symbol in
      switch (state, symbols[symbol]) {
      case (.due(let sum, let factor), _) where symbol < 5:
        // From left to right no later * reaches back into a term: only the value remains.
        convention == .chomsky
          ? .read(sum: sum, term: factor * symbol % 5) : .read(sum: (sum + factor * symbol) % 5, term: 0)
      case (.read(let sum, let term), "+"): .due(sum: (sum + term) % 5, factor: 1)
      case (.read(let sum, let term), "-"): .due(sum: (sum + term) % 5, factor: 4)
      case (.read(let sum, let term), "*"):
        convention == .chomsky ? .due(sum: sum, factor: term) : .due(sum: 0, factor: sum)
      case (.read(let sum, _), "="): .claimed(sum)
      case (.claimed(let value), _) where symbol == value: .complete
      default: nil
      }
    }
  }
}
