/// Labelled words in the format of the Abbadingo One competition, as StaMInA and most learners read it.
///
/// The first line has the number of words and of symbols, each further line a label (1 accept, 0 reject, -1 unknown), the
/// word's length and its symbols (Lang, Pearlmutter and Price 1998). Symbols are parted by blanks, so names with blanks and
/// empty ones cannot be written; the order of the alphabet is that in which the symbols come, unless it is given.
public enum Abbadingo {
  /// A sample as text.
  ///
  /// - Throws: ``AutomataError/unwritableName(format:name:)`` for a symbol that is empty or has blanks in it.
  public static func write(_ sample: LabelledSample) throws(AutomataError) -> String {
    for symbol in sample.alphabet.symbols where symbol.isEmpty || symbol.utf8.contains(where: isBlank) {
      throw .unwritableName(format: "Abbadingo", name: symbol)
    }
    var text = "\(sample.words.count) \(sample.alphabet.count)\n"
    for (word, label) in zip(sample.words, sample.labels) {
      text +=
        (["\(label)", "\(word.count)"] + word.map { sample.alphabet.symbols[$0] }).joined(separator: " ")
        + "\n"
    }
    return text
  }

  /// The sample of a text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - alphabet: the symbols; nil to number them as they come, and symbols that never come by numbers not yet used.
  ///   - outputNames: the names of the labels 0, 1, ...
  /// - Returns: the sample, words in the order of the lines.
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)``, ``AutomataError/unknownSymbol(_:)``.
  public static func sample(
    _ text: String, alphabet: Alphabet? = nil, outputNames: [String] = MooreMachine.acceptorOutputs
  ) throws(AutomataError) -> LabelledSample {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
    }
    guard let header = lines.first, header.count == 2, let count = Int(header[0]), let width = Int(header[1]),
      (0...1 << 20).contains(width)
    else {
      throw failure(1, "the number of words and of symbols, at most 2^20, was expected")
    }
    var symbols = NameTable(alphabet?.symbols ?? [])
    var words: [Word] = []
    var labels: [Int32] = []
    for (index, parts) in lines.enumerated().dropFirst() where !parts.isEmpty {
      guard parts.count >= 2, let label = Int32(parts[0]), label >= -1, Int(label) < outputNames.count else {
        throw failure(
          index + 1,
          "the label \(parts[0]) and a length; labels are -1 to \(outputNames.count - 1)")
      }
      guard Int(parts[1]) == parts.count - 2 else {
        throw failure(index + 1, "\(parts.count - 2) symbols follow the length \(parts[1])")
      }
      var word: Word = []
      for symbol in parts.dropFirst(2) {
        if alphabet != nil, symbols.index(of: symbol) == nil { throw .unknownSymbol(symbol) }
        word.append(symbols.insert(symbol))
      }
      words.append(word)
      labels.append(label)
    }
    guard words.count == count else {
      throw failure(1, "\(count) words are announced, \(words.count) follow")
    }
    guard symbols.names.count <= width || alphabet != nil else {
      throw failure(1, "\(width) symbols are announced, \(symbols.names.count) appear")
    }
    if alphabet == nil {
      var number = 0
      while symbols.names.count < width {
        _ = symbols.insert("\(number)")
        number += 1
      }
    }
    return LabelledSample(
      alphabet: try Alphabet(symbols.names), outputNames: outputNames, words: words, labels: labels)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  private static func failure(_ line: Int, _ reason: String) -> AutomataError {
    .unreadableText(format: "Abbadingo", line: line, reason: reason)
  }
}
