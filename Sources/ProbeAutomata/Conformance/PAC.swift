import ProbeLinearAlgebra

/// Draws as many random words as a stated claim on the share of words that differ needs.
///
/// Every search is a round with words of its own, drawn after the hypothesis was made: a hypothesis is never judged on words
/// that it was corrected by. Its agreement says: the probability that this loop returns a machine which differs from the
/// system on more than `epsilon` of the words drawn as the distribution says is at most `delta`.
public struct PAC: EquivalenceOracle {
  /// The claim.
  public let size: SampleSize
  /// What words are drawn from.
  public let distribution: WordDistribution
  /// The seed; round r draws from its stream r.
  public let seed: UInt64
  /// What the last search had covered when its budget was spent.
  public private(set) var partial: Evidence?
  /// The searches so far.
  public private(set) var rounds = 0

  /// A search that claims an error of at most `epsilon` with confidence 1 - `delta`.
  public init(epsilon: Double, delta: Double, distribution: WordDistribution, seed: UInt64) {
    size = SampleSize(epsilon: epsilon, delta: delta)
    self.distribution = distribution
    self.seed = seed
  }

  /// The name in reports.
  public var name: String { "PAC" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double {
    Double(size.words(round: rounds + 1)) * (distribution.meanLength + 1)
  }

  /// Looks for a disagreement: the shortest among this round's words and their prefixes.
  ///
  /// - Throws: ``BudgetSpent``, after which ``partial`` says how many words were compared, without a claim: which words a budget
  ///   leaves out depends on their length. And what the system throws.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    partial = nil
    rounds += 1
    var generator = RandomGenerator(seed: seed, stream: UInt64(rounds))
    let symbols = hypothesis.alphabet.count
    let needed = size.words(round: rounds)
    var compared = 0
    do {
      while compared < needed {
        let batch = (0..<min(1000, needed - compared)).map { _ in
          distribution.draw(symbols: symbols, &generator)
        }
        if let word = try trie.shortestDisagreement(among: batch, with: hypothesis) {
          return .disagreement(word)
        }
        compared += batch.count
      }
    } catch let spent as BudgetSpent {
      partial = Evidence(
        oracle: name,
        statement: "no claim on random words: the budget was spent after \(NumberText.grouped(compared)) of "
          + "\(NumberText.count(needed, "word"))",
        words: compared, isComplete: false)
      throw spent
    }
    return .agreement(
      Evidence(
        oracle: name,
        statement: "\(size.claim) over words drawn as follows: \(distribution.text(symbols: symbols)) "
          + "(\(NumberText.count(needed, "word")), drawn fresh in the final round, \(rounds); "
          + "confidence split over rounds)",
        words: needed))
  }
}
