/// Asks the suite of the W-method, shortest words first.
public struct WMethod: EquivalenceOracle {
  /// How many states more than the hypothesis the system may have for agreement to mean that they are equal.
  public let extraStates: Int
  /// What the last search had covered when its budget was spent.
  public private(set) var partial: Evidence?

  /// A search with the given number of extra states.
  ///
  /// - Precondition: `extraStates` is not negative.
  public init(extraStates: Int) {
    precondition(extraStates >= 0, "\(extraStates) extra states")
    self.extraStates = extraStates
  }

  /// The name in reports.
  public var name: String { "W-method" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { suiteCost(hypothesis, extraStates) }

  /// Looks for a shortest word of the suite on which system and hypothesis differ.
  ///
  /// - Throws: ``BudgetSpent``, after which ``partial`` says what the part of the suite that was asked is good for; and what
  ///   the system throws.
  /// - Complexity: O(states² * symbols^(extraStates + 1)) words.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    try ConformanceSuite.chow(hypothesis, extraStates: extraStates).search(hypothesis, &trie, name, &partial)
  }
}

/// Asks the suite of the Wp-method, shortest words first: fewer words than the W-method's, with the same claim.
public struct WpMethod: EquivalenceOracle {
  /// How many states more than the hypothesis the system may have for agreement to mean that they are equal.
  public let extraStates: Int
  /// What the last search had covered when its budget was spent.
  public private(set) var partial: Evidence?

  /// A search with the given number of extra states.
  ///
  /// - Precondition: `extraStates` is not negative.
  public init(extraStates: Int) {
    precondition(extraStates >= 0, "\(extraStates) extra states")
    self.extraStates = extraStates
  }

  /// The name in reports.
  public var name: String { "Wp-method" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { suiteCost(hypothesis, extraStates) / 2 }

  /// Looks for a shortest word of the suite on which system and hypothesis differ.
  ///
  /// - Throws: as ``WMethod`` does.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    try ConformanceSuite.partial(hypothesis, extraStates: extraStates).search(
      hypothesis, &trie, name, &partial)
  }
}

/// A rough number of prefixes: the cover, the middles, a few endings each.
private func suiteCost(_ hypothesis: MooreMachine, _ extraStates: Int) -> Double {
  let symbols = Double(hypothesis.alphabet.count)
  let states = Double(hypothesis.stateCount)
  let middles = (0...extraStates).reduce(0.0) { sum, _ in sum * symbols + 1 }
  return (states * symbols + 1) * middles * (1 + states.squareRoot())
}

extension ConformanceSuite {
  /// Asks the suite a length at a time.
  ///
  /// - Throws: ``BudgetSpent``, having set `partial`, and what the system throws.
  func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>, _ name: String, _ partial: inout Evidence?
  ) throws -> SearchOutcome {
    partial = nil
    var isKnown: [Bool] = []
    var words = 0
    for length in 0...longest {
      var waiting: [(node: Int32, output: Int32)] = []
      do {
        if let word = try search(ofLength: length, hypothesis, &trie, &isKnown, &waiting, &words) {
          return .disagreement(word)
        }
      } catch let spent as BudgetSpent {
        partial = evidence(extraStates(below: length), words: words, name)
        throw spent
      }
    }
    return .agreement(evidence(extraStates, words: words, name))
  }

  private func search<System: SystemUnderLearning>(
    ofLength length: Int, _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>,
    _ isKnown: inout [Bool],
    _ waiting: inout [(node: Int32, output: Int32)], _ words: inout Int
  ) throws -> Word? {
    var found: Word?
    var seen = 0
    try forEachWord(ofLength: length) { word in
      if seen.isMultiple(of: 1024) { try trie.budget.checkTime() }
      seen += 1
      let node = trie.node(for: word)
      if isKnown.count < trie.count {
        isKnown.append(contentsOf: repeatElement(false, count: trie.count - isKnown.count))
      }
      if isKnown[Int(node)] { return true }
      isKnown[Int(node)] = true
      waiting.append((node, Int32(hypothesis.output(of: word))))
      if waiting.count >= trie.batchSize { found = try compare(&waiting, &trie, &words) }
      return found == nil
    }
    return try found ?? compare(&waiting, &trie, &words)
  }

  private func compare<System: SystemUnderLearning>(
    _ waiting: inout [(node: Int32, output: Int32)], _ trie: inout PrefixTrie<System>, _ words: inout Int
  ) throws -> Word? {
    for (node, output) in waiting where try trie.output(node) != output { return trie.word(of: node) }
    words += waiting.count
    waiting.removeAll(keepingCapacity: true)
    return nil
  }

  private func evidence(_ reached: Int?, words: Int, _ name: String) -> Evidence {
    let states = machine.stateCount
    var statement = "no claim of the \(name) after \(NumberText.count(words, "word"))"
    if let reached {
      statement =
        "equal if the network's language has at most \(NumberText.count(states + reached, "state")), "
        + "\(NumberText.grouped(states)) + \(reached) (\(name), \(NumberText.count(words, "word")))"
    }
    if reached != extraStates { statement += "; its budget was spent before \(extraStates) extra states" }
    return Evidence(oracle: name, statement: statement, words: words, isComplete: reached == extraStates)
  }
}
