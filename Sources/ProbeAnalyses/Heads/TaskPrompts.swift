import ProbeCapture
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// The prompts of a capture that ask something: what pruning and patching are tried on.
struct TaskPrompts {
  /// One prompt.
  struct Prompt {
    let trial: Int
    /// Without what was generated.
    let tokens: [Int]
    /// The token that should follow each step, -1 where nothing is asked.
    let targets: [Int]
    /// Where the needles lie; empty for other tasks.
    let needles: [Range<Int>]
    /// How many tokens the captured run appended, and at least the needles' number.
    let newTokens: Int

    /// The steps that ask for something, with the next token in the prompt's reach.
    var asked: [Int] { tokens.indices.filter { targets[$0] >= 0 } }
    /// Tokens that go through the model in a run.
    var cost: Int { tokens.count + (needles.isEmpty ? 0 : newTokens) }
  }

  let capture: NamedCapture
  let prompts: [Prompt]
  /// The task's name; empty where the capture does not say.
  let task: String
  /// The arithmetic of the capture.
  let precision: Precision

  /// Reads a capture; nil where it asks nothing of tokens.
  ///
  /// - Throws: the errors of reading.
  init?(_ capture: NamedCapture, limit: Int = .max) throws {
    let reader = capture.reader
    guard case .classes(let targets)? = try reader.targets(trials: 0..<min(1, reader.metadata.trials)),
      targets.shape.count == 2
    else { return nil }
    let needles = try reader.table("needles")
    let lengths = try reader.table("prompt_lengths")
    var prompts: [Prompt] = []
    for trial in 0..<reader.metadata.trials where reader.metadata.done[trial] && prompts.count < limit {
      let all = try reader.trialTokens(trial)
      guard !all.isEmpty, case .classes(let row)? = try reader.targets(trials: trial..<trial + 1) else {
        continue
      }
      let length = min(lengths?.elements[trial] ?? all.count, all.count)
      let spans = needles?.needleSpans(trial: trial).filter { $0.upperBound <= length } ?? []
      let prompt = Prompt(
        trial: trial, tokens: Array(all[..<length]), targets: Array(row.elements.prefix(length)),
        needles: spans,
        newTokens: max(
          all.count - length, min(spans.reduce(0) { $0 + $1.count }, reader.metadata.steps - length)))
      if !prompt.asked.isEmpty || !spans.isEmpty { prompts.append(prompt) }
    }
    guard !prompts.isEmpty else { return nil }
    self.capture = capture
    self.prompts = prompts
    task = reader.metadata.task?.generator ?? ""
    precision = reader.metadata.precision ?? .f32
  }

  /// Whether answers are generated, and found or not, instead of read off at each asked step.
  var isGenerated: Bool { prompts.contains { !$0.needles.isEmpty } }

  /// The longest run of one of the prompts, in tokens.
  var longest: Int { prompts.map { $0.tokens.count + $0.newTokens }.max() ?? 1 }
}
