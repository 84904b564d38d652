/// Words with labels: what a passive learner learns from, and a user's own list to check against.
public struct LabelledSample: Sendable, Hashable {
  /// The symbols.
  public var alphabet: Alphabet
  /// The names of the labels.
  public var outputNames: [String]
  /// The words.
  public var words: [Word]
  /// `[word]`: the index of its label's name; -1 where the word has no label.
  public var labels: [Int32]

  /// A sample.
  ///
  /// - Precondition: there is a label for each word.
  public init(
    alphabet: Alphabet, outputNames: [String] = MooreMachine.acceptorOutputs, words: [Word], labels: [Int32]
  ) {
    precondition(words.count == labels.count, "\(labels.count) labels of \(words.count) words")
    self.alphabet = alphabet
    self.outputNames = outputNames
    self.words = words
    self.labels = labels
  }

  /// The words with the outputs of a machine as their labels.
  public init(_ words: [Word], labelledBy machine: MooreMachine) {
    self.init(
      alphabet: machine.alphabet, outputNames: machine.outputNames, words: words,
      labels: words.map { Int32(machine.output(of: $0)) })
  }
}
