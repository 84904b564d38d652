import ProbeLinearAlgebra

/// The N-bit flip-flop: each output holds the sign of its channel's last pulse.
///
/// Sussillo and Barak, "Opening the black box", Neural Computation 25 (2013) 626, doi:10.1162/NECO_a_00409,
/// section 3.4; the threshold is Huang et al., arXiv 2410.03972. As in FixedPointFinder's example, every trial
/// starts with a pulse on every channel, so the right answer is defined from the first step on.
public struct FlipFlop: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "flipflop", summary: "Each output holds the last pulse of its input channel.",
    inputs: "one channel a bit: pulses of -1 or +1, 0 between them",
    targets: "one output a bit: the last pulse, from the pulse's own step on",
    labels: "the memory's state, a number whose bit k is 1 when channel k holds +1",
    source: "Sussillo and Barak 2013, doi:10.1162/NECO_a_00409; threshold of Huang et al., arXiv 2410.03972",
    parameters: [
      TaskParameter("bits", "3", "the number of channels, 1 to 12"),
      TaskParameter("pulse", "0.2", "the probability of a pulse per channel and step, 0 to 1"),
    ],
    steps: 64, score: .meanSquaredError(threshold: 0.001))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The number of channels.
  public let bits: Int
  /// The probability of a pulse per channel and step.
  public let pulse: Double

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    bits = try parameters.integer("bits", in: 1...12)
    pulse = try parameters.number("pulse", in: 0...1)
  }

  /// One value a bit.
  public var input: TaskInput { .values(features: bits) }
  /// One output a bit.
  public var outputSize: Int { bits }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    var inputs = Tensor(shape: [plan.steps, bits], repeating: 0.0)
    var targets = inputs
    var labels = Array(repeating: 0, count: plan.steps)
    var held = Array(repeating: 0.0, count: bits)
    for step in 0..<plan.steps {
      for bit in 0..<bits where random.bernoulli(pulse) || step == 0 {
        held[bit] = random.bernoulli(0.5) ? 1 : -1
        inputs.elements[step * bits + bit] = held[bit]
      }
      for bit in 0..<bits { targets.elements[step * bits + bit] = held[bit] }
      labels[step] = Self.state(of: held)
    }
    return Trial(
      inputs: .values(inputs), targets: targets, mask: Array(repeating: true, count: plan.steps),
      labels: labels)
  }

  /// The mean squared error.
  public func scorer() -> any TaskScorer { MeanSquaredErrorScorer(Self.descriptor.score) }

  /// 2^N states; the symbols are no pulse, then each channel's pulse down and up alone.
  ///
  /// Where any other vector leads is ``state(after:from:)``.
  public var automaton: TaskAutomaton? {
    var vectors = [Array(repeating: 0.0, count: bits)]
    var symbols = ["no pulse"]
    for bit in 0..<bits {
      for sign in [-1.0, 1.0] {
        var vector = Array(repeating: 0.0, count: bits)
        vector[bit] = sign
        vectors.append(vector)
        symbols.append("channel \(bit) \(sign < 0 ? "-" : "+")1")
      }
    }
    let states = 0..<(1 << bits)
    return TaskAutomaton(
      states: states.map { state in memory(of: state).map { $0 < 0 ? "-" : "+" }.joined() }, symbols: symbols,
      inputVectors: vectors, next: states.map { state in vectors.map { self.state(after: $0, from: state) } },
      outputs: states.map(memory), start: nil)
  }

  /// The state that an input vector, one value a channel, leads to: signs set their bits, zeros leave them.
  public func state(after input: [Double], from state: Int) -> Int {
    precondition(input.count == bits, "an input has one value a channel")
    var result = state
    for (bit, value) in input.enumerated() {
      if value > 0 { result |= 1 << bit }
      if value < 0 { result &= ~(1 << bit) }
    }
    return result
  }

  /// The outputs, -1 or +1 a channel, that a state stands for.
  public func memory(of state: Int) -> [Double] {
    (0..<bits).map { state >> $0 & 1 == 1 ? 1 : -1 }
  }

  /// The state whose memory has the given signs.
  static func state(of memory: [Double]) -> Int {
    memory.enumerated().reduce(0) { $0 | ($1.element > 0 ? 1 << $1.offset : 0) }
  }
}
