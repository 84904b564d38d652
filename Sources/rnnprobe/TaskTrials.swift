import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// Hands a task's trials to a capture, block by block.
struct TaskTrials: TrialSource {
  let task: any SequenceTask

  var trialCount: Int { task.plan.trials }
  var steps: Int { task.plan.steps }

  func block(_ trials: Range<Int>) -> TrialBlock {
    let drawn = trials.map { task.trial($0) }
    let steps = self.steps
    var tokens: [Int] = []
    var values: [Double] = []
    var targets: [Double] = []
    var labels: [Int] = []
    for trial in drawn {
      switch trial.inputs {
      case .values(let tensor): values += tensor.elements
      case .tokens(let ids): tokens += ids
      }
      // Steps that do not count have no target.
      for step in 0..<steps {
        let row = trial.targets.elements[step * task.outputSize..<(step + 1) * task.outputSize]
        targets += row.map { trial.mask[step] ? $0 : .nan }
      }
      if let own = trial.labels { labels += own }
    }
    let count = trials.count
    let inputs: TrialBatch.Inputs =
      switch task.input {
      case .values(let features): .values(Tensor(shape: [count, steps, features], elements: values))
      case .tokens: .tokens(Tensor(shape: [count, steps], elements: tokens))
      }
    return TrialBlock(
      batch: TrialBatch(inputs: inputs),
      targets: .values(Tensor(shape: [count, steps, task.outputSize], elements: targets)),
      labels: labels.isEmpty ? nil : Tensor(shape: [count, steps], elements: labels))
  }
}
