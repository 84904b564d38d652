import ProbeLinearAlgebra

/// Looks at words drawn at random, fresh ones in each search, with all their prefixes.
///
/// Nothing follows from its agreement but that it found nothing; ``PAC`` draws as many words as a stated claim needs.
public struct RandomWords: EquivalenceOracle {
  /// How many words a search draws.
  public let count: Int
  /// What they are drawn from.
  public let distribution: WordDistribution
  /// The seed; search r draws from its stream r.
  public let seed: UInt64
  private var searches: UInt64 = 0

  /// Words drawn from a distribution.
  public init(count: Int, distribution: WordDistribution, seed: UInt64) {
    self.count = count
    self.distribution = distribution
    self.seed = seed
  }

  /// Words of uniform length and uniform symbols.
  public init(count: Int, lengths: ClosedRange<Int>, seed: UInt64) {
    self.init(count: count, distribution: .uniform(lengths: lengths), seed: seed)
  }

  /// The name in reports.
  public var name: String { "random words" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { Double(count) * (distribution.meanLength + 1) }

  /// Looks for a disagreement, a thousand words at a time: the shortest of the first thousand that hold one.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    var generator = RandomGenerator(seed: seed, stream: searches)
    searches += 1
    let symbols = hypothesis.alphabet.count
    var left = count
    while left > 0 {
      let batch = (0..<min(left, 1000)).map { _ in distribution.draw(symbols: symbols, &generator) }
      if let word = try trie.shortestDisagreement(among: batch, with: hypothesis) {
        return .disagreement(word)
      }
      left -= batch.count
    }
    return .agreement(
      Evidence(
        oracle: name,
        statement: "agrees on \(NumberText.count(count, "word")) drawn at random "
          + "(\(distribution.text(symbols: symbols)))",
        words: count))
  }
}

/// Looks at random continuations of a shortest word into each state of the hypothesis, with all their prefixes.
///
/// Uniform words hardly ever reach the deep states of a large machine; these start there.
public struct StatePrefix: EquivalenceOracle {
  /// How many continuations of each state a search draws.
  public let walks: Int
  /// Their length.
  public let length: Int
  /// The seed; search r draws from its stream r.
  public let seed: UInt64
  private var searches: UInt64 = 0

  /// Walks from every state.
  public init(walks: Int = 25, length: Int = 12, seed: UInt64) {
    self.walks = walks
    self.length = length
    self.seed = seed
  }

  /// The name in reports.
  public var name: String { "walks from every state" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { Double(hypothesis.stateCount * walks * length) }

  /// Looks for a disagreement among the walks of all states: the shortest they hold.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    var generator = RandomGenerator(seed: seed, stream: searches)
    searches += 1
    let accesses = hypothesis.transitions.accessWords.compactMap { $0 }
    let distribution = WordDistribution.uniform(lengths: length...length)
    let words = accesses.flatMap { access in
      (0..<walks).map { _ in access + distribution.draw(symbols: hypothesis.alphabet.count, &generator) }
    }
    if let word = try trie.shortestDisagreement(among: words, with: hypothesis) { return .disagreement(word) }
    return .agreement(
      Evidence(
        oracle: name,
        statement: "agrees on \(NumberText.count(walks, "random continuation")) of length \(length) "
          + "from each of \(NumberText.count(accesses.count, "state"))",
        words: words.count))
  }
}
