import FoundationEssentials
import ProbeAutomata

/// A user's own words with labels, from a text file: a line each, the label, then the symbols, parted by spaces.
///
/// Labels are names of outputs; 1 and 0 stand for accept and reject, and `?` for a word without a label. Symbols of one
/// character may stand side by side. Empty lines and lines that begin with # are left out.
struct WordFile {
  let words: [Word]
  let labels: [String?]

  /// Reads a file.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where it cannot be read, or names a symbol or output that is not there.
  init(path: String, alphabet: Alphabet, outputNames: [String]) throws {
    func fault(_ text: String) -> AnalysisError { .option(name: "--words", fault: text) }
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw fault("\(path) cannot be read")
    }
    var words: [Word] = []
    var labels: [String?] = []
    for (number, line) in String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).enumerated() {
      let parts = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
      guard let label = parts.first, !label.hasPrefix("#") else { continue }
      let named =
        MooreMachine.acceptorOutputs == outputNames ? ["0": "reject", "1": "accept"][label] ?? label : label
      guard label == "?" || outputNames.contains(named) else {
        throw fault(
          "\(path), line \(number + 1): the label '\(label)' is none of "
            + outputNames.joined(separator: ", "))
      }
      labels.append(label == "?" ? nil : named)
      words.append(
        try parts.dropFirst().flatMap { text -> [Int] in
          if let symbol = alphabet.index(of: text) { return [symbol] }
          let single = text.map { alphabet.index(of: String($0)) }
          let known = single.compactMap { $0 }
          guard known.count == single.count else {
            throw fault(
              "\(path), line \(number + 1): '\(text)' is no symbol; there are "
                + alphabet.symbols.map(\.debugDescription).joined(separator: ", "))
          }
          return known
        })
    }
    self.words = words
    self.labels = labels
  }
}
