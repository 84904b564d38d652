/// Balanced brackets of k kinds, nested to a bounded depth, asked of every prefix: Dyck-(k, m).
///
/// Hewitt et al., "RNNs can generate bounded hierarchical languages with optimal memory", EMNLP 2020,
/// arXiv 2010.07515, whose words end with a symbol of their own; here every prefix is judged instead, as in
/// Butoi et al., ICLR 2025, arXiv 2411.07107. The empty word is balanced.
public struct Dyck: LanguageTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "dyck",
    summary:
      "At every step, whether the word read so far is balanced brackets of bounded depth: Dyck-(k, m).",
    inputs: LanguageText.inputs("an opening and a closing bracket of each kind"),
    targets: LanguageText.acceptorTargets, labels: LanguageText.labels,
    source: "Hewitt et al., EMNLP 2020, arXiv 2010.07515, without its end symbol",
    parameters: [
      TaskParameter("k", "2", "the number of kinds of brackets, 1 to 64"),
      TaskParameter("depth", "3", "m, the most brackets that may be open at once, from 1"),
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

  /// The most states that an automaton of this task may have.
  static let largestAutomaton = 20_000
  /// The most brackets that may be open at once, of however few kinds.
  static let largestDepth = 1_000

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    slip = try parameters.number("slip", in: 0...1)
    let kinds = try parameters.integer("k", in: 1...64)
    var deepest = 1
    while deepest < Self.largestDepth,
      Self.stateCount(kinds: kinds, depth: deepest + 1) <= Self.largestAutomaton
    { deepest += 1 }
    let depth = try parameters.integer(
      "depth", in: 1...deepest,
      because: deepest == Self.largestDepth
        ? nil
        : "with k=\(kinds) the minimal automaton of depth \(deepest + 1) has more than "
          + "\(Self.largestAutomaton) states")
    language = .dyck(kinds: kinds, depth: depth)
  }

  /// The number of states of the minimal automaton: one for each stack of open brackets, and the sink.
  ///
  /// 1 + k + k² + ... + k^m + 1, which is m + 2 for one kind and (k^(m+1) - 1) / (k - 1) + 1 for more.
  static func stateCount(kinds: Int, depth: Int) -> Int {
    var stacks = 1
    for _ in 0..<depth { stacks = stacks * kinds + 1 }
    return stacks + 1
  }
}

extension RegularLanguage {
  /// Dyck-(k, m): balanced brackets of `kinds` kinds, at most `depth` of them open at once.
  ///
  /// Symbol 2i opens kind i, symbol 2i + 1 closes it. A state is the stack of open brackets.
  ///
  /// - Precondition: both numbers are positive.
  /// - Complexity: O(kinds^(depth + 1)) states.
  public static func dyck(kinds: Int, depth: Int) -> RegularLanguage {
    precondition(kinds > 0 && depth > 0, "Dyck-(\(kinds), \(depth))")
    let brackets =
      kinds <= 4
      ? Array(["(", ")", "[", "]", "{", "}", "<", ">"].prefix(2 * kinds))
      : (0..<kinds).flatMap { ["(\($0)", ")\($0)"] }
    return RegularLanguage(
      meaning:
        "balanced brackets of \(kinds) kind\(kinds == 1 ? "" : "s") with at most \(depth) open at once",
      source: "Hewitt et al. 2020", symbols: brackets, start: [Int]()
    ) { stack in
      stack.isEmpty ? "ε" : stack.map { brackets[2 * $0] }.joined()
    } answer: { stack in
      stack.isEmpty ? 1 : 0
    } step: { stack, symbol in
      if symbol % 2 == 0 { return stack.count < depth ? stack + [symbol / 2] : nil }
      return stack.last == symbol / 2 ? Array(stack.dropLast()) : nil
    }
  }
}
