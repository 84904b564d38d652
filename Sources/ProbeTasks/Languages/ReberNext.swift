/// Prediction of the next letter in a stream of words of Reber's grammar.
///
/// At each node the arcs that leave it are equally probable, as in Cleeremans, Servan-Schreiber and McClelland 1989.
/// With `convention=cleeremans` a word is B...E, with `convention=reber` the symbol `#` ends it. Unlike in that paper
/// nothing but the symbols tells the model that a word is over.
public struct ReberNext: NextSymbolTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "reber-next",
    summary: "At every step, the probabilities of the next letter in a stream of words of Reber's grammar.",
    inputs: "tokens: the grammar's letters; with convention=reber # between words",
    targets: NextSymbolText.targets, labels: NextSymbolText.labels, source: ReberText.source,
    parameters: [ReberText.convention], steps: 64, score: .divergence(threshold: 0.01))

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
    language = .reber(try parameters.choice("convention", as: ReberGrammar.self))
  }
}

extension ProbabilisticLanguage {
  /// The stream of words of a Reber grammar, the arcs of a node equally probable; a state is a node.
  public static func reber(_ grammar: ReberGrammar) -> ProbabilisticLanguage {
    let symbols = grammar.symbols + (grammar == .reber ? ["#"] : [])
    let end = symbols.count - 1
    // The last node is the start of the next word, or emits the end symbol first.
    let nodes = grammar == .reber ? grammar.last + 1 : grammar.last
    var next = [[Int?]](repeating: Array(repeating: nil, count: symbols.count), count: nodes)
    for node in 0..<nodes {
      for symbol in grammar.symbols.indices {
        next[node][symbol] = grammar.node(after: node, symbol: symbol).map { $0 < nodes ? $0 : 0 }
      }
    }
    if grammar == .reber { next[grammar.last][end] = 0 }
    return ProbabilisticLanguage(
      meaning: "words of Reber's grammar one after the other",
      source: grammar == .reber ? "Reber 1967" : "Cleeremans et al. 1989", symbols: symbols,
      states: (0..<nodes).map { "\($0)" }, next: next,
      probabilities: next.map { row in
        let arcs = row.count { $0 != nil }
        return row.map { $0 == nil ? 0 : 1 / Double(arcs) }
      },
      end: end)
  }
}
