/// The finite-state grammar of Reber's experiments, with either of the two sets of letters that bear his name.
///
/// A grammar is a graph whose arcs carry letters; a word is the letters on a path from node 0 to the last node. Both
/// letterings are of one graph, of topological entropy ln 1.46557... = 0.38225 (the real root of x³ = x² + 1).
public enum ReberGrammar: String, CaseIterable, Sendable {
  /// Reber, "Implicit learning of artificial grammars", J. Verbal Learning and Verbal Behavior 6 (1967) 855: the
  /// letters P, S, T, V and X; words such as TPTXVS.
  case reber
  /// Cleeremans, Servan-Schreiber and McClelland, "Finite state automata and simple recurrent networks", Neural
  /// Computation 1 (1989) 372: words begin with B and end with E, as in BTXSE; what is now mostly called Reber's
  /// grammar.
  case cleeremans

  /// The letters.
  public var symbols: [String] {
    switch self {
    case .reber: ["P", "S", "T", "V", "X"]
    case .cleeremans: ["B", "T", "S", "X", "P", "V", "E"]
    }
  }

  /// The node in which words end.
  public var last: Int { arcs.count }

  /// `[node]`: the letters on the arcs that leave it and where they lead; the last node has none.
  public var arcs: [[(letter: String, node: Int)]] {
    switch self {
    case .reber:
      [
        [("T", 1), ("V", 2)], [("P", 1), ("T", 3)], [("X", 2), ("V", 4)], [("X", 2), ("S", 5)],
        [("P", 3), ("S", 5)],
      ]
    case .cleeremans:
      [
        [("B", 1)], [("T", 2), ("P", 3)], [("S", 2), ("X", 4)], [("T", 3), ("V", 5)], [("X", 3), ("S", 6)],
        [("P", 4), ("V", 6)], [("E", 7)],
      ]
    }
  }

  /// Where a letter leads from a node, or nil.
  func node(after node: Int, symbol: Int) -> Int? {
    guard node < last else { return nil }
    return arcs[node].first { $0.letter == symbols[symbol] }?.node
  }
}

extension RegularLanguage {
  /// The words of a Reber grammar; a state is a node.
  public static func reber(_ grammar: ReberGrammar) -> RegularLanguage {
    RegularLanguage(
      meaning: "the words of Reber's grammar",
      source: grammar == .reber ? "Reber 1967" : "Cleeremans et al. 1989", symbols: grammar.symbols, start: 0
    ) {
      "\($0)"
    } answer: {
      $0 == grammar.last ? 1 : 0
    } step: {
      grammar.node(after: $0, symbol: $1)
    }
  }
}
