/// Learns a machine from a system: a hypothesis, a search for a disagreement, a correction, until none is found.
///
/// Oracles are asked in the order given, cheapest first; a later one is asked only when the earlier ones are content, and a
/// new hypothesis starts again with the first. Angluin, "Learning regular sets from queries and counterexamples", Information
/// and Computation 75 (1987) 87.
public struct LearningLoop: Sendable {
  /// The most states a hypothesis may have; the first larger one ends the loop and is returned.
  public var stateLimit: Int
  /// Called with every hypothesis.
  public var progress: @Sendable (LearningRound) -> Void

  /// A loop.
  public init(stateLimit: Int = 100_000, progress: @escaping @Sendable (LearningRound) -> Void = { _ in }) {
    self.stateLimit = stateLimit
    self.progress = progress
  }

  /// Runs the loop; a spent budget ends it with the last hypothesis.
  ///
  /// - Throws: what the system throws, other than ``BudgetSpent``; and ``BudgetSpent`` when there is not even one hypothesis.
  public func run<Learner: ActiveLearner, System: SystemUnderLearning>(
    _ learner: inout Learner, oracles: inout [any EquivalenceOracle], trie: inout PrefixTrie<System>
  ) throws -> LearningResult {
    var machine = try learner.hypothesis(&trie)
    var rounds: [LearningRound] = []
    do {
      while true {
        var round = LearningRound(states: machine.stateCount, steps: trie.steps)
        progress(round)
        if machine.stateCount > stateLimit {
          rounds.append(round)
          return LearningResult(machine: machine, rounds: rounds, ending: .stateLimit(stateLimit))
        }
        var evidence: [Evidence] = []
        var counterexample: Word?
        for index in oracles.indices {
          switch try oracles[index].search(machine, &trie) {
          case .agreement(let found): evidence.append(found)
          case .disagreement(let word):
            counterexample = word
            round.oracle = oracles[index].name
          }
          if counterexample != nil { break }
        }
        round.counterexample = counterexample
        rounds.append(round)
        guard let word = counterexample else {
          return LearningResult(machine: machine, rounds: rounds, ending: .agreement(evidence))
        }
        let expected = try trie.output(of: word)
        repeat {
          try learner.refine(with: word, &trie)
          machine = try learner.hypothesis(&trie)
        } while machine.output(of: word) != Int(expected) && machine.stateCount <= stateLimit
      }
    } catch let spent as BudgetSpent {
      return LearningResult(machine: machine, rounds: rounds, ending: .budget(spent))
    }
  }
}

/// One hypothesis and what became of it.
public struct LearningRound: Sendable, Equatable {
  /// The hypothesis's number of states.
  public var states: Int
  /// The prefixes that the system had run until then.
  public var steps: Int
  /// The word that refuted it.
  public var counterexample: Word?
  /// The oracle that found the word.
  public var oracle: String?

  /// A hypothesis that nothing has refuted yet.
  public init(states: Int, steps: Int) {
    self.states = states
    self.steps = steps
  }
}

/// What a learning loop came to.
public struct LearningResult: Sendable {
  /// Why it ended.
  public enum Ending: Sendable, Equatable {
    /// No oracle found a disagreement; what each of them covered.
    case agreement([Evidence])
    /// The budget was spent.
    case budget(BudgetSpent)
    /// The hypothesis grew beyond the limit.
    case stateLimit(Int)
  }

  /// The last hypothesis.
  public var machine: MooreMachine
  /// Every hypothesis, in order.
  public var rounds: [LearningRound]
  /// Why the loop ended.
  public var ending: Ending
}
