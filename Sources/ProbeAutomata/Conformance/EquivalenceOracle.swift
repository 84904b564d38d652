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

  /// About how many prefixes a search runs that finds nothing; infinity where nobody can say. Cheap searches come first.
  func cost(of hypothesis: MooreMachine) -> Double

  /// What the last search had covered when its budget was spent; nil where the search was not cut short.
  var partial: Evidence? { get }
}

extension EquivalenceOracle {
  /// Not known.
  public func cost(of hypothesis: MooreMachine) -> Double { .infinity }
  /// Nothing can be said of a search cut short.
  public var partial: Evidence? { nil }
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
  /// Whether the search went to its end; false where its budget cut it short.
  public var isComplete: Bool
  /// What each of several searches covered, where this is their sum.
  public var parts: [Evidence]

  /// What a search covered.
  public init(
    oracle: String, statement: String, words: Int, isComplete: Bool = true, parts: [Evidence] = []
  ) {
    self.oracle = oracle
    self.statement = statement
    self.words = words
    self.isComplete = isComplete
    self.parts = parts
  }

  /// The parts, or the evidence itself where it has none.
  public var flattened: [Evidence] { parts.isEmpty ? [self] : parts.flatMap(\.flattened) }
}
