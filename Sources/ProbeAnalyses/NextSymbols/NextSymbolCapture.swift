import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// A captured next-symbol model: its symbols, its words, and the task's own machine.
struct NextSymbolCapture {
  let capture: CaptureReader
  let model: RecurrentModel
  let alphabet: Alphabet
  /// `[symbol, feature]`: the input vector of each symbol.
  let symbols: Matrix<Double>
  /// Whether the last output is the end.
  let hasEnd: Bool
  /// The task's machine over the same symbols; nil where there is none.
  let truth: ProbabilisticMachine?
  /// The symbol that ends words within the stream, if the task has one.
  let separator: Int?

  /// Finds symbols and outputs of a capture.
  ///
  /// - Throws: ``AnalysisError/unsuitable(capture:analysis:fault:)`` where outputs are not one a symbol or one more.
  init(_ capture: CaptureReader, context: AnalysisContext) throws {
    func unsuitable(_ fault: String) -> AnalysisError {
      .unsuitable(capture: capture.path, analysis: NextSymbolsAnalysis.name, fault: fault)
    }
    let model = try capture.recurrentModel(context, analysis: NextSymbolsAnalysis.name)
    guard let outputs = model.readout?.weight.rows else {
      throw unsuitable("its model has no readout, which would say what comes next")
    }
    let task = capture.task() as? any NextSymbolTask
    guard let inputs = try FixedInput.symbols(task?.automaton, model: model, capture: capture) else {
      throw unsuitable("its inputs are more than 32 distinct vectors: a continuum, not symbols")
    }
    guard outputs == inputs.count || outputs == inputs.count + 1 else {
      throw unsuitable(
        "its model has \(outputs) outputs and reads \(inputs.count) symbols; a next-symbol model has an output for each "
          + "symbol, and perhaps one more for the end")
    }
    if task == nil {
      let isOneHot = inputs.allSatisfy { input in input.vector.count { $0 != 0 } == 1 }
      guard model.embedding != nil || isOneHot else {
        throw unsuitable("its inputs are vectors of which no task says that they are symbols")
      }
      // As many outputs as an acceptor has; what they mean, nothing tells.
      guard outputs > 2 else {
        throw unsuitable(
          "two outputs may be an acceptor's verdicts; only where the task asks for the next symbol are they probabilities"
        )
      }
    }
    self.capture = capture
    self.model = model
    alphabet = try Alphabet(inputs.map(\.label))
    symbols = Matrix(
      rows: inputs.count, columns: model.layers[0].forward.inputSize, elements: inputs.flatMap(\.vector))
    hasEnd = outputs > inputs.count
    truth = try task?.language.machine()
    separator = task?.language.end
  }

  /// The model, ready to be asked.
  func source(first: [Double]?, precision: Precision, threads: Int) throws -> NetworkSource {
    NetworkSource(
      try model.prefixes(symbols: symbols, precision: precision, threads: threads), alphabet: alphabet,
      first: first)
  }

  /// The words of the first trials, each up to the first step that is none of the symbols.
  func words(limit: Int) throws -> [Word] {
    let count = min(limit, capture.metadata.trials)
    guard count > 0, let batch = try capture.inputs(trials: 0..<count) else { return [] }
    return (0..<count).map { trial in
      guard capture.metadata.done[trial] else { return [] }
      var word: Word = []
      for step in 0..<batch.lengths[trial] {
        guard let symbol = symbol(batch, trial: trial, step: step) else { break }
        word.append(symbol)
      }
      return word
    }
  }

  private func symbol(_ batch: TrialBatch, trial: Int, step: Int) -> Int? {
    switch batch.inputs {
    case .tokens(let tokens):
      let token = tokens.elements[trial * tokens.shape[1] + step]
      return (0..<alphabet.count).contains(token) ? token : nil
    case .values(let values):
      let start = (trial * values.shape[1] + step) * values.shape[2]
      let vector = values.elements[start..<start + values.shape[2]]
      return (0..<symbols.rows).first { symbols.row($0).elementsEqual(vector) }
    }
  }

