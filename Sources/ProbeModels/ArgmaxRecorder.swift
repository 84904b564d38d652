public import ProbeLinearAlgebra

/// Keeps where each lent row is largest: what a model answers at every step, without its logits.
///
/// - Complexity: O(elements) time, O(trials steps) memory.
public struct ArgmaxRecorder: Recorder {
  /// `[trial][step]`: the index of the largest element, the first of equal ones; -1 where nothing was recorded or the
  /// row holds NaN.
  public private(set) var answers: [[Int]]
  /// The tokens that were appended to each trial; empty where nothing is generated.
  public private(set) var generated: [[Int]]

  /// Room for a run that observes one site.
  public init(trials: Int, steps: Int) {
    answers = Array(repeating: Array(repeating: -1, count: steps), count: trials)
    generated = Array(repeating: [], count: trials)
  }

  /// Finds the largest element of each row; rows beyond the room are passed over.
  public mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    guard !steps.isEmpty else { return }
    let width = values.count / steps.count
    for (row, step) in steps.enumerated() where step < answers[trial].count {
      var best = -1
      var largest = -Scalar.infinity
      for index in 0..<width {
        let value = values[row * width + index]
        if value.isNaN {
          best = -1
          break
        }
        if value > largest || best < 0 { (best, largest) = (index, value) }
      }
      answers[trial][step] = best
    }
  }

  /// Keeps the appended tokens.
  public mutating func end(trial: Int, generated: [Int]) { self.generated[trial] = generated }
}
