/// Text from the user's own file, a prompt a line or cut into blocks.
public struct TextSequences: TokenTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "text", summary: "Text from a file, one prompt a line or in blocks.",
    inputs: "the text's tokens", targets: "the next token",
    labels:
      "case: the prompt's number, from 0; length: its length; line: its line in the file, from 1, for lines",
    source: "the file",
    tokenParameters: [
      TaskParameter("file", "none", "a text file in UTF-8"),
      TaskParameter(
        "split", "lines",
        "lines: one prompt a line that is not blank; blocks: the whole file in blocks of steps tokens"
      ),
      BeginningChoice.parameter,
    ],
    trials: "as many as the file has",
    steps:
      "the extent of the time axis; auto: the longest line, or blocks of the model's positions, at most 512",
    score: ScoreDescriptor(
      name: "accuracy", meaning: "share of the steps asked whose largest logit is the target",
      direction: .higherIsBetter, threshold: 0.5))

  /// How the file becomes prompts.
  enum Split: String, CaseIterable { case lines, blocks }

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
      throw parameters.fault("file", "the path of a text file")
    }
    guard let encode = vocabulary.encode else {
      throw .vocabulary(
        task: parameters.task, fault: "it has no tokenizer, and \(path) is text",
        expected: "a tokenizer, or the task tokens with ids")
    }
    let text = try TaskFile.text(path, task: parameters.task)
    let beginning = try TokenPlan.beginning(parameters, vocabulary: vocabulary)
    var cases: [TokenTrial] = []
    func add(_ tokens: some Collection<Int>, line: Int?) throws(TaskError) {
      let prompt = beginning + tokens
      if let limit = vocabulary.maximumLength, prompt.count > limit {
        throw .file(
          path: path, line: line, fault: "\(prompt.count) tokens",
          expected: "at most the model's \(limit) positions, or split=blocks")
      }
      var labels = ["case": cases.count, "length": prompt.count]
      labels["line"] = line
      // What follows the beginning is not asked: the text's first token can be any.
      let targets = beginning.map { _ in -1 } + tokens.dropFirst()
      cases.append(TokenTrial(tokens: prompt, targets: targets, labels: labels, leading: beginning.count))
    }
    switch try parameters.choice("split", as: Split.self) {
    case .lines:
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .enumerated()
      {
        let tokens = encode(String(line))
        if line.contains(where: { !$0.isWhitespace }), !tokens.isEmpty { try add(tokens, line: index + 1) }
      }
    case .blocks:
      let limit = vocabulary.maximumLength ?? 100_000_000
      let block =
        try parameters.integer("steps", in: beginning.count + 2...max(limit, beginning.count + 2), auto: ())
        ?? min(limit, 512)
      let tokens = encode(text)
      for start in stride(from: 0, to: tokens.count, by: block - beginning.count) {
        try add(tokens[start..<min(tokens.count, start + block - beginning.count)], line: nil)
      }
    }
    guard !cases.isEmpty else {
      throw .file(path: path, line: nil, fault: "the tokenizer makes no tokens of it", expected: "text")
    }
    self.cases = cases
    trials =
      try TokenPlan(parameters, natural: cases.count, limit: (cases.count, "the prompts of \(path)")).trials
    let longest = cases.prefix(trials).reduce(1) { max($0, $1.steps) }
    steps = try TokenPlan.steps(parameters, longest: longest, vocabulary: vocabulary)
  }

  /// The trial of the given index.
  public func trial(_ index: Int) -> TokenTrial { cases[index] }
}
