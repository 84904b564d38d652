/// What may be said of a machine that was taken from a network: what was looked at, or the word on which they differ.
///
/// A network has more states than anyone can look at. The text therefore never says that a machine and a network are the
/// same without the bound to which that was checked.
public struct Certificate: Sendable, Equatable {
  /// A word on which machine and network differ, with the name of what each says.
  public struct Disagreement: Sendable, Equatable {
    /// The word.
    public let word: Word
    /// The word as people write it.
    public let text: String
    /// What the machine says.
    public let machine: String
    /// What the network says.
    public let network: String
  }

  /// How clear the least clear decision was.
  public struct Margin: Sendable, Equatable {
    /// How far the runner-up was behind, in the system's units.
    public let value: Float
    /// The word, as people write it.
    public let word: String
  }

  /// What each search covered.
  public let evidence: [Evidence]
  /// The shortest word found on which they differ; nil where none was found.
  public let disagreement: Disagreement?
  /// The smallest decision margin that was seen, and the word with it; nil where the system does not weigh.
  public let margin: Margin?
  /// Why the search ended before its end; nil where it did not.
  public let ending: String?

  /// What a learning loop came to.
  ///
  /// - Parameters:
  ///   - result: what the loop returned.
  ///   - trie: the tree that the loop asked.
  /// - Throws: ``BudgetSpent`` where a disagreement is not known to the tree any more and the budget allows no step.
  public init<System: SystemUnderLearning>(
    _ result: LearningResult, _ trie: inout PrefixTrie<System>
  ) throws {
    // What is known costs nothing; a loop that was cut short may hold a machine that contradicts it.
    var asked = AskedWords()
    var word: Word?
    if case .disagreement(let found) = try asked.search(result.machine, &trie) { word = found }
    try self.init(
      result.machine, evidence: result.evidence, disagreement: word, ending: result.ending.text, &trie)
  }

  /// What searches covered, and the shortest word found on which machine and network differ.
  public init<System: SystemUnderLearning>(
    _ machine: MooreMachine, evidence: [Evidence], disagreement: Word?, ending: String? = nil,
    _ trie: inout PrefixTrie<System>
  ) throws {
    self.evidence = evidence.flatMap(\.flattened)
    self.ending = ending
    self.disagreement = try disagreement.map { word in
      Disagreement(
        word: word, text: trie.alphabet.text(of: word),
        machine: machine.outputNames[machine.output(of: word)],
        network: trie.system.outputNames[Int(try trie.output(of: word))])
    }
    margin = trie.smallestMargin.flatMap { smallest in
      smallest.margin.isFinite
        ? Margin(value: smallest.margin, word: trie.alphabet.text(of: trie.word(of: smallest.node))) : nil
    }
  }

  /// Everything in sentences.
  public var text: String {
    var sentences: [String] = []
    if let disagreement {
      sentences.append(
        "The machine and the network differ: the shortest disagreement found is \(disagreement.text), "
          + "network \(disagreement.network), machine \(disagreement.machine)")
    }
    if let ending { sentences.append("The search ended early: \(ending)") }
    let statements = evidence.map(\.statement)
    if disagreement == nil && !statements.isEmpty {
      sentences.append("The machine " + Self.joined(statements))
    } else if disagreement == nil {
      sentences.append("Nothing is claimed of how far the machine and the network agree")
    }
    if let margin {
      sentences.append(
        "The smallest decision margin seen is \(NumberText.short(Double(margin.value))), after \(margin.word)"
      )
    }
    return sentences.map { $0 + "." }.joined(separator: " ")
  }

  /// Statements that begin with a verb follow the machine; the others stand for themselves.
  private static func joined(_ statements: [String]) -> String {
    let verbs = statements.filter { $0.hasPrefix("agrees") }
    let others = statements.filter { !$0.hasPrefix("agrees") }
    if verbs.isEmpty { return "was compared with the network: " + others.joined(separator: "; ") }
    return (verbs + others).joined(separator: "; ")
  }
}
