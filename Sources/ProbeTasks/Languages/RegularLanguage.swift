/// A regular language, or a partition of all words into finitely many of them, as a complete deterministic automaton.
///
/// The automaton is a Moore machine: the class of a word is the class of the state that it ends in. With the classes
/// `rejected` and `accepted` it is an acceptor. State 0 is the start. The languages of this module are minimal: every
/// state is reachable, and no two agree on the classes of all continuations.
public struct RegularLanguage: Sendable, Equatable {
  /// The language in words.
  public let meaning: String
  /// Whose definition it is.
  public let source: String
  /// A name for each symbol.
  public let symbols: [String]
  /// A name for each class.
  ///
  /// Where some words are not in the language, or have no answer, theirs is class 0.
  public let classes: [String]
  /// A name for each state.
  public let states: [String]
  /// `next[state][symbol]`: where the symbol leads.
  public let next: [[Int]]
  /// `answers[state]`: the class of the words that end in the state.
  public let answers: [Int]

  /// The classes of an acceptor.
  public static let acceptorClasses = ["rejected", "accepted"]

  /// A language from its table; the states are named by their numbers.
  ///
  /// - Precondition: the table is complete, and has a state.
  init(meaning: String, source: String, symbols: [String], next: [[Int]], accepts: [Bool]) {
    precondition(
      next.count == accepts.count && next.allSatisfy { $0.count == symbols.count }, "a table with gaps")
    self.meaning = meaning
    self.source = source
    self.symbols = symbols
    classes = Self.acceptorClasses
    states = next.indices.map { "\($0)" }
    self.next = next
    answers = accepts.map { $0 ? 1 : 0 }
  }

  /// A language from a step function; its reachable states are found, and numbered, breadth first, symbols in order.
  ///
  /// `name` names a state, `answer` gives its class, and `step` says where a symbol leads: nil is the state `sink` of
  /// class 0, which no word leaves.
  ///
  /// - Complexity: O(states * symbols) steps.
  init<State: Hashable>(
    meaning: String, source: String, symbols: [String], classes: [String] = acceptorClasses, start: State,
    name: (State) -> String, answer: (State) -> Int, step: (State, Int) -> State?
  ) {
    var numbers: [State?: Int] = [start: 0]
    var found: [State?] = [start]
    var table: [[Int]] = []
    while table.count < found.count {
      let state = found[table.count]
      table.append(
        symbols.indices.map { symbol in
          let target = state.flatMap { step($0, symbol) }
          if let known = numbers[target] { return known }
          numbers[target] = found.count
          found.append(target)
          return found.count - 1
        })
    }
    self.meaning = meaning
    self.source = source
    self.symbols = symbols
    self.classes = classes
    states = found.map { $0.map(name) ?? "sink" }
    next = table
    answers = found.map { $0.map(answer) ?? 0 }
  }

  /// Whether the classes are `rejected` and `accepted`.
  public var isAcceptor: Bool { classes == Self.acceptorClasses }

  /// Whether the words that end in a state are in the language, by state.
  ///
  /// - Precondition: the language is an acceptor.
  public var accepts: [Bool] {
    precondition(isAcceptor, "only an acceptor accepts")
    return answers.map { $0 == 1 }
  }

  /// Whether a word that ends in the state, and every continuation of it, has class 0.
  ///
  /// In a minimal automaton there is one such state at most.
  public func isSink(_ state: Int) -> Bool {
    answers[state] == 0 && next[state].allSatisfy { $0 == state }
  }

  /// The state after a word of symbols.
  ///
  /// - Precondition: the symbols exist.
  public func state(after word: some Sequence<Int>, from state: Int = 0) -> Int {
    word.reduce(state) { next[$0][$1] }
  }

  /// The automaton as analyses want it; the outputs are the classes, one-hot.
  public var automaton: TaskAutomaton {
    TaskAutomaton(
      states: states, symbols: symbols, inputVectors: nil, next: next,
      outputs: answers.map { answer in classes.indices.map { $0 == answer ? 1 : 0 } }, start: 0)
  }
}
