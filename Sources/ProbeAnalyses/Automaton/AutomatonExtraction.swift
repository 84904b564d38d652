import ProbeAutomata
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// The machine learnt from one capture's model, and how the search for it went.
struct AutomatonExtraction {
  /// The capture; nil where an outside program is asked.
  let capture: NamedCapture?
  /// The capture's name, or the program's.
  let name: String
  let language: CapturedLanguage
  /// The tree of all words that the network was asked.
  var trie: PrefixTrie<AskedSystem>
  /// Every hypothesis and why the search ended.
  let result: LearningResult
  /// The hypothesis that is reported, minimal and canonical.
  let learnt: MooreMachine
  /// The same, the empty word's output freed where it is free.
  let machine: MooreMachine
  /// Which hypothesis that is.
  let chosen: Int
  /// Words of the capture.
  let recorded: [Word]
  let seconds: Double

  /// Learns.
  ///
  /// - Throws: what running the model throws.
  init(
    _ name: String, capture: NamedCapture?, language: CapturedLanguage, options: AutomatonOptions,
    context: AnalysisContext
  ) throws {
    self.capture = capture
    self.name = name
    self.language = language
    let begin = ContinuousClock.now
    let precision = Precision(rawValue: options.precision) ?? .f32
    let system = try language.system(precision: precision, threads: context.threads, seed: context.seed)
    recorded = try capture.map { try language.words($0.reader, limit: options.trials) } ?? []
    var trie = PrefixTrie(
      system,
      budget: Budget(
        steps: options.steps, deadline: begin + .seconds(options.seconds), isCancelled: context.isCancelled))
    trie.heedsEmptyWordMargin = !language.isEmptyWordFree
    let progress = context.progress
    let loop = LearningLoop(stateLimit: options.stateLimit) {
      progress("\(name): hypothesis of \($0.states) states after \($0.steps) steps", nil)
    }
    var oracles = try AutomatonOracles(options, language: language, recorded: recorded, seed: context.seed)
      .all
    switch options.learner {
    case .kv:
      var learner = KearnsVazirani()
      result = try loop.run(&learner, oracles: &oracles, trie: &trie)
    case .lstar:
      var learner = LStar()
      result = try loop.run(&learner, oracles: &oracles, trie: &trie)
    case .rpni, .edsm:
      let sample = try Self.sample(recorded, language: language, &trie)
      let machine =
        options.learner == .rpni ? try RPNI().learn(from: sample) : try EDSM().learn(from: sample)
      result = try loop.judge(machine, oracles: &oracles, trie: &trie)
    }
    chosen = try Self.best(result, &trie, recorded: recorded)
    learnt = (result.rounds[chosen].machine ?? result.machine).minimized()
    machine = language.isEmptyWordFree ? learnt.freeingEmptyWord() : learnt
    self.trie = trie
    let elapsed = ContinuousClock.now - begin
    seconds = elapsed.seconds
  }

  /// The recorded words and their prefixes with the network's answers.
  private static func sample(
    _ recorded: [Word], language: CapturedLanguage, _ trie: inout PrefixTrie<AskedSystem>
  ) throws -> LabelledSample {
    let words = Set(recorded.flatMap { word in (0...word.count).map { Array(word.prefix($0)) } })
      .filter { !($0.isEmpty && language.isEmptyWordFree) }
      .sorted { ($0.count, $0.description) < ($1.count, $1.description) }
    guard !words.isEmpty else {
      throw AnalysisError.option(
        name: "--learner", fault: "there are no recorded words to learn from; kv and lstar need none")
    }
    for word in words { _ = trie.node(for: word) }
    return LabelledSample(
      alphabet: language.alphabet, outputNames: language.outputNames, words: words,
      labels: try words.map { try trie.output(of: $0) })
  }

