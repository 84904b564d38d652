import ProbeAutomata
import ProbeCapture
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels

/// The machine of one network with everything that is said of it.
struct NetworkAutomaton {
  let extraction: AutomatonExtraction
  /// What may be claimed of machine and network.
  let certificate: ProbeAutomata.Certificate
  /// How often machine and network agree, on stated words.
  let fidelities: [Fidelity]
  /// The network's recorded states with their words; nil for an attention model and captures without states.
  let recorded: RecordedStates?
  /// Where each machine state lies; nil where no states are recorded.
  let regions: StateRegions?
  /// Machines made of clusters of those states; nil where there are none.
  let clusters: ClusterSweep?
  /// The same as `fidelities` for the machines that were chosen among those of clusters, by method.
  let clusterFidelities: [(method: String, fidelity: Fidelity)]
  /// Where each symbol leads when it is repeated.
  let repeats: [RepeatedSymbol]
  /// The machine against the task's language.
  let comparison: LanguageComparison?

  /// One symbol repeated from one state.
  struct RepeatedSymbol {
    let state: Int
    let symbol: Int
    /// The machine's states that come again and again, from the first.
    let machineCycle: [Int]
    let network: RepeatedInput
  }

  /// The machine, the network and the true language against one another.
  struct LanguageComparison {
    let truth: MooreMachine
    /// The shortest word on which machine and language differ; nil where they are the same language.
    let machineDifference: Word?
    /// The shortest word found on which network and language differ.
    let networkDifference: Word?
    /// To which length all words were compared.
    let length: Int
  }

  var name: String { extraction.name }
  var language: CapturedLanguage { extraction.language }
  var machine: MooreMachine { extraction.machine }

  /// Learns from a captured network.
  init(_ capture: NamedCapture, options: AutomatonOptions, context: AnalysisContext) throws {
    let language = try CapturedLanguage(capture.reader, options: options, context: context)
    try self.init(
      AutomatonExtraction(
        capture.name, capture: capture, language: language, options: options, context: context),
      options: options, context: context)
  }

  /// Looks at what was learnt.
  init(_ learnt: AutomatonExtraction, options: AutomatonOptions, context: AnalysisContext) throws {
    var extraction = learnt
    let language = extraction.language
    context.progress("\(extraction.name): measuring fidelity", nil)
    extraction.trie.budget = Budget()
    certificate = try extraction.certificate()
    comparison = try Self.compare(&extraction, options: options)
    let samples = try Self.samples(&extraction, context: context)
    let truth = language.truth.map { machine in { (word: Word) in machine.output(of: word) } }
    fidelities = try samples.map {
      try Fidelity.measure(extraction.learnt, &extraction.trie, on: $0, truth: truth)
    }
    recorded = try Self.recordedStates(&extraction, options: options)
    let machine = extraction.machine
    regions = recorded.map { StateRegions(of: machine, in: $0) }
    if let regions, case .recurrent(let model, let symbols, _) = language.reader, !model.isBidirectional {
      context.progress("\(extraction.name): repeating symbols", nil)
      repeats = try Self.repeats(
        machine, regions, model: model, symbols: symbols, steps: options.repeatSteps,
        threads: context.threads)
    } else {
      repeats = []
    }
    context.progress("\(extraction.name): clustering states", nil)
    clusters = try recorded.flatMap {
      try ClusterSweep($0, extraction: &extraction, options: options, context: context)
    }
    clusterFidelities = try (clusters?.rows ?? []).filter(\.isChosen).flatMap { row in
      try samples.map { sample in
        (row.method, try Fidelity.measure(row.minimal, &extraction.trie, on: sample))
      }
    }
    self.extraction = extraction
  }

  private static func compare(
    _ extraction: inout AutomatonExtraction, options: AutomatonOptions
  ) throws -> LanguageComparison? {
    guard let truth = extraction.language.truth else { return nil }
    let difference = extraction.machine.difference(
      from: truth, isEmptyWordFree: extraction.language.isEmptyWordFree)
    // However long the words of the search were to be, this one ends.
    let most = AutomatonOracles.length(truth.alphabet.count)
    let length = min(options.length ?? most, most, extraction.language.longestWord ?? most)
    var network: Word?
    if difference != nil || !extraction.isContent {
      let start = truth.outputNames[Int(try extraction.trie.output(0))]
      let target = extraction.language.isEmptyWordFree ? truth.withEmptyWord(output: start) : truth
      var search = BoundedExhaustive(length: length)
      if case .disagreement(let word) = try search.search(target, &extraction.trie) { network = word }
    }
    return LanguageComparison(
      truth: truth, machineDifference: difference, networkDifference: network, length: length)
  }

