import Glibc
import ProbeLinearAlgebra

/// Compares the pairs of consecutive outputs that a model emits with those of a hidden Markov model.
///
/// A model's outputs are logits of a distribution from which it emits at each step (the Gumbel-softmax of arXiv
/// 2510.25674 samples from it), independently given the logits. The expected share of the pair (a, b) is then the
/// mean of softmax_a(t) softmax_b(t+1): no sampling is needed, and the score has no noise of its own. The score is
/// the total variation distance, half the sum of absolute differences, between those shares and the truth.
struct EmissionScorer: TaskScorer {
  let descriptor: ScoreDescriptor
  private let truth: [Double]
  private let outputs: Int
  private var sums: [Double]
  private var count = 0

  init(_ descriptor: ScoreDescriptor, model: HiddenMarkovModel) {
    self.descriptor = descriptor
    outputs = model.outputs
    truth = model.outputPairs.flatMap { $0 }
    sums = Array(repeating: 0, count: truth.count)
  }

  mutating func add(_ trial: Trial, outputs logits: Tensor<Double>) {
    precondition(logits.shape == trial.targets.shape, "outputs must have the shape of the targets")
    var previous: [Double]?
    for step in 0..<trial.steps {
      let current = softmax(logits.elements[step * outputs..<(step + 1) * outputs])
      if let previous {
        for now in 0..<outputs {
          for next in 0..<outputs { sums[now * outputs + next] += previous[now] * current[next] }
        }
        count += 1
      }
      previous = current
    }
  }

  var score: Score {
    let distance = zip(sums, truth).reduce(0) { $0 + abs($1.0 / Double(count) - $1.1) } / 2
    return Score(descriptor: descriptor, value: distance)
  }
}

/// Probabilities proportional to the exponentials, the largest logit taken off first so that none overflows.
private func softmax(_ logits: ArraySlice<Double>) -> [Double] {
  let largest = logits.max() ?? 0
  let weights = logits.map { exp($0 - largest) }
  let total = weights.reduce(0, +)
  return weights.map { $0 / total }
}
