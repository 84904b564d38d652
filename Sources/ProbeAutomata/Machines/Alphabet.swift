/// A finite set of named symbols, in order: symbol i is `symbols[i]`.
///
/// A name may be any text, the empty one and ones with quotes, spaces or line breaks included.
public struct Alphabet: Sendable, Hashable {
  /// The names, all different.
  public let symbols: [String]

  /// An alphabet.
  ///
  /// - Throws: ``AutomataError/repeatedSymbol(_:first:second:)`` when two names are equal, byte for byte.
  public init(_ symbols: [String]) throws(AutomataError) {
    // Swift's String equates texts that differ in bytes but not to the eye; files keep them apart.
    var seen: [[UInt8]: Int] = [:]
    for (index, symbol) in symbols.enumerated() {
      if let first = seen.updateValue(index, forKey: Array(symbol.utf8)) {
        throw .repeatedSymbol(symbol, first: first, second: index)
      }
    }
    self.symbols = symbols
  }

  /// Symbols named by their numbers, from `0` on.
  public init(numbered count: Int) {
    symbols = (0..<count).map { "\($0)" }
  }

  /// The number of symbols.
  public var count: Int { symbols.count }

  /// The symbol of the given name, compared byte for byte.
  public func index(of symbol: String) -> Int? {
    symbols.firstIndex { $0.utf8.elementsEqual(symbol.utf8) }
  }

  /// A word as people write it: `ε` where it is empty, names of one character side by side, others apart by spaces.
  ///
  /// Names that are empty, longer than one character beside others, or hold spaces or quotes are put in quotation marks
  /// where the text would be ambiguous without them.
  public func text(of word: some Sequence<Int>) -> String {
    let names = word.map { symbols[$0] }
    if names.isEmpty { return "ε" }
    if isCompact { return names.joined() }
    return names.map { name in
      let isPlain =
        !name.isEmpty && name != "ε" && !name.contains { $0.isWhitespace || $0 == "\"" || $0 == "\\" }
      return isPlain ? name : name.debugDescription
    }.joined(separator: " ")
  }
}

/// A word: indices of symbols, first to last.
public typealias Word = [Int]
