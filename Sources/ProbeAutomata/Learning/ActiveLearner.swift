/// A learner that asks words and is corrected by counterexamples.
public protocol ActiveLearner {
  /// The name in reports: `L*`, `TTT`.
  static var name: String { get }

  /// The machine that agrees with everything asked so far.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws.
  mutating func hypothesis<System: SystemUnderLearning>(_ trie: inout PrefixTrie<System>) throws
    -> MooreMachine

  /// Takes in a word on which the last hypothesis and the system differ.
  ///
  /// The next hypothesis may still differ from the system on the same word; the loop gives it again until it does not.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws.
  mutating func refine<System: SystemUnderLearning>(
    with counterexample: Word, _ trie: inout PrefixTrie<System>
  ) throws
}
