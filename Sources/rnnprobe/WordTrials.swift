import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// Hands the words of a task on a small alphabet to an attention model: its beginning token, then one token a symbol.
struct WordTrials: TrialSource {
  let task: any SequenceTask
  private let beginning: [Int]
  private let symbols: [Int]
  /// The token of each class; -1 where the vocabulary has none.
  private let classes: [Int]

  /// Finds the task's symbols in a vocabulary.
  ///
  /// - Throws: ``CommandError`` where the task has vectors as inputs, a symbol is not one token, or words are too long.
  init(_ task: any SequenceTask, vocabulary: TokenVocabulary) throws {
    let name = type(of: task).descriptor.name
    guard case .tokens(let alphabet) = task.input else {
      throw CommandError.wrong("the task \(name) has vectors as inputs, and the model reads tokens")
    }
    func token(_ text: String) -> Int? {
      guard let ids = vocabulary.encode?(text), ids.count == 1 else { return nil }
      return vocabulary.text?(ids[0]) == text ? ids[0] : nil
    }
    symbols = try alphabet.map { symbol in
      guard let id = token(symbol) else {
        throw CommandError.wrong(
          "the model's vocabulary has no single token '\(symbol)', a symbol of the task \(name)")
      }
      return id
    }
    beginning = vocabulary.beginning.map { [$0] } ?? []
    classes = (task.outputSize == 2 ? ["reject", "accept"] : []).map { token($0) ?? -1 }
    if let most = vocabulary.maximumLength, beginning.count + task.plan.steps > most {
      throw CommandError.wrong(
        "words of \(task.plan.steps) symbols after \(beginning.count) beginning token do not fit the model's \(most) "
          + "positions; give a smaller steps=")
    }
    self.task = task
  }

  var trialCount: Int { task.plan.trials }
  var steps: Int { beginning.count + task.plan.steps }

  func block(_ trials: Range<Int>) -> TrialBlock {
    var tokens: [Int] = []
    var targets: [Int] = []
    var labels: [Int] = []
    for trial in trials.map({ task.trial($0) }) {
      guard case .tokens(let word) = trial.inputs else { continue }
      tokens += beginning + word.map { symbols[$0] }
      targets += beginning.map { _ in -1 }
      labels += beginning.map { _ in -1 } + (trial.labels ?? word.map { _ in -1 })
      for step in word.indices {
        let row = trial.targets.elements[step * task.outputSize..<(step + 1) * task.outputSize]
        let answer = row.firstIndex(of: 1).map { $0 - row.startIndex }
        targets.append(
          trial.mask[step] ? answer.flatMap { $0 < classes.count ? classes[$0] : nil } ?? -1 : -1)
      }
    }
    let shape = [trials.count, steps]
    return TrialBlock(
      batch: TrialBatch(inputs: .tokens(Tensor(shape: shape, elements: tokens))),
      targets: .classes(Tensor(shape: shape, elements: targets)),
      labels: Tensor(shape: shape, elements: labels))
  }
}
