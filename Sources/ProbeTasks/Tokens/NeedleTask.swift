/// Needles in haystacks: a fact hidden in a long text, asked for at its end.
///
/// Wu et al., arXiv 2404.15574, and its published code: needles at 10 depths of texts of several lengths, inserted
/// at the end of a sentence, 50 tokens generated greedily. Needles, hay and wording are our own or the user's.
public struct NeedleTask: TokenTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "needle", summary: "Answer a question from a sentence hidden in a long text.",
    inputs: "hay with the needle in it, then the question; or the prompts of a file",
    targets: "the needle's tokens from the prompt's last step on, as if the answer said nothing else",
    labels:
      "case: which needle (or which case of the file), from 0; length: that of the prompt with generated "
      + "tokens, as asked for; depth: percent; question: where the hay ends (not for files)",
    source: "Wu et al., arXiv 2404.15574, and the code published with it",
    tokenParameters: [
      TaskParameter("file", "none", NeedleCases.expected),
      TaskParameter(
        "kind", "auto",
        "text, random (tokens: a key and its value) or file; auto: file where one is given, else text"),
      TaskParameter(
        "lengths", "auto",
        "prompt and generated tokens together, \"a,b\" or low..high/count; auto: quarters of the model's positions, "
          + "of at most 4096"),
      TaskParameter("depths", "0..100/10", "where the needle goes, percent of the hay"),
      TaskParameter(
        "needles-per-prompt", "1", "several are spread from the depth to the end and asked in one"),
      TaskParameter("haystack", "none", "a text file to use as hay; none: generated prose"),
      TaskParameter("needles", "none", "a JSON lines file: needle, question, answer; none: eight of our own"),
      TaskParameter(
        "template", "book",
        "book: the question is announced and \"Answer:\" follows; none: it alone; or a text with {question}, \\n a new line"
      ),
      TaskParameter(
        "buffer", "auto", "tokens kept of each length for all but hay and needle; auto: as many as it takes"),
      TaskParameter(
        "generate", "auto",
        "tokens generated where a file does not say; auto: 50, more where an answer is longer; or the random value"
      ),
      TaskParameter("key", "2", "tokens of a random needle's key, which the prompt ends with"),
      TaskParameter("value", "4", "tokens of a random needle's value, which is scored"),
      TaskParameter(
        "bos", "auto",
        "put the beginning-of-sequence token before the prompt: true, false, auto (where there is one, not for files)"
      ),
      TaskParameter("opening", "none", "token ids put before the prompt, as of a chat template: \"a,b\""),
      TaskParameter("closing", "none", "token ids put after the prompt"),
    ],
    trials: "the whole grid of lengths, depths and needles, or all cases of the file",
    score: ScoreDescriptor(
      name: "found",
      meaning: "share of the runs in which more than half of the needle's tokens are generated",
      direction: .higherIsBetter, threshold: 0.5))

  /// Where the prompts come from.
  enum Kind: String, CaseIterable { case auto, text, random, file }

  /// The parameters given.
  public let parameters: TaskParameters
  /// The extent of the time axis.
  public let steps: Int
  private let plan: TokenPlan
  private let source: Source

  private enum Source {
    case cases(NeedleCases)
    case generated(GeneratedNeedles)
  }

  /// Builds the task.
  public init(_ parameters: TaskParameters, vocabulary: TokenVocabulary) throws(TaskError) {
    self.parameters = parameters
    let kind = try parameters.choice("kind", as: Kind.self)
    let path = parameters.path("file")
    switch (kind, path) {
    case (.file, nil): throw parameters.fault("kind", "file=PATH with it")
    case (.text, .some), (.random, .some): throw parameters.fault("kind", "file or auto, as file= is given")
    case (_, let path?):
      try parameters.refuse(
        Self.descriptor.parameters.map(\.name).filter {
          !["file", "kind", "generate", "bos", "trials", "steps", "seed"].contains($0)
        }, of: Self.descriptor, because: "on the prompts of a file")
      let newTokens = try parameters.integer("generate", in: 0...1_000_000, auto: ()) ?? 50
      // The prompts of a file are whole; only an explicit request puts something before them.
      let isAsked = try parameters.choice("bos", as: BeginningChoice.self) == .true
      let cases = try NeedleCases(
        path: path, task: parameters.task, newTokens: newTokens,
        beginning: isAsked ? TokenPlan.beginning(parameters, vocabulary: vocabulary) : [],
        vocabulary: vocabulary)
      plan = try TokenPlan(parameters, natural: cases.count, limit: (cases.count, "the cases of \(path)"))
      steps = try TokenPlan.steps(
        parameters, longest: cases.steps.prefix(plan.trials).max() ?? 1, vocabulary: vocabulary
      )
      source = .cases(cases)
    case (_, nil):
      let generated = try GeneratedNeedles(parameters, isText: kind != .random, vocabulary: vocabulary)
      plan = try TokenPlan(parameters, natural: generated.grid.count)
      steps = try TokenPlan.steps(
        parameters, longest: generated.grid.lengths.max() ?? 1, vocabulary: vocabulary)
      source = .generated(generated)
    }
  }

  /// How many trials there are.
  public var trials: Int { plan.trials }

  /// The most needles that a trial has; the cases of a file may differ.
  public var mostNeedles: Int {
    switch source {
    case .cases(let cases): cases.mostNeedles
    case .generated: trial(0).needles.count
    }
  }

  /// The trial of the given index.
  public func trial(_ index: Int) -> TokenTrial {
    switch source {
    case .cases(let cases): return cases.trial(index)
    case .generated(let needles):
      var random = plan.generator(of: index)
      return needles.trial(index, using: &random)
    }
  }
}
