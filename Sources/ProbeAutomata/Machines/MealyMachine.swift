/// A deterministic machine with an output on each transition.
public struct MealyMachine: Sendable, Hashable {
  /// The symbols it reads.
  public let alphabet: Alphabet
  /// The names of the outputs.
  public let outputNames: [String]
  /// Where symbols lead.
  public let transitions: Transitions
  /// `[state, symbol]`: the index of each transition's output.
  public let outputs: [Int32]

  /// A machine.
  ///
  /// - Precondition: the table has a column for each symbol, `outputs` one index of `outputNames` for each transition.
  public init(alphabet: Alphabet, outputNames: [String], transitions: Transitions, outputs: [Int32]) {
    precondition(transitions.symbolCount == alphabet.count, "a table of \(transitions.symbolCount) symbols")
    precondition(
      outputs.count == transitions.next.count, "\(outputs.count) outputs of \(transitions.next.count)")
    precondition(outputs.allSatisfy { $0 >= 0 && $0 < outputNames.count }, "an output without a name")
    self.alphabet = alphabet
    self.outputNames = outputNames
    self.transitions = transitions
    self.outputs = outputs
  }

  /// The machine that puts out on each transition what a Moore machine shows in the state reached.
  ///
  /// The output of the empty word is lost.
  public init(_ machine: MooreMachine) {
    self.init(
      alphabet: machine.alphabet, outputNames: machine.outputNames, transitions: machine.transitions,
      outputs: machine.transitions.next.map { machine.outputs[Int($0)] })
  }

  /// The number of states.
  public var stateCount: Int { transitions.stateCount }

  /// The outputs along a word: one for each symbol.
  public func outputs(along word: some Sequence<Int>) -> [Int] {
    var state = transitions.start
    return word.map { symbol in
      defer { state = transitions[state, symbol] }
      return Int(outputs[state * alphabet.count + symbol])
    }
  }

  /// The smallest machine with the same outputs, in the canonical numbering: equal for equivalent machines.
  ///
  /// - Complexity: O(symbols * states * log(states)) time.
  public func minimized() -> MealyMachine { selected(transitions.minimized(labels: rowLabels(rows))) }

  /// The reachable part in the canonical numbering: breadth first from state 0, symbols in order.
  public func canonical() -> MealyMachine { selected(transitions.canonical()) }

  /// A shortest word on whose last symbol two machines put out different names; nil where they are equivalent.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: O(symbols * (states + states)) (Hopcroft and Karp 1971).
  public func shortestDifference(from other: MealyMachine) -> Word? {
    precondition(alphabet == other.alphabet, "machines of different alphabets cannot be compared")
    let names = commonNumbers(outputNames, other.outputNames)
    let mine = rows.map { $0.map { names.first[Int($0)] } }
    let others = other.rows.map { $0.map { names.second[Int($0)] } }
    guard
      let word = transitions.shortestDifference(from: other.transitions, labels: rowLabels(mine + others))
    else { return nil }
    let (row, counterpart) = (
      mine[transitions.state(after: word)], others[other.transitions.state(after: word)]
    )
    return row.indices.first { row[$0] != counterpart[$0] }.map { word + [$0] }
  }

  /// The outputs of each state's transitions.
  private var rows: [[Int32]] {
    (0..<stateCount).map { Array(outputs[$0 * alphabet.count..<($0 + 1) * alphabet.count]) }
  }

  private func selected(_ part: (transitions: Transitions, states: [Int])) -> MealyMachine {
    let rows = rows
    return MealyMachine(
      alphabet: alphabet, outputNames: outputNames, transitions: part.transitions,
      outputs: part.states.flatMap { rows[$0] })
  }
}
