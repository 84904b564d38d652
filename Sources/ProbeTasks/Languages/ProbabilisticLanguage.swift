import Glibc

/// A distribution over words, or over one endless word, as a probabilistic deterministic automaton (PDFA).
///
/// Each state has a distribution of the next symbol, and the symbol determines the next state (Vidal et al., IEEE PAMI
/// 27 (2005) 1013, doi:10.1109/TPAMI.2005.147). Where words end, the end is a symbol of its own that leads back to the
/// start, where the next word begins: one endless stream holds many words.
public struct ProbabilisticLanguage: Sendable, Equatable {
  /// The language in words.
  public let meaning: String
  /// Whose definition it is.
  public let source: String
  /// A name for each symbol, the end symbol included.
  public let symbols: [String]
  /// A name for each state; state 0 is the start.
  public let states: [String]
  /// `next[state][symbol]`: where the symbol leads.
  ///
  /// Symbols of probability 0 lead to the last state, `sink`, which has no distribution.
  public let next: [[Int]]
  /// `probabilities[state][symbol]`: of the next symbol; a row sums to one, or holds zeros for a sink.
  public let probabilities: [[Double]]
  /// The end symbol, or nil where words do not end.
  public let end: Int?

  /// A language from its table, with nil for where symbols of probability 0 lead.
  ///
  /// - Precondition: the table is complete where probabilities are positive; the end leads to state 0.
  init(
    meaning: String, source: String, symbols: [String], states: [String], next: [[Int?]],
    probabilities: [[Double]], end: Int?
  ) {
    precondition(next.count == states.count && probabilities.count == states.count, "a table with gaps")
    let hasSink = next.joined().contains { $0 == nil }
    let sink = states.count
    self.meaning = meaning
    self.source = source
    self.symbols = symbols
    self.states = states + (hasSink ? ["sink"] : [])
    self.next =
      next.map { row in row.map { $0 ?? sink } } + (hasSink ? [symbols.map { _ in sink }] : [])
    self.probabilities = probabilities + (hasSink ? [symbols.map { _ in 0 }] : [])
    self.end = end
  }

  /// The automaton as analyses want it; a state's outputs are the probabilities of the next symbol.
  public var automaton: TaskAutomaton {
    TaskAutomaton(
      states: states, symbols: symbols, inputVectors: nil, next: next, outputs: probabilities, start: 0)
  }

  /// The entropy of the next symbol after a state, in nats; 0 after a sink.
  public func entropy(after state: Int) -> Double {
    probabilities[state].reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }
}