  /// The last hypothesis of a search that ended content; else the one that agrees best with all words asked.
  private static func best(
    _ result: LearningResult, _ trie: inout PrefixTrie<AskedSystem>, recorded: [Word]
  ) throws -> Int {
    let last = result.rounds.count - 1
    if result.ending == .agreement || result.ending == .refuted { return last }
    trie.budget = Budget()
    // Words that refuted one hypothesis after another are no fair sample; recorded ones are what the network is for.
    let words = recorded.flatMap { word in (0...word.count).map { Array(word.prefix($0)) } }
    if words.isEmpty { return last }
    let outputs = try words.map { try Int(trie.output(of: $0)) }
    let counts = result.rounds.map { round in
      round.machine.map { machine in zip(words, outputs).count { machine.output(of: $0) == $1 } } ?? -1
    }
    let most = counts.max() ?? 0
    return counts.firstIndex(of: most) ?? last
  }
}

/// The searches for disagreements, cheapest first.
struct AutomatonOracles {
  let all: [any EquivalenceOracle]

  init(_ options: AutomatonOptions, language: CapturedLanguage, recorded: [Word], seed: UInt64) throws {
    var all: [any EquivalenceOracle] = []
    let words = recorded.filter { !$0.isEmpty }
    if !words.isEmpty {
      all.append(
        WordList(words: words, labels: words.map { _ in nil }, source: "the capture"))
    }
    if let path = options.words {
      let file = try WordFile(
        path: path, alphabet: language.alphabet, outputNames: language.outputNames)
      all.append(WordList(words: file.words, labels: file.labels, source: path))
    }
    var parts: [CombinedOracle.Part] = []
    if language.recurrent != nil { parts.append(.init(AbstractionRefinement())) }
    parts.append(.init(WpMethod(extraStates: options.extraStates)))
    let longest = language.longestWord ?? 1 << 20
    parts.append(
      .init(BoundedExhaustive(length: min(longest, options.length ?? Self.length(language.alphabet.count)))))
    let distribution = WordDistribution.uniform(lengths: 1...max(1, min(longest, 32)))
    parts.append(
      .init(PAC(epsilon: options.epsilon, delta: options.delta, distribution: distribution, seed: seed)))
    parts.append(
      .init(
        BalancedPAC(
          epsilon: options.epsilon, delta: options.delta, distribution: distribution, seed: seed ^ 1)))
    // Each may spend its share of what is left, so that one long search does not keep the others from being asked.
    all.append(CombinedOracle(parts, steps: options.steps, time: .seconds(options.seconds)))
    self.all = all
  }

  /// The longest length to which there are at most 2^17 words.
  static func length(_ symbols: Int) -> Int {
    var (length, words, level) = (0, 1, 1)
    while symbols > 0, length < 64 {
      level *= symbols
      words += level
      if words > 1 << 17 { break }
      length += 1
    }
    return length
  }
}

extension MooreMachine {
  /// The machine without a start state of its own, where another state leads everywhere as the start does: the empty word alone
  /// then has that state's output.
  func freeingEmptyWord() -> MooreMachine {
    func row(_ state: Int) -> [Int] { (0..<alphabet.count).map { transitions[state, $0] } }
    let start = transitions.start
    guard let twin = (0..<stateCount).first(where: { $0 != start && row($0) == row(start) }) else {
      return self
    }
    return MooreMachine(
      alphabet: alphabet, outputNames: outputNames,
      transitions: Transitions(
        stateCount: stateCount, symbolCount: alphabet.count, start: twin, next: transitions.next),
      outputs: outputs
    ).canonical()
  }

  /// The first of the shortest words on which two machines differ, the empty word left out where it is free; nil where they are
  /// the same language.
  func difference(from other: MooreMachine, isEmptyWordFree: Bool) -> Word? {
    guard isEmptyWordFree else { return firstDifference(from: other) }
    let name = outputNames.first ?? ""
    return withEmptyWord(output: name).firstDifference(from: other.withEmptyWord(output: name))
  }

  /// The machine with a start of its own, so that the empty word alone has the given output.
  func withEmptyWord(output: String) -> MooreMachine {
    let start = transitions.start
    let names = outputNames.contains(output) ? outputNames : outputNames + [output]
    return MooreMachine(
      alphabet: alphabet, outputNames: names,
      transitions: Transitions(
        stateCount: stateCount + 1, symbolCount: alphabet.count, start: stateCount,
        next: transitions.next + (0..<alphabet.count).map { Int32(transitions[start, $0]) }),
      outputs: outputs + [Int32(names.firstIndex(of: output) ?? 0)])
  }
}
