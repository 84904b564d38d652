import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// The machines that four learners make of one captured network, with their fidelities.
struct NextSymbolExtraction {
  let name: String
  let source: NextSymbolCapture
  /// The capture as it was named.
  let capture: NamedCapture
  /// The learners' machines: weighted L*, ALERGIA, spectral, clusters.
  private(set) var learnt: [LearntMachine]
  /// The one that is drawn; nil where no learner had a machine.
  let chosen: Int?
  /// The network against the task, and the task's machine against the network.
  private(set) var networkToTask: NextSymbolFidelity?
  private(set) var taskToNetwork: NextSymbolFidelity?
  /// Sizes of clusterings tried; empty where there are none.
  let clusters: [ClusterProbabilities.Row]
  /// The recorded states that were clustered; nil where there are none.
  let recorded: RecordedStates?
  /// Singular values of the spectral learner's matrix.
  let singularValues: [Double]
  /// The mean length of words drawn from the network and from the task, and how many were cut; nil where words have no end.
  let networkLength: MeanLength?
  let taskLength: MeanLength?
  /// What the reader must know.
  let warnings: [String]
  /// Steps that the network ran.
  let steps: Int

  /// The machine that is drawn.
  var machine: ProbabilisticMachine? { chosen.flatMap { learnt[$0].machine } }

  /// A shortest word after which a machine and the task's differ by more than the tolerance; nil where there is none.
  func taskDifference(_ machine: ProbabilisticMachine, tolerance: Double) -> Word? {
    source.truth.flatMap { machine.shortestDifference(from: $0, tolerance: tolerance) }
  }

  /// Learns and measures.
  ///
  /// - Throws: what running the model throws.
  init(_ capture: NamedCapture, options: NextSymbolsOptions, context: AnalysisContext) throws {
    let source = try NextSymbolCapture(capture.reader, context: context)
    let words = try source.words(limit: options.trials)
    let (beginnings, warning) = try source.first(words, options: options)
    let first = beginnings == nil ? 0 : 1
    var warnings = warning.map { [$0] } ?? []
    let network = try source.source(
      first: beginnings, precision: Precision(rawValue: options.precision) ?? .f32, threads: context.threads)
    var trie = DistributionTrie(
      network,
      budget: Budget(
        steps: options.steps, deadline: .now + .seconds(options.seconds), isCancelled: context.isCancelled))

    context.progress("\(capture.name): weighted L*", nil)
    var learnt: [LearntMachine] = []
    do {
      let result = try WeightedLStar(
        tolerance: options.tolerance, negligible: options.negligible, prefixLimit: options.prefixes,
        longest: options.longest, seed: context.seed
      ).learn(from: &trie)
      learnt.append(LearntMachine(WeightedLStar.name, .machine(result.machine), remark: result.remark))
      if !result.agrees {
        warnings.append(
          "weighted L* ended before machine and network agreed to the tolerance: \(result.endingText).")
      }
    } catch is BudgetSpent {
      warnings.append("the budget of weighted L* was spent before it had a machine.")
    }
    trie.budget = Budget()

    context.progress("\(capture.name): ALERGIA", nil)
    let sample = try trie.drawWords(options.sample, longest: options.longest, seed: context.seed ^ 1)
    if sample.contains(where: { !$0.isEmpty }) {
      let cut = source.hasEnd ? sample.count { $0.count == options.longest } : 0
      learnt.append(
        LearntMachine(
          ALERGIA.name,
          .machine(try ALERGIA(hasEnd: source.hasEnd).learn(from: sample, alphabet: source.alphabet)),
          remark: "from \(grouped(sample.count)) words drawn from the network"
            + (cut > 0 ? ", of which \(grouped(cut)) were cut and count as ended" : "")))
    }

    context.progress("\(capture.name): spectral learner", nil)
    let spectral = try SpectralPart(&trie, sample: sample, options: options)
    singularValues = spectral.singularValues
    if let machine = spectral.machine { learnt.append(machine) }

    context.progress("\(capture.name): clustering states", nil)
    let recorded = try source.states(words)
    let clusters = try recorded.flatMap {
      try ClusterProbabilities($0, &trie, words: words, from: first, options: options, context: context)
    }
    if let clusters { learnt.append(clusters.machine) }

    let fresh = try trie.drawWords(options.words, longest: options.longest, seed: context.seed ^ 2)
    context.progress("\(capture.name): measuring fidelity", nil)
    for index in learnt.indices {
      learnt[index].network = try learnt[index].measure(
        &trie, on: fresh, from: first, hasEnd: source.hasEnd, margin: options.tolerance)
    }
    networkLength = MeanLength(
      fresh, hasEnd: source.hasEnd, separator: source.separator, longest: options.longest)
    var taskLength: MeanLength?
    if let truth = source.truth {
      var task = DistributionTrie(MachineSource(truth))
      let drawn = try task.drawWords(options.words, longest: options.longest, seed: context.seed ^ 3)
      for index in learnt.indices {
        let own = learnt[index].negatives
        learnt[index].task = try learnt[index].measure(
          &task, on: drawn, from: first, hasEnd: source.hasEnd, margin: options.tolerance)
        learnt[index].negatives = own
      }
      networkToTask = try .measure(&task, &trie, on: drawn, from: first, margin: options.tolerance)
      taskToNetwork = try .measure(&trie, &task, on: fresh, from: first, margin: options.tolerance)
      taskLength = MeanLength(
        drawn, hasEnd: source.hasEnd, separator: source.separator, longest: options.longest)
    }
    self.taskLength = taskLength
    let wanted =
      switch options.learner {
      case .lstar: WeightedLStar.name
      case .alergia: ALERGIA.name
      case .kmeans: ClusterProbabilities.name
      }
    chosen = learnt.firstIndex { $0.learner == wanted }
    if chosen == nil { warnings.append("there is no machine of \(wanted) to draw.") }
    self.capture = capture
    name = capture.name
    self.source = source
    self.learnt = learnt
    self.recorded = recorded
    self.clusters = clusters?.rows ?? []
    self.warnings = warnings
    steps = trie.steps
  }
}

/// How long words are on average.
struct MeanLength {
  let symbols: Double
  /// Words that were cut, which count as they stand.
  let cut: Int

  /// Of words, or of the first word of each stream that a separator cuts up; nil where there is neither an end nor a separator.
  init?(_ words: [Word], hasEnd: Bool, separator: Int?, longest: Int) {
    guard hasEnd || separator != nil, !words.isEmpty else { return nil }
    // Later words would be the shorter ones, as long ones are cut where the stream is.
    let lengths = words.map { word in word.firstIndex { $0 == separator } ?? word.count }
    symbols = Double(lengths.reduce(0, +)) / Double(words.count)
    cut = lengths.count { $0 == longest }
  }
}

extension WeightedLStar.Result {
  /// How large the table became, and what was forced.
  var remark: String {
    "\(grouped(prefixes)) prefixes, \(grouped(suffixes)) suffixes, \(grouped(forcedTransitions)) forced transitions"
  }

  /// Why the search ended without agreement.
  var endingText: String {
    switch spent {
    case .steps(let steps)?: "its budget of \(grouped(steps)) steps was spent"
    case .seconds?: "its time was over"
    case .interrupted?: "it was interrupted"
    case nil: "its table was full, or a disagreement was within the tolerance of its rows"
    }
  }
}
