import Glibc
import ProbeLinearAlgebra

/// Sine generation: a constant input tells each channel which frequency to produce.
///
/// Sussillo and Barak 2013, doi:10.1162/NECO_a_00409, section 3.3; frequencies and threshold are those of Huang
/// et al., arXiv 2410.03972: a static input for each of evenly spaced frequencies in [1, 30], target
/// sin(2 pi f t). The input is f divided by the highest frequency; t is 0 at the first step.
public struct SineWave: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "sine", summary: "Each output is a sine wave of the frequency that its constant input names.",
    inputs: "one channel a wave: frequency / high, constant over the trial",
    targets: "one output a wave: sin(2 pi f t), t = 0, dt, 2 dt, ...",
    labels: "the number of the frequency, lowest first (channel 0 counting fastest)",
    source: "Sussillo and Barak 2013, doi:10.1162/NECO_a_00409; ranges of Huang et al., arXiv 2410.03972",
    parameters: [
      TaskParameter("channels", "1", "the number of waves, 1 to 6"),
      TaskParameter("frequencies", "10", "how many frequencies, evenly spaced from low to high, 1 to 1000"),
      TaskParameter("low", "1", "the lowest frequency, cycles per unit of time"),
      TaskParameter("high", "30", "the highest frequency, cycles per unit of time"),
      TaskParameter("dt", "0.01", "the time of one step"),
    ],
    steps: 100, score: .meanSquaredError(threshold: 0.05))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The number of waves.
  public let channels: Int
  /// The frequencies that occur, ascending, in cycles per unit of time.
  public let frequencies: [Double]
  /// The time of one step.
  public let timeStep: Double

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    channels = try parameters.integer("channels", in: 1...6)
    let count = try parameters.integer("frequencies", in: 1...1000)
    let low = try parameters.number("low", in: 0...1e9)
    let high = try parameters.number("high", in: low...1e9)
    guard high > 0 else { throw parameters.fault("high", "a positive number") }
    frequencies = (0..<count).map { count == 1 ? high : low + (high - low) * Double($0) / Double(count - 1) }
    timeStep = try parameters.number("dt", in: 1e-12...1e9)
  }

  /// One value a wave.
  public var input: TaskInput { .values(features: channels) }
  /// One output a wave.
  public var outputSize: Int { channels }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    let chosen = (0..<channels).map { _ in random.integer(below: frequencies.count) }
    let highest = frequencies[frequencies.count - 1]
    var inputs = Tensor(shape: [plan.steps, channels], repeating: 0.0)
    var targets = inputs
    for step in 0..<plan.steps {
      for channel in 0..<channels {
        let frequency = frequencies[chosen[channel]]
        inputs.elements[step * channels + channel] = frequency / highest
        targets.elements[step * channels + channel] = sin(2 * .pi * frequency * timeStep * Double(step))
      }
    }
    let label = chosen.reversed().reduce(0) { $0 * frequencies.count + $1 }
    return Trial(
      inputs: .values(inputs), targets: targets, mask: Array(repeating: true, count: plan.steps),
      labels: Array(repeating: label, count: plan.steps))
  }

  /// The mean squared error.
  public func scorer() -> any TaskScorer { MeanSquaredErrorScorer(Self.descriptor.score) }
}
