import ProbeLinearAlgebra

/// Prediction of the next symbol of a random probabilistic deterministic automaton.
public struct RandomPDFA: NextSymbolTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "random-pdfa",
    summary: "At every step, the probabilities of the next symbol of a random probabilistic automaton.",
    inputs: "tokens: numbers from 0, and # between words where words end", targets: NextSymbolText.targets,
    labels: NextSymbolText.labels,
    source:
      "defined here: transitions drawn so that all states are visited for ever, each state's probabilities "
      + "uniform on the simplex",
    parameters: [
      TaskParameter("states", "5", "the number of states, 1 to 10000"),
      TaskParameter("symbols", "2", "the number of symbols, the end not counted, 2 to 100"),
      TaskParameter(
        "end", "0",
        "the mean over states of the probability that the word ends, 0 to 0.5: each state's is uniform on (0, 2 end); "
          + "0 for one endless word without an end symbol"),
      TaskParameter("language-seed", "0", "the seed of the language; seed is that of the words"),
    ],
    steps: 64, score: .divergence(threshold: 0.01))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// The language that the stream is drawn from.
  public let language: ProbabilisticLanguage

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    language = .random(
      states: try parameters.integer("states", in: 1...10_000),
      symbols: try parameters.integer("symbols", in: 2...100), end: try parameters.number("end", in: 0...0.5),
      seed: try parameters.seed("language-seed"))
  }
}

extension ProbabilisticLanguage {
  /// A random language over numbered symbols; no two states have the same distribution.
  ///
  /// Transitions are drawn so that every state is reached, again until every state leads back to the start where words
  /// do not end: none is visited but once. A state's probabilities are the gaps between sorted uniform
  /// numbers, less its probability of the end, which is uniform on (0, 2 end).
  ///
  /// - Precondition: `states >= 1`, `symbols >= 2`, `end` is in `0...0.5`.
  public static func random(states: Int, symbols: Int, end: Double, seed: UInt64) -> ProbabilisticLanguage {
    precondition(states > 0 && symbols > 1, "a random language of \(states) states and \(symbols) symbols")
    precondition((0...0.5).contains(end), "a mean probability of the end of \(end)")
    var random = RandomGenerator(seed: seed)
    let hasEnd = end > 0
    var next: [[Int]]
    repeat {
      next = RandomTransitions.draw(states: states, symbols: symbols, &random)
    } while !hasEnd && !RandomTransitions.isStronglyConnected(next)
    let probabilities = next.map { _ in
      let stop = hasEnd ? random.uniform() * 2 * end : 0
      let cuts = [0] + (1..<symbols).map { _ in random.uniform() }.sorted() + [1]
      return zip(cuts.dropFirst(), cuts).map { ($0 - $1) * (1 - stop) } + (hasEnd ? [stop] : [])
    }
    return ProbabilisticLanguage(
      meaning: "a random distribution of \(states) states", source: "random, seed \(seed)",
      symbols: (0..<symbols).map { "\($0)" } + (hasEnd ? ["#"] : []), states: next.indices.map { "\($0)" },
      next: next.map { $0 + (hasEnd ? [0] : []) }, probabilities: probabilities, end: hasEnd ? symbols : nil)
  }
}
