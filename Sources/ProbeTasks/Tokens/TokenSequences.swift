/// Sequences of token ids from the user's own file.
public struct TokenSequences: TokenTask {
  private static let expected =
    "a line each {\"tokens\":[ids],\"targets\":[ids or -1]}, the targets optional"

  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "tokens", summary: "Sequences of token ids from a file of JSON lines.",
    inputs: "the ids of \"tokens\" of each line",
    targets: "\"targets\" of each line; without, the next token",
    labels:
      "case: the number of the trial's line among those that hold anything, from 0; length: the prompt's",
    source: "the file",
    tokenParameters: [
      TaskParameter("file", "none", expected),
      TaskParameter(
        "bos", "false", "put the beginning-of-sequence token before the tokens: true, false, auto"),
    ],
    trials: "as many as the file has",
    score: ScoreDescriptor(
      name: "accuracy", meaning: "share of the steps asked whose largest logit is the target",
      direction: .higherIsBetter, threshold: 0.5))

  private struct Line: Decodable {
    var tokens: [Int]
    var targets: [Int]?
  }

  /// The parameters given.
  public let parameters: TaskParameters
  /// How many trials there are.
  public let trials: Int
  /// The extent of the time axis.
  public let steps: Int
  private let cases: [TokenTrial]

  /// Builds the task.
  public init(_ parameters: TaskParameters, vocabulary: TokenVocabulary) throws(TaskError) {
    self.parameters = parameters
    guard let path = parameters.path("file") else {
      throw parameters.fault("file", "the path of a file with \(Self.expected)")
    }
    let file = try JSONLines(path: path, task: parameters.task, expected: Self.expected)
    let beginning = try TokenPlan.beginning(parameters, vocabulary: vocabulary)
    var cases: [TokenTrial] = []
    for line in file.lines {
      let value = try file.decode(Line.self, from: line, expected: Self.expected)
      guard !value.tokens.isEmpty else { throw file.fault(line, "tokens is empty", "at least one id") }
      try file.check(value.tokens, "tokens", of: line, vocabulary: vocabulary)
      let targets = value.targets ?? Array(value.tokens.dropFirst())
      guard value.targets == nil || targets.count == value.tokens.count else {
        throw file.fault(
          line, "targets has \(targets.count) entries for \(value.tokens.count) tokens", "one for each token")
      }
      try file.check(targets.map { $0 == -1 ? 0 : $0 }, "targets", of: line, vocabulary: vocabulary)
      let tokens = beginning + value.tokens
      if let limit = vocabulary.maximumLength, tokens.count > limit {
        throw file.fault(line, "\(tokens.count) tokens", "at most the model's \(limit) positions")
      }
      cases.append(
        TokenTrial(
          tokens: tokens, targets: beginning.map { _ in -1 } + targets,
          labels: ["case": cases.count, "length": tokens.count], leading: beginning.count))
    }
    self.cases = cases
    trials =
      try TokenPlan(parameters, natural: cases.count, limit: (cases.count, "the cases of \(path)")).trials
    let longest = cases.prefix(trials).reduce(1) { max($0, $1.steps) }
    steps = try TokenPlan.steps(parameters, longest: longest, vocabulary: vocabulary)
  }

  /// The trial of the given index.
  public func trial(_ index: Int) -> TokenTrial { cases[index] }
}
