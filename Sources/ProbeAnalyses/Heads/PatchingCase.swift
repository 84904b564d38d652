import ProbeLinearAlgebra
import ProbeModels

/// A clean prompt and its corrupt twin: one asked step, the answer to each, and where they differ.
struct PatchingCase: Equatable {
  let trial: Int
  /// Up to and with the asked step: what comes later cannot matter.
  let clean: [Int]
  let corrupt: [Int]
  /// The clean prompt's answer.
  let answer: Int
  /// The corrupt prompt's.
  let corruptAnswer: Int

  /// The asked step.
  var step: Int { clean.count - 1 }
  /// Where the prompts differ.
  var changed: [Int] { clean.indices.filter { clean[$0] != corrupt[$0] } }

  /// The positions to patch: from the first change to the asked step, since nothing before it differs; where those are
  /// too many, the nearest to the changes and to the asked step.
  func positions(most: Int) -> [Int] {
    let changed = changed
    guard let first = changed.first else { return [] }
    let all = first...max(first, step)
    if all.count <= most { return Array(all) }
    var chosen = Set<Int>()
    for distance in 0..<all.count {
      let near = [step - distance] + changed.flatMap { [$0 + distance, $0 - distance] }
      for position in near where all.contains(position) && chosen.count < most { chosen.insert(position) }
    }
    return chosen.sorted()
  }

  /// Where the case has the same shape as another: the same steps from the asked one back, and the same changes.
  func isAligned(with other: PatchingCase) -> Bool {
    changed.map { $0 - step } == other.changed.map { $0 - other.step }
  }
}

/// Finds clean and corrupt prompts among those of a capture.
struct PatchingCases {
  let prompts: TaskPrompts
  let model: AttentionModel
  /// The longest prompt that is patched, up to the asked step.
  static let longest = 256

  /// The step of a prompt whose answer stands in it shortly before, and is given rightly by the model.
  ///
  /// In the corrupt prompt every earlier occurrence of the answer is another token of the same prompts, which does not
  /// occur in this one.
  ///
  /// - Returns: nil where no asked step is rightly answered by a token of the prompt.
  /// - Throws: what the run throws.
  func drawn(_ prompt: TaskPrompts.Prompt, seed: UInt64) throws -> PatchingCase? {
    let candidates = prompt.asked.compactMap { step -> (step: Int, distance: Int)? in
      guard step < Self.longest, let first = prompt.tokens[..<step].firstIndex(of: prompt.targets[step])
      else {
        return nil
      }
      return (step, step - first)
    }
    guard let last = candidates.map(\.step).max() else { return nil }
    let answers = try self.answers(Array(prompt.tokens[...last]))
    let right = candidates.filter { answers[$0.step] == prompt.targets[$0.step] }
    guard let best = right.min(by: { ($0.distance, $0.step) < ($1.distance, $1.step) }) else { return nil }
    let own = Set(prompt.tokens)
    let others = Set(prompts.prompts.flatMap(\.tokens)).subtracting(own).sorted()
    guard !others.isEmpty else { return nil }
    var random = RandomGenerator(seed: seed, stream: UInt64(prompt.trial))
    let other = others[random.integer(below: others.count)]
    let answer = prompt.targets[best.step]
    let clean = Array(prompt.tokens[...best.step])
    return PatchingCase(
      trial: prompt.trial, clean: clean,
      corrupt: clean.indices.map { $0 < best.step && clean[$0] == answer ? other : clean[$0] },
      answer: answer,
      corruptAnswer: other)
  }

  /// The first rightly answered step to which the user's own corrupt prompt is answered otherwise.
  ///
  /// - Returns: nil where there is none.
  /// - Throws: what the run throws.
  func given(_ prompt: TaskPrompts.Prompt, corrupt row: [Int]) throws -> PatchingCase? {
    let length = min(prompt.tokens.count, Self.longest)
    let clean = Array(prompt.tokens[..<length])
    let corrupt = Array(row.prefix(length))
    guard let first = clean.indices.first(where: { clean[$0] != corrupt[$0] }) else { return nil }
    let answers = try self.answers(clean)
    let corruptAnswers = try self.answers(corrupt)
    let steps = prompt.asked.filter { $0 < length && $0 >= first }
    guard
      let step = steps.first(where: {
        answers[$0] == prompt.targets[$0] && corruptAnswers[$0] != answers[$0] && corruptAnswers[$0] >= 0
      })
    else { return nil }
    return PatchingCase(
      trial: prompt.trial, clean: Array(clean[...step]), corrupt: Array(corrupt[...step]),
      answer: answers[step], corruptAnswer: corruptAnswers[step])
  }

  /// What the model says at every step.
  private func answers(_ tokens: [Int]) throws -> [Int] {
    guard let logits = model.site(named: "logits") else { return tokens.map { _ in -1 } }
    var recorder = ArgmaxRecorder(trials: 1, steps: tokens.count)
    try model.run(
      TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens))),
      plan: RunPlan(observed: [logits], precision: prompts.precision), recorder: &recorder)
    return recorder.answers[0]
  }
}
