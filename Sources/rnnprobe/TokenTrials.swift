import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// Hands the trials of a token task to a capture, block by block.
struct TokenTrials: TrialSource {
  let task: any TokenTask
  /// Tokens to append where the task itself asks for none.
  var generate = 0
  /// Tokens that end a trial.
  let stopTokens: Set<Int>

  var trialCount: Int { task.trials }
  var steps: Int { task.steps + generate }

  func block(_ trials: Range<Int>) -> TrialBlock {
    let drawn = trials.map { task.trial($0) }
    let steps = self.steps
    var tokens = [Int](repeating: -1, count: trials.count * steps)
    var targets = tokens
    for (row, trial) in drawn.enumerated() {
      for (step, token) in trial.tokens.enumerated() { tokens[row * steps + step] = token }
      for (step, target) in trial.targets.enumerated() { targets[row * steps + step] = target }
    }
    let lengths = drawn.map(\.tokens.count)
    // The kinds of tables are those of the first trial of all, so that every block has the same.
    let first = task.trial(0)
    var tables: [String: Tensor<Int>] = [:]
    for label in first.labels.keys {
      tables["trial_" + label] = Tensor(
        shape: [trials.count], elements: drawn.map { $0.labels[label] ?? -1 })
    }
    let most = task.mostNeedles
    if most > 0 {
      tables["needles"] = Tensor(
        shape: [trials.count, most, 2],
        elements: drawn.flatMap { trial in
          (0..<most).flatMap { index in
            index < trial.needles.count
              ? [trial.needles[index].lowerBound, trial.needles[index].upperBound] : [-1, -1]
          }
        })
    }
    var generation: Generation?
    if first.maximumNewTokens + generate > 0 || most > 0 {
      generation = Generation(
        maximumNewTokens: drawn.map { $0.maximumNewTokens + generate }, stopTokens: stopTokens)
      tables["prompt_lengths"] = Tensor(shape: [trials.count], elements: lengths)
    }
    return TrialBlock(
      batch: TrialBatch(
        inputs: .tokens(Tensor(shape: [trials.count, steps], elements: tokens)), lengths: lengths),
      targets: .classes(Tensor(shape: [trials.count, steps], elements: targets)), tables: tables,
      generation: generation)
  }
}
