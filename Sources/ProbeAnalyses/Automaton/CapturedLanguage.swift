import ProbeAutomata
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeOutside
import ProbeTasks

/// A captured model as a system that reads words: its symbols, how they reach it, and what its outputs decide.
struct CapturedLanguage {
  /// How symbols reach the model.
  enum Reader {
    /// The input vector of each symbol, `[symbol, feature]`, and what the readout decides.
    case recurrent(RecurrentModel, symbols: Matrix<Double>, Decision)
    /// The tokens before the first symbol, the token of each symbol, the tokens whose logits are compared, and how.
    case attention(AttentionModel, beginning: [Int], symbols: [Int], outputs: [Int], Decision)
    /// A program that is asked whole words.
    case outside(OutsideSystem)
  }

  let alphabet: Alphabet
  /// The names of the outputs.
  let outputNames: [String]
  /// How outputs are decided, in words.
  let decision: String
  let reader: Reader
  /// The task's own automaton, with the outputs that the decision makes of its targets; nil where there is none.
  let truth: MooreMachine?
  /// Whether nothing is known of what the model should say before the first symbol.
  let isEmptyWordFree: Bool

  /// The steps of a trial before the first symbol's.
  var offset: Int {
    switch reader {
    case .recurrent, .outside: 0
    case .attention(_, let beginning, _, _, _): beginning.count
    }
  }

  /// The recurrent model, where it is one.
  var recurrent: RecurrentModel? {
    if case .recurrent(let model, _, _) = reader { model } else { nil }
  }

  /// The model, ready to be asked.
  func system(precision: Precision, threads: Int, seed: UInt64) throws -> AskedSystem {
    func network(_ runner: any PrefixRunner, _ decision: Decision) -> AskedSystem {
      .network(NetworkSystem(runner, alphabet: alphabet, decision: decision))
    }
    switch reader {
    case .recurrent(let model, let symbols, let decision):
      return network(
        try model.prefixes(symbols: symbols, precision: precision, threads: threads), decision)
    case .attention(let model, let beginning, let symbols, let outputs, let decision):
      return network(
        try model.prefixes(
          beginning: beginning, symbols: symbols, outputs: outputs, precision: precision, threads: threads),
        decision)
    case .outside(let system): return .outside(RecheckedSystem(system, seed: seed))
    }
  }

  /// The words of a capture's first trials, each up to the first step that is none of the symbols.
  func words(_ capture: CaptureReader, limit: Int) throws -> [Word] {
    let count = min(limit, capture.metadata.trials)
    guard let batch = try capture.inputs(trials: 0..<count) else { return [] }
    return (0..<count).map { trial in
      guard capture.metadata.done[trial] else { return [] }
      var word: Word = []
      for step in offset..<max(offset, batch.lengths[trial]) {
        guard let symbol = symbol(batch, trial: trial, step: step) else { break }
        word.append(symbol)
      }
      return word
    }
  }

  private func symbol(_ batch: TrialBatch, trial: Int, step: Int) -> Int? {
    switch (batch.inputs, reader) {
    case (.tokens(let tokens), .attention(_, _, let symbols, _, _)):
      return symbols.firstIndex(of: tokens.elements[trial * tokens.shape[1] + step])
    case (.tokens(let tokens), .recurrent):
      let token = tokens.elements[trial * tokens.shape[1] + step]
      return (0..<alphabet.count).contains(token) ? token : nil
    case (.values(let values), .recurrent(_, let symbols, _)):
      let start = (trial * values.shape[1] + step) * values.shape[2]
      let vector = values.elements[start..<start + values.shape[2]]
      return (0..<symbols.rows).first { symbols.row($0).elementsEqual(vector) }
    case (.values, .attention), (_, .outside): return nil
    }
  }
}

extension CapturedLanguage {
  /// The words of an outside program.
  init(_ program: OutsideProgram, options: AutomatonOptions) throws {
    let system = try OutsideSystem(program)
    alphabet = system.alphabet
    outputNames = system.outputNames
    decision = "the program's labels"
    reader = .outside(system)
    truth = Self.truth(options.language?.automaton, alphabet: alphabet, names: outputNames)
    isEmptyWordFree = options.emptyWord == .free
  }

  /// The task's automaton with the outputs of a program, where both are acceptors; nil where they are not.
  private static func truth(_ automaton: TaskAutomaton?, alphabet: Alphabet, names: [String]) -> MooreMachine?
  {
    guard names == MooreMachine.acceptorOutputs else { return nil }
    return truth(automaton, alphabet: alphabet, decision: .largest(names))
  }

  /// Finds symbols, outputs and the task's automaton of a capture.
  ///
  /// - Throws: ``AnalysisError`` where the capture does not say what a word is, or what its outputs mean.
  init(_ capture: CaptureReader, options: AutomatonOptions, context: AnalysisContext) throws {
    if capture.isOfAttention {
      try self.init(attention: capture, options: options, context: context)
    } else {
      try self.init(recurrent: capture, options: options, context: context)
    }
  }

