/// A search for a word on which a system and a hypothesis differ.
///
/// An oracle that finds none says what it has looked at; that is the only ground on which the result may be trusted.
public protocol EquivalenceOracle {
  /// The name in reports: `all words to a length`, `W-method`.
  var name: String { get }

  /// Looks for a word on which the system and the hypothesis differ.
  ///
  /// - Returns: the word, checked against the system, or what the search covered.
  /// - Throws: ``BudgetSpent`` and what the system throws.
  mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome
}

/// How a search for a disagreement ended.
public enum SearchOutcome: Sendable, Equatable {
  /// A word on which the system and the hypothesis differ.
  case disagreement(Word)
  /// None was found.
  case agreement(Evidence)
}

/// What a search that found no disagreement covered.
public struct Evidence: Sendable, Equatable {
  /// The oracle's name.
  public var oracle: String
  /// What is known, as a sentence without its full stop: `agrees on all 131,071 words of length <= 16`.
  public var statement: String
  /// The number of words that were compared.
  public var words: Int

  /// What a search covered.
  public init(oracle: String, statement: String, words: Int) {
    self.oracle = oracle
    self.statement = statement
    self.words = words
  }
}
