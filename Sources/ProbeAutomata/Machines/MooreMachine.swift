/// A deterministic machine with an output in each state; with the outputs `reject` and `accept` a DFA.
///
/// Two machines are the same function of words exactly when their `minimized()` values are equal: minimal machines in the
/// canonical numbering are unique (Myhill-Nerode).
public struct MooreMachine: Sendable, Hashable {
  /// The symbols it reads.
  public let alphabet: Alphabet
  /// The names of the outputs.
  public let outputNames: [String]
  /// Where symbols lead.
  public let transitions: Transitions
  /// `[state]`: the index of each state's output.
  public let outputs: [Int32]

  /// The outputs of an acceptor.
  public static let acceptorOutputs = ["reject", "accept"]

  /// A machine.
  ///
  /// - Precondition: the table has a column for each symbol, `outputs` one index of `outputNames` for each state.
  public init(alphabet: Alphabet, outputNames: [String], transitions: Transitions, outputs: [Int32]) {
    precondition(transitions.symbolCount == alphabet.count, "a table of \(transitions.symbolCount) symbols")
    precondition(
      outputs.count == transitions.stateCount, "\(outputs.count) outputs of \(transitions.stateCount) states")
    precondition(outputs.allSatisfy { $0 >= 0 && $0 < outputNames.count }, "an output without a name")
    self.alphabet = alphabet
    self.outputNames = outputNames
    self.transitions = transitions
    self.outputs = outputs
  }

  /// A DFA from rows of next states.
  ///
  /// - Precondition: every row has one state for each symbol.
  public init(alphabet: Alphabet, next: [[Int]], accepts: [Bool], start: Int = 0) {
    precondition(next.allSatisfy { $0.count == alphabet.count }, "a row has not one state for each symbol")
    self.init(
      alphabet: alphabet, outputNames: Self.acceptorOutputs,
      transitions: Transitions(
        stateCount: next.count, symbolCount: alphabet.count, start: start,
        next: next.joined().map { Int32($0) }),
      outputs: accepts.map { $0 ? 1 : 0 })
  }

  /// The number of states.
  public var stateCount: Int { transitions.stateCount }
  /// Whether the outputs are `reject` and `accept`.
  public var isAcceptor: Bool { outputNames == Self.acceptorOutputs }

  /// The output after a word: the index of its name.
  public func output(of word: some Sequence<Int>) -> Int { Int(outputs[transitions.state(after: word)]) }

  /// The reachable part in the canonical numbering: breadth first from state 0, symbols in order.
  public func canonical() -> MooreMachine {
    let (table, states) = transitions.canonical()
    return MooreMachine(
      alphabet: alphabet, outputNames: outputNames, transitions: table, outputs: states.map { outputs[$0] })
  }
}
