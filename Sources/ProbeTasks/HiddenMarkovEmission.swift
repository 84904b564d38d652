import ProbeLinearAlgebra

/// Emulation of a hidden Markov model by a network that is driven by noise alone.
///
/// Torre et al., arXiv 2510.25674: the input is white noise, the outputs are the logits of what is emitted, and
/// what must match is the distribution of the emitted sequences. No output of a single trial is right or wrong:
/// the targets are a sequence drawn from the hidden Markov model itself, for training by a distance between
/// distributions, and the score compares pairs of consecutive outputs with the closed form.
public struct HiddenMarkovEmission: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "hmm-emission",
    summary: "Turn white noise into outputs distributed as those of a hidden Markov model.",
    inputs: "independent standard normal noise",
    targets: "one-hot outputs of a sequence drawn from the hidden Markov model, unrelated to the noise",
    labels: "the hidden state behind the target", source: "Torre et al., arXiv 2510.25674",
    parameters: [
      TaskParameter("chain", "linear", "linear, full (3 states) or cyclic (4 states)"),
      TaskParameter("states", "3", "the number of states of the linear chain, 2 to 5"),
      TaskParameter("noise", "10", "the number of noise channels, from 1"),
    ],
    steps: 100,
    score: ScoreDescriptor(
      name: "pair_distance",
      meaning: "total variation distance between pairs of consecutive outputs, softmax against closed form",
      direction: .lowerIsBetter, threshold: 0.05))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// What is to be emulated.
  public let model: HiddenMarkovModel
  /// The number of noise channels.
  public let noiseChannels: Int

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters, minimumSteps: 2, because: "the score is of consecutive outputs")
    noiseChannels = try parameters.integer("noise", in: 1...1_000_000)
    let states = try parameters.integer("states", in: 2...5)
    model =
      switch try parameters.choice("chain", as: HiddenMarkovModel.Chain.self) {
      case .linear: .linear(states: states)
      case .full: .full
      case .cyclic: .cyclic
      }
  }

  /// The noise.
  public var input: TaskInput { .values(features: noiseChannels) }
  /// One logit an output.
  public var outputSize: Int { model.outputs }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    let noise = (0..<plan.steps * noiseChannels).map { _ in random.normal() }
    var targets = Tensor(shape: [plan.steps, outputSize], repeating: 0.0)
    var labels: [Int] = []
    var state = random.index(weighted: model.stationary)
    for step in 0..<plan.steps {
      if step > 0 { state = random.index(weighted: model.transitions[state]) }
      labels.append(state)
      targets.elements[step * outputSize + random.index(weighted: model.emissions[state])] = 1
    }
    return Trial(
      inputs: .values(Tensor(shape: [plan.steps, noiseChannels], elements: noise)), targets: targets,
      mask: Array(repeating: true, count: plan.steps), labels: labels)
  }

  /// The distance between distributions of consecutive outputs.
  public func scorer() -> any TaskScorer { EmissionScorer(Self.descriptor.score, model: model) }
}
