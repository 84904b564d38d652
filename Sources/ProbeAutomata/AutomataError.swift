/// Why something could not be done with an automaton or with what answers for one.
public enum AutomataError: Error, Equatable, CustomStringConvertible {
  /// Two symbols of an alphabet have one name.
  case repeatedSymbol(String, first: Int, second: Int)
  /// A system gave two answers to one word.
  case nondeterministic(word: String, first: String, second: String)
  /// A listed word has a symbol that the alphabet does not have.
  case unknownSymbol(Int, word: Int, symbols: Int, source: String)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .repeatedSymbol(let symbol, let first, let second):
      "an alphabet has the symbol \(symbol.debugDescription) at \(first) and at \(second); names must differ"
    case .nondeterministic(let word, let first, let second):
      "the word \(word) was answered \(first) and, asked again, \(second); an automaton can be learnt only from a system "
        + "that always gives the same answer"
    case .unknownSymbol(let symbol, let word, let symbols, let source):
      "word \(word) of \(source) has the symbol \(symbol); an alphabet of \(symbols) has the symbols below \(symbols)"
    }
  }
}
