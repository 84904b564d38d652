import ProbeLinearAlgebra

/// The shared part of the tasks that ask a question of the last N bits.
///
/// Khajehabdollahi et al., "Emergent mechanisms for long timescales", ICLR 2024, arXiv 2309.12927: input bits are
/// independent, with a probability of 1 that each sequence draws uniformly from (0, 1).
struct RecentBits {
  static let inputs =
    "one channel of bits, 0 or 1; each trial has its own probability of a 1, uniform on (0, 1)"
  static let source = "Khajehabdollahi et al., ICLR 2024, arXiv 2309.12927"
  static let labels = "the right class, -1 for the first n - 1 steps, which do not count"

  /// The number of bits that the answer depends on.
  let count: Int
  let plan: TrialPlan

  init(_ parameters: TaskParameters, least: Int) throws(TaskError) {
    count = try parameters.integer("n", in: least...1_000_000)
    plan = try TrialPlan(
      parameters, minimumSteps: count, because: "the first answer is due at step n=\(count)")
  }

  /// A trial whose class at each step is what `answer` says of all bits up to it, oldest first.
  func trial(_ index: Int, answer: (ArraySlice<Int>) -> Int) -> Trial {
    var random = plan.generator(of: index)
    let probability = random.uniform()
    let bits = (0..<plan.steps).map { _ in random.bernoulli(probability) ? 1 : 0 }
    var targets = Tensor(shape: [plan.steps, 2], repeating: 0.0)
    var labels = Array(repeating: -1, count: plan.steps)
    for step in count - 1..<plan.steps {
      labels[step] = answer(bits[step - count + 1...step])
      targets.elements[2 * step + labels[step]] = 1
    }
    return Trial(
      inputs: .values(Tensor(shape: [plan.steps, 1], elements: bits.map(Double.init))), targets: targets,
      mask: labels.map { $0 >= 0 }, labels: labels)
  }
}