  private init(recurrent capture: CaptureReader, options: AutomatonOptions, context: AnalysisContext) throws {
    let model = try capture.recurrentModel(context, analysis: AutomatonAnalysis.name)
    let task = options.language ?? capture.task()
    guard let inputs = try FixedInput.symbols(task?.automaton, model: model, capture: capture) else {
      throw AnalysisError.unsuitable(
        capture: capture.path, analysis: AutomatonAnalysis.name,
        fault: "its inputs are more than 32 distinct vectors: a continuum, not symbols")
    }
    let features = model.layers[0].forward.inputSize
    alphabet = try Alphabet(inputs.map(\.label))
    let outputs = model.readout?.weight.rows ?? model.layers[model.layers.count - 1].forward.hiddenSize
    let rule = try options.decision(outputs: outputs, automaton: task?.automaton)
    reader = .recurrent(
      model,
      symbols: Matrix(rows: inputs.count, columns: features, elements: inputs.flatMap(\.vector)), rule)
    decision = rule.meaning
    outputNames = rule.outputNames
    truth = Self.truth(task?.automaton, alphabet: alphabet, decision: rule)
    isEmptyWordFree = options.emptyWord != .readout
  }

  private init(attention capture: CaptureReader, options: AutomatonOptions, context: AnalysisContext) throws {
    func unsuitable(_ fault: String) -> AnalysisError {
      .unsuitable(capture: capture.path, analysis: AutomatonAnalysis.name, fault: fault)
    }
    guard let model = try capture.attentionModel(context) else {
      throw unsuitable("it carries no weights; name the model with --model FOLDER")
    }
    let trials = try (0..<min(256, capture.metadata.trials)).map { try capture.trialTokens($0) }
      .filter { !$0.isEmpty }
    guard let first = trials.first?.first, trials.allSatisfy({ $0.first == first }),
      !trials.contains(where: { $0.dropFirst().contains(first) })
    else {
      throw unsuitable(
        "its trials do not all begin with one token that occurs nowhere else; a word needs a beginning")
    }
    let texts = Dictionary(try capture.vocabulary().map { ($0.id, $0.text) }) { first, _ in first }
    let known = { (id: Int) in texts[id] ?? "\(id)" }
    let all = Set(trials.joined())
    let outputs = try options.outputTokens(texts: texts, vocabulary: model.vocabulary, occurring: all)
    let occurring = all.subtracting([first]).subtracting(outputs)
    let symbols = try options.symbolTokens(texts: texts, occurring: occurring.sorted())
    alphabet = try Alphabet(symbols.map(known))
    let rule: Decision =
      outputs.count == 2
      ? .largest(MooreMachine.acceptorOutputs) : .largest(outputs.map(known))
    reader = .attention(model, beginning: [first], symbols: symbols, outputs: outputs, rule)
    decision = rule.meaning
    outputNames = rule.outputNames
    truth = Self.truth(
      (options.language ?? capture.task())?.automaton, alphabet: alphabet, decision: rule)
    isEmptyWordFree = options.emptyWord == .free
  }

  /// The task's automaton over the same symbols and outputs; nil where it has others or no single start.
  private static func truth(
    _ automaton: TaskAutomaton?, alphabet: Alphabet, decision: Decision
  ) -> MooreMachine? {
    guard let automaton, let start = automaton.start,
      automaton.outputs.allSatisfy({ $0.count == decision.width })
    else { return nil }
    let order = alphabet.symbols.map { automaton.symbols.firstIndex(of: $0) }
    guard automaton.symbols.count == alphabet.count, order.allSatisfy({ $0 != nil }) else { return nil }
    return MooreMachine(
      alphabet: alphabet, outputNames: decision.outputNames,
      transitions: Transitions(
        stateCount: automaton.states.count, symbolCount: alphabet.count, start: start,
        next: automaton.next.flatMap { row in order.map { Int32(row[$0 ?? 0]) } }),
      outputs: automaton.outputs.map { decision.decide($0.map { Float($0) }).output }
    ).minimized()
  }
}

extension FixedInput {
  /// The inputs that stand for symbols: those of the task's automaton, the tokens of a vocabulary, or the distinct vectors of
  /// the first trials.
  ///
  /// - Returns: nil where there are more than 32 distinct vectors: a continuum.
  static func symbols(
    _ automaton: TaskAutomaton?, model: RecurrentModel, capture: CaptureReader
  ) throws -> [FixedInput]? {
    if let automaton {
      if let vectors = automaton.inputVectors {
        return zip(automaton.symbols, vectors).map { FixedInput(label: $0, vector: $1) }
      }
      return automaton.symbols.enumerated().compactMap { token, symbol in
        model.inputVector(token: token).map { FixedInput(label: symbol, vector: $0) }
      }
    }
    if let embedding = model.embedding {
      let alphabet = capture.metadata.task?.alphabet ?? []
      return (0..<embedding.rows).map { token in
        FixedInput(
          label: token < alphabet.count ? alphabet[token] : "\(token)", vector: Array(embedding.row(token)))
      }
    }
    return distinct(in: capture)?.map { vector in
      FixedInput(label: "(" + vector.map { "\($0)" }.joined(separator: ", ") + ")", vector: vector)
    }
  }

  /// The distinct input vectors of a capture's first trials; nil where there are more than 32, or none.
  static func distinct(in capture: CaptureReader) -> [[Double]]? {
    let trials = 0..<min(8, capture.metadata.trials)
    guard case .values(let values)? = try? capture.inputs(trials: trials)?.inputs else { return nil }
    var distinct: [[Double]] = []
    let features = values.shape[2]
    for row in 0..<(values.count / max(1, features)) {
      let vector = Array(values.elements[row * features..<(row + 1) * features])
      if vector.contains(where: { !$0.isFinite }) || distinct.contains(vector) { continue }
      distinct.append(vector)
      // More than a few distinct vectors are a continuum, not symbols.
      if distinct.count > 32 { return nil }
    }
    return distinct
  }
}
