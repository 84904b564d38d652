import ProbeLinearAlgebra

/// A task that asks for the distribution of the next symbol of a stream drawn from a probabilistic language.
///
/// At step t the model reads symbol t; the target is the true distribution of symbol t + 1 given all symbols up to t,
/// not one symbol drawn from it (which is the next step's input). A conforming type gives its descriptor, its
/// parameters and the language; the rest follows.
public protocol NextSymbolTask: SequenceTask {
  /// The language that the stream is drawn from.
  var language: ProbabilisticLanguage { get }
}

extension NextSymbolTask {
  /// The language's symbols.
  public var input: TaskInput { .tokens(alphabet: language.symbols) }
  /// One output a symbol.
  public var outputSize: Int { language.symbols.count }
  /// The language's automaton.
  public var automaton: TaskAutomaton? { language.automaton }

  /// The trial of the given index: a stream that begins in the start state.
  public func trial(_ index: Int) -> Trial {
    let language = self.language
    var random = plan.generator(of: index)
    var tokens: [Int] = []
    var labels: [Int] = []
    var targets: [Double] = []
    var state = 0
    for _ in 0..<plan.steps {
      let symbol = random.index(weighted: language.probabilities[state])
      state = language.next[state][symbol]
      tokens.append(symbol)
      labels.append(state)
      targets += language.probabilities[state]
    }
    return Trial(
      inputs: .tokens(tokens),
      targets: Tensor(shape: [plan.steps, language.symbols.count], elements: targets),
      mask: Array(repeating: true, count: plan.steps), labels: labels)
  }

  /// The divergence of the model's distributions from the true ones.
  public func scorer() -> any TaskScorer { DivergenceScorer(Self.descriptor.score) }
}

/// What the descriptors of next-symbol tasks have in common.
enum NextSymbolText {
  static let targets = "one output a symbol: the true probabilities of the next symbol"
  static let labels = "the state of the language's automaton"
}
