/// A task that is a deterministic finite automaton, written out.
///
/// Analyses compare what they find in a trained model with it: attractors with states, inputs with symbols.
public struct TaskAutomaton: Sendable, Equatable {
  /// A name for each state.
  public var states: [String]
  /// A name for each symbol.
  public var symbols: [String]
  /// The input vector of each symbol; nil where a symbol is the token of the same index.
  public var inputVectors: [[Double]]?
  /// `next[state][symbol]`: where the symbol leads.
  public var next: [[Int]]
  /// The target outputs in each state.
  public var outputs: [[Double]]
  /// The state before the first input; nil where a trial's first input determines the state.
  public var start: Int?

  /// The state after a word of symbols.
  ///
  /// - Precondition: the state and the symbols exist.
  public func state(after word: some Sequence<Int>, from state: Int) -> Int {
    word.reduce(state) { next[$0][$1] }
  }
}