  /// The words on which machines are compared with the network.
  private static func samples(
    _ extraction: inout AutomatonExtraction, context: AnalysisContext
  ) throws -> [WordSample] {
    let language = extraction.language
    let symbols = language.alphabet.count
    guard symbols > 0 else { return [] }
    let longest = language.longestWord.map { min(32, $0) } ?? 32
    var samples: [WordSample] = []
    let recorded = extraction.recorded.filter { !$0.isEmpty }
    if !recorded.isEmpty {
      samples.append(WordSample(recorded: recorded, source: "the capture \(extraction.name)"))
    }
    if longest >= 1 {
      samples.append(
        WordSample(lengths: 1...longest, perLength: 256, symbols: symbols, seed: context.seed))
      samples.append(
        try .balanced(
          perClass: 500, distribution: .uniform(lengths: 1...longest), drawLimit: 20_000, seed: context.seed,
          &extraction.trie))
    }
    return samples
  }

  /// The recorded states of the trials that are made of symbols, with the network's outputs.
  private static func recordedStates(
    _ extraction: inout AutomatonExtraction, options: AutomatonOptions
  ) throws -> RecordedStates? {
    guard let reader = extraction.capture?.reader else { return nil }
    let sites = reader.metadata.stateSites
    guard let model = extraction.language.recurrent, !sites.isEmpty, !extraction.recorded.isEmpty else {
      return nil
    }
    let words = extraction.recorded
    let rows = words.reduce(words.count) { $0 + $1.count }
    let width = sites.reduce(0) { $0 + $1.elementCount }
    guard width == model.stateSize else { return nil }
    var states = Matrix<Double>(rows: rows, columns: width)
    var symbols = [Int32](repeating: -1, count: rows)
    var outputs = [Int32](repeating: -1, count: rows)
    var starts = [0]
    for word in words { starts.append(starts[starts.count - 1] + word.count + 1) }
    var column = 0
    for site in sites {
      let count = site.elementCount
      for (trial, word) in words.enumerated() where !word.isEmpty {
        let values: Tensor<Double> = try reader.values(
          of: site.name, trials: trial..<trial + 1, steps: 0..<word.count)
        for step in 0..<word.count {
          for unit in 0..<count {
            states[starts[trial] + step + 1, column + unit] = values.elements[step * count + unit]
          }
        }
      }
      column += count
    }
    for (trial, word) in words.enumerated() {
      var node: Int32 = 0
      if !extraction.language.isEmptyWordFree { outputs[starts[trial]] = try extraction.trie.output(node) }
      for (step, symbol) in word.enumerated() {
        node = extraction.trie.child(of: node, symbol: symbol)
        symbols[starts[trial] + step + 1] = Int32(symbol)
        outputs[starts[trial] + step + 1] = try extraction.trie.output(node)
      }
    }
    return try RecordedStates(
      alphabet: extraction.language.alphabet, outputNames: extraction.language.outputNames,
      states: states, symbols: symbols, outputs: outputs, starts: starts)
  }

  private static func repeats(
    _ machine: MooreMachine, _ regions: StateRegions, model: RecurrentModel, symbols: Matrix<Double>,
    steps: Int, threads: Int
  ) throws -> [RepeatedSymbol] {
    let maps = try (0..<symbols.rows).map { try RecurrentMap(model, input: Array(symbols.row($0))) }
    let cases = (0..<machine.stateCount).flatMap { state in (0..<symbols.rows).map { (state, $0) } }
    guard cases.count <= 2000 else { return [] }
    return try concurrentMap(count: cases.count, threads: threads) { index -> RepeatedSymbol? in
      let (state, symbol) = cases[index]
      guard let centroid = regions.centroids[state] else { return nil }
      return RepeatedSymbol(
        state: state, symbol: symbol,
        machineCycle: machine.transitions.cycle(repeating: symbol, from: state),
        network: try RepeatedInput(of: maps[symbol], from: centroid, steps: steps))
    }.compactMap { $0 }
  }
}

extension AutomatonExtraction {
  /// Whether no search found a disagreement with the last hypothesis.
  var isContent: Bool { result.ending == .agreement }

  /// What may be claimed of the machine that is reported.
  mutating func certificate() throws -> ProbeAutomata.Certificate {
    if chosen == result.rounds.count - 1 { return try ProbeAutomata.Certificate(result, &trie) }
    var asked = AskedWords()
    var word: Word?
    if case .disagreement(let found) = try asked.search(learnt, &trie) { word = found }
    return try ProbeAutomata.Certificate(
      learnt, evidence: [], disagreement: word, ending: result.ending.text, &trie)
  }
}

extension CapturedLanguage {
  /// The longest word that the model can read; nil where nothing bounds it.
  var longestWord: Int? {
    if case .attention(let model, let beginning, _, _, _) = reader {
      return model.parts.maximumPositions.map { $0 - beginning.count }
    }
    return nil
  }
}

extension Transitions {
  /// The states that one symbol repeated for ever visits again and again, in turn, from the first that comes back.
  func cycle(repeating symbol: Int, from state: Int) -> [Int] {
    var seen: [Int: Int] = [:]
    var path: [Int] = []
    var state = state
    while seen[state] == nil {
      seen[state] = path.count
      path.append(state)
      state = self[state, symbol]
    }
    return Array(path[(seen[state] ?? 0)...])
  }
}
