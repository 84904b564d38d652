import ProbeLinearAlgebra

/// A task that asks of every prefix of a word which class of a regular language it is in.
///
/// A conforming type gives its descriptor, its parameters and the language; the rest follows. Trials are words of
/// `steps` symbols, each with its own probabilities of the symbols (uniform on the simplex); a symbol that dooms the
/// word is exchanged for another, except with probability `slip`.
public protocol LanguageTask: SequenceTask {
  /// The language.
  var language: RegularLanguage { get }
  /// The probability that a symbol that dooms the word is let stand.
  var slip: Double { get }
}

extension LanguageTask {
  /// The language's symbols.
  public var input: TaskInput { .tokens(alphabet: language.symbols) }
  /// One output a class.
  public var outputSize: Int { language.classes.count }
  /// The language's minimal automaton.
  public var automaton: TaskAutomaton? { language.automaton }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    let language = self.language
    var random = plan.generator(of: index)
    let sampler = WordSampler(language, slip: slip, &random)
    let width = language.classes.count
    var tokens: [Int] = []
    var labels: [Int] = []
    var targets = Tensor(shape: [plan.steps, width], repeating: 0.0)
    var state = 0
    for step in 0..<plan.steps {
      let symbol = sampler.symbol(after: state, &random)
      state = language.next[state][symbol]
      tokens.append(symbol)
      labels.append(state)
      targets.elements[width * step + language.answers[state]] = 1
    }
    return Trial(
      inputs: .tokens(tokens), targets: targets, mask: Array(repeating: true, count: plan.steps),
      labels: labels)
  }

  /// The balanced accuracy: in most languages one class is rare.
  public func scorer() -> any TaskScorer { BalancedAccuracyScorer(Self.descriptor.score) }
}

/// What the descriptors of language tasks have in common.
enum LanguageText {
  static let acceptorTargets = "two classes, one-hot: rejected, accepted"
  static let labels = "the state of the language's minimal automaton"
  static let slip = TaskParameter("slip", "0.02", slipMeaning)
  static let slipMeaning = "the probability that a symbol that dooms the word is let stand"

  /// What the inputs are, given the symbols in words.
  static func inputs(_ symbols: String) -> String {
    "tokens: \(symbols); each word has its own probabilities of them, uniform on the simplex"
  }
}
