import ProbeLinearAlgebra

/// Averages the share of right answers over the classes, so that always naming a common class is no success.
///
/// Classes that never occur do not count. An answer with an output that is not a number is wrong, ties go to the lower
/// class. Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010,
/// doi:10.1109/ICPR.2010.764.
struct BalancedAccuracyScorer: TaskScorer {
  let descriptor: ScoreDescriptor
  private var right: [Int] = []
  private var count: [Int] = []

  init(_ descriptor: ScoreDescriptor) { self.descriptor = descriptor }

  mutating func add(_ trial: Trial, outputs: Tensor<Double>) {
    precondition(outputs.shape == trial.targets.shape, "outputs must have the shape of the targets")
    let width = outputs.shape[1]
    if right.isEmpty {
      right = Array(repeating: 0, count: width)
      count = right
    }
    for step in 0..<trial.steps where trial.mask[step] {
      let answer = outputs.elements[step * width..<(step + 1) * width]
      let target = trial.targets.elements[step * width..<(step + 1) * width]
      guard let truth = firstLargest(target) else { continue }
      if !answer.contains(where: \.isNaN) && firstLargest(answer) == truth { right[truth] += 1 }
      count[truth] += 1
    }
  }

  var score: Score {
    let shares = zip(right, count).filter { $0.1 > 0 }.map { Double($0.0) / Double($0.1) }
    return Score(descriptor: descriptor, value: shares.reduce(0, +) / Double(shares.count))
  }
}