  /// How often words begin with each symbol, the end last.
  func beginnings(_ words: [Word]) -> [Int] {
    words.compactMap(\.first).reduce(into: [Int](repeating: 0, count: alphabet.count + 1)) { $0[$1] += 1 }
  }

  /// What is said before the first symbol: nil for the readout.
  ///
  /// - Throws: what running the model throws.
  func first(_ words: [Word], options: NextSymbolsOptions) throws -> (shares: [Double]?, warning: String?) {
    let counts = beginnings(words)
    let total = counts.reduce(0, +)
    if options.first == .readout { return (nil, nil) }
    if total == 0 {
      return (
        nil, options.first == .auto ? nil : "no word is recorded; what comes first is taken from the readout."
      )
    }
    let shares = counts.map { Double($0) / Double(total) }
    if options.first == .recorded { return (shares, nil) }
    var network = try source(first: nil, precision: .f32, threads: 1)
    let readout = try network.distributions(after: [PrefixNode(id: 0, parent: -1, symbol: -1)])
    if FrequencyTest(counts, against: readout).probability > 0.001 { return (nil, nil) }
    let error = shares.map { ($0 * (1 - $0) / Double(total)).squareRoot() }.max() ?? 0
    return (
      shares,
      "recorded words do not begin as the readout of the state before them says; taken is how often each symbol comes first "
        + "in \(grouped(total)) words, which is known to a standard error of \(rounded(error)) (--first readout takes the readout)."
    )
  }

  /// The recorded states of words, the zero state before each; nil where not the whole state was recorded.
  func states(_ words: [Word]) throws -> RecordedStates? {
    let sites = capture.metadata.stateSites
    let width = sites.reduce(0) { $0 + $1.elementCount }
    guard !sites.isEmpty, width == model.stateSize, words.contains(where: { !$0.isEmpty }) else { return nil }
    var starts = [0]
    for word in words { starts.append(starts[starts.count - 1] + word.count + 1) }
    let rows = starts[words.count]
    var states = Matrix<Double>(rows: rows, columns: width)
    var symbols = [Int32](repeating: -1, count: rows)
    for (trial, word) in words.enumerated() where !word.isEmpty {
      var column = 0
      for site in sites {
        let values: Tensor<Double> = try capture.values(
          of: site.name, trials: trial..<trial + 1, steps: 0..<word.count)
        for step in word.indices {
          for unit in 0..<site.elementCount {
            states[starts[trial] + step + 1, column + unit] = values.elements[step * site.elementCount + unit]
          }
        }
        column += site.elementCount
      }
      for (step, symbol) in word.enumerated() { symbols[starts[trial] + step + 1] = Int32(symbol) }
    }
    return try RecordedStates(
      alphabet: alphabet, outputNames: [], states: states, symbols: symbols,
      outputs: [Int32](repeating: -1, count: rows), starts: starts)
  }
}

extension ProbabilisticLanguage {
  /// The language as a machine without the sink, minimal; what is impossible leads back to its state.
  ///
  /// - Throws: `AutomataError` where symbols have one name or a row is no distribution.
  func machine() throws -> ProbabilisticMachine {
    let kept = states.indices.filter { probabilities[$0].contains { $0 > 0 } }
    var numbers = [Int](repeating: 0, count: states.count)
    for (number, state) in kept.enumerated() { numbers[state] = number }
    return try ProbabilisticMachine(
      alphabet: Alphabet(symbols),
      transitions: Transitions(
        stateCount: kept.count, symbolCount: symbols.count,
        next: kept.flatMap { state in
          symbols.indices.map { symbol in
            Int32(numbers[probabilities[state][symbol] > 0 ? next[state][symbol] : state])
          }
        }),
      probabilities: kept.flatMap { probabilities[$0] }, endProbabilities: kept.map { _ in 0 }
    ).minimized()
  }
}
