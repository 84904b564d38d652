import ProbeLinearAlgebra

/// Delayed discrimination: which of two pulses, a delay apart, was the stronger.
///
/// Huang et al., arXiv 2410.03972: amplitudes f1, f2 in [2, 10], delay in [5, 20], target sign(f2 - f1), N
/// independent channels. Here amplitudes are whole numbers, distinct within a channel, and divided by the
/// highest; f1 is the input of the first step, f2 that of the first step after the delay, when the answer is due.
public struct DelayedDiscrimination: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "delayed-discrimination",
    summary: "After a delay of silence, say whether the second pulse was stronger than the first.",
    inputs: "one channel a comparison: f1 / high at step 0, f2 / high after the delay, 0 elsewhere",
    targets: "one output a comparison: 0 until f2, then sign(f2 - f1) to the end",
    labels: "a number whose bit k is 1 when channel k's second pulse is the stronger",
    source: "Huang et al., arXiv 2410.03972",
    parameters: [
      TaskParameter("channels", "1", "the number of comparisons at once, 1 to 30"),
      TaskParameter("low", "2", "the lowest amplitude, a whole number from 1"),
      TaskParameter("high", "10", "the highest amplitude, a whole number above low"),
      TaskParameter("delay_min", "5", "the shortest delay in steps, from 0"),
      TaskParameter("delay_max", "20", "the longest delay in steps"),
    ],
    steps: 30, score: .meanSquaredError(threshold: 0.01))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The number of comparisons.
  public let channels: Int
  /// The amplitudes that occur, before they are divided by the highest.
  public let amplitudes: ClosedRange<Int>
  /// The delays that occur, in steps.
  public let delays: ClosedRange<Int>

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    channels = try parameters.integer("channels", in: 1...30)
    let low = try parameters.integer("low", in: 1...999_999)
    let high = try parameters.integer("high", in: low + 1...1_000_000, because: "above low=\(low)")
    amplitudes = low...high
    let shortest = try parameters.integer("delay_min", in: 0...1_000_000)
    let longest = try parameters.integer(
      "delay_max", in: shortest...1_000_000, because: "not below delay_min=\(shortest)")
    delays = shortest...longest
    plan = try TrialPlan(
      parameters, minimumSteps: longest + 2, because: "both pulses and a delay of \(longest) steps")
  }

  /// Delays of double length.
  public var harder: [String: String] {
    [
      "delay_min": "\(2 * delays.lowerBound)", "delay_max": "\(2 * delays.upperBound)",
      "steps": "\(plan.steps + delays.upperBound)",
    ]
  }

  /// One value a comparison.
  public var input: TaskInput { .values(features: channels) }
  /// One output a comparison.
  public var outputSize: Int { channels }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    var inputs = Tensor(shape: [plan.steps, channels], repeating: 0.0)
    var targets = inputs
    var label = 0
    let response = 1 + delays.lowerBound + random.integer(below: delays.count)
    for channel in 0..<channels {
      let pair = random.sample(2, of: amplitudes.count).map { amplitudes.lowerBound + $0 }
      inputs.elements[channel] = Double(pair[0]) / Double(amplitudes.upperBound)
      inputs.elements[response * channels + channel] = Double(pair[1]) / Double(amplitudes.upperBound)
      if pair[1] > pair[0] { label |= 1 << channel }
      for step in response..<plan.steps {
        targets.elements[step * channels + channel] = pair[1] > pair[0] ? 1 : -1
      }
    }
    return Trial(
      inputs: .values(inputs), targets: targets, mask: Array(repeating: true, count: plan.steps),
      labels: Array(repeating: label, count: plan.steps))
  }

  /// The mean squared error.
  public func scorer() -> any TaskScorer { MeanSquaredErrorScorer(Self.descriptor.score) }
}
