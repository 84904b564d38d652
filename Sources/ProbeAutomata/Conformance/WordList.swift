/// Looks at words that somebody has listed, with the label each ought to have.
///
/// A disagreement is one between the machine and the system; labels that either of them contradicts are told in the
/// evidence, as they say something of the system's training, not of the machine.
public struct WordList: EquivalenceOracle {
  /// The words.
  public let words: [Word]
  /// `[word]`: the name of the output it ought to have; nil where nobody knows.
  public let labels: [String?]
  /// Where the list is from.
  public let source: String

  /// A list.
  ///
  /// - Precondition: a label for each word.
  public init(words: [Word], labels: [String?], source: String) {
    precondition(words.count == labels.count, "\(labels.count) labels of \(words.count) words")
    self.words = words
    self.labels = labels
    self.source = source
  }

  /// The name in reports.
  public var name: String { "list of words" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { words.reduce(0) { $0 + Double($1.count) } }

  /// Looks for the shortest word of the list, or prefix of one, on which system and machine differ.
  ///
  /// - Throws: ``AutomataError/symbolOutOfRange(_:word:symbols:source:)``, ``BudgetSpent`` and what the system throws.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    try check(trie.alphabet)
    if let word = try trie.shortestDisagreement(among: words, with: hypothesis) { return .disagreement(word) }
    let report = try compare(hypothesis, &trie)
    let listed = NumberText.count(words.count, "word")
    var statement = "agrees with the network on all \(listed) of \(source)"
    if !report.systemAgainstLabel.isEmpty {
      let shown = report.systemAgainstLabel.prefix(3).map { trie.alphabet.text(of: words[$0]) }
      statement +=
        ", of which both label \(NumberText.grouped(report.systemAgainstLabel.count)) otherwise "
        + "(\(shown.joined(separator: ", "))\(report.systemAgainstLabel.count > 3 ? ", ..." : ""))"
    }
    return .agreement(Evidence(oracle: name, statement: statement, words: words.count))
  }

  /// Compares machine, system and labels word by word.
  ///
  /// - Throws: ``AutomataError/symbolOutOfRange(_:word:symbols:source:)``, ``BudgetSpent`` and what the system throws.
  public func compare<System: SystemUnderLearning>(
    _ machine: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> Report {
    try check(trie.alphabet)
    for word in words { _ = trie.node(for: word) }
    var report = Report()
    for (index, word) in words.enumerated() {
      let output = Int(try trie.output(of: word))
      let state = machine.output(of: word)
      if state != output { report.machineAgainstSystem.append(index) }
      guard let label = labels[index] else { continue }
      if !isSame(machine.outputNames[state], label) { report.machineAgainstLabel.append(index) }
      if !isSame(trie.system.outputNames[output], label) { report.systemAgainstLabel.append(index) }
    }
    return report
  }

  /// Which words of a list are answered otherwise by whom, as indices into the list.
  public struct Report: Sendable, Equatable {
    /// Words on which the machine and the system differ.
    public var machineAgainstSystem: [Int] = []
    /// Words whose label the machine contradicts.
    public var machineAgainstLabel: [Int] = []
    /// Words whose label the system contradicts.
    public var systemAgainstLabel: [Int] = []
  }

  private func isSame(_ first: String, _ second: String) -> Bool { first.utf8.elementsEqual(second.utf8) }

  private func check(_ alphabet: Alphabet) throws(AutomataError) {
    for (index, word) in words.enumerated() {
      for symbol in word where !(0..<alphabet.count).contains(symbol) {
        throw .symbolOutOfRange(symbol, word: index, symbols: alphabet.count, source: source)
      }
    }
  }
}
