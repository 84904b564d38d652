import Glibc
import ProbeLinearAlgebra

/// The mean divergence, in nats, of the distributions whose logits a model answers from the true ones.
///
/// KL(p, q) = sum over p > 0 of p ln(p / q), q = softmax(outputs): the cross-entropy that the model has in excess of the
/// entropy of the language. It is infinite where a possible symbol has the logit -inf, and NaN for logits that are NaN
/// or +inf.
struct DivergenceScorer: TaskScorer {
  let descriptor: ScoreDescriptor
  private var sum = 0.0
  private var count = 0

  init(_ descriptor: ScoreDescriptor) { self.descriptor = descriptor }

  mutating func add(_ trial: Trial, outputs: Tensor<Double>) {
    precondition(outputs.shape == trial.targets.shape, "outputs must have the shape of the targets")
    let width = outputs.shape[1]
    for step in 0..<trial.steps where trial.mask[step] {
      let logits = outputs.elements[step * width..<(step + 1) * width]
      let truth = trial.targets.elements[step * width..<(step + 1) * width]
      // max would hide a NaN.
      let largest = logits.contains { $0.isNaN } ? .nan : logits.max() ?? 0
      let logSum = largest + log(logits.reduce(0) { $0 + exp($1 - largest) })
      for (logit, probability) in zip(logits, truth) where probability > 0 {
        sum += probability * (log(probability) - (logit - logSum))
      }
      count += 1
    }
  }

  var score: Score { Score(descriptor: descriptor, value: sum / Double(count)) }
}
