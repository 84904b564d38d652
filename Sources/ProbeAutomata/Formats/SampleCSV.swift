/// Labelled words as a table (RFC 4180) with the columns `word` and `label`.
///
/// Words are written as ``Alphabet/text(of:)`` does, labels by the names of their outputs; a word without a label has an
/// empty field. For an acceptor `1`, `true` and `0`, `false` are read as labels, too.
public enum SampleCSV {
  /// A sample as text.
  public static func write(_ sample: LabelledSample) -> String {
    var text = DelimitedText.row(["word", "label"])
    for (word, label) in zip(sample.words, sample.labels) {
      text += DelimitedText.row([
        sample.alphabet.text(of: word), label < 0 ? "" : sample.outputNames[Int(label)],
      ])
    }
    return text
  }

  /// The sample of a text; further columns are ignored.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - alphabet: the symbols.
  ///   - outputNames: the names of the labels.
  /// - Returns: the sample, words in the order of the rows.
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)``, with the line, where a column is missing, a label is not
  ///   one of the names or a word has a symbol that the alphabet does not.
  public static func sample(
    _ text: String, alphabet: Alphabet, outputNames: [String] = MooreMachine.acceptorOutputs
  ) throws(AutomataError) -> LabelledSample {
    let table = try TableColumns(text, ["word", "label"])
    let names = NameTable(outputNames)
    let isAcceptor = outputNames == MooreMachine.acceptorOutputs
    let numbers: [String: Int] = isAcceptor ? ["1": 1, "true": 1, "0": 0, "false": 0] : [:]
    var words: [Word] = []
    var labels: [Int32] = []
    for (line, fields) in zip(table.lines, table.rows) {
      do {
        words.append(try alphabet.word(from: fields[0]))
      } catch {
        throw .unreadableText(format: "CSV", line: line, reason: error.description)
      }
      if let label = names.index(of: fields[1]) ?? numbers[fields[1]] ?? (fields[1].isEmpty ? -1 : nil) {
        labels.append(Int32(label))
      } else {
        throw .unreadableText(
          format: "CSV", line: line,
          reason: "the label \(fields[1].debugDescription) is none of \(outputNames)")
      }
    }
    return LabelledSample(alphabet: alphabet, outputNames: outputNames, words: words, labels: labels)
  }
}
