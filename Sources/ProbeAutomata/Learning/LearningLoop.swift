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
    // A correction that is cut short has made machines that no oracle has seen: the last one judged is returned.
    var judged = machine
    var rounds: [LearningRound] = []
    var evidence: [Evidence] = []
    do {
      while true {
        judged = machine
        rounds.append(LearningRound(machine: machine, steps: trie.steps))
        progress(rounds[rounds.count - 1])
        evidence = []
        if machine.stateCount > stateLimit {
          return LearningResult(
            machine: machine, rounds: rounds, evidence: [], ending: .stateLimit(stateLimit))
        }
        guard let (word, oracle) = try disagreement(machine, &oracles, &trie, &evidence) else {
          return LearningResult(machine: machine, rounds: rounds, evidence: evidence, ending: .agreement)
        }
        rounds[rounds.count - 1].counterexample = word
        rounds[rounds.count - 1].oracle = oracle
        let expected = try trie.output(of: word)
        repeat {
          try learner.refine(with: word, &trie)
          machine = try learner.hypothesis(&trie)
        } while machine.output(of: word) != Int(expected) && machine.stateCount <= stateLimit
      }
    } catch let spent as BudgetSpent {
      return LearningResult(machine: judged, rounds: rounds, evidence: evidence, ending: .budget(spent))
    }
  }

  /// Asks the oracles for a disagreement with a machine that nothing corrects, such as one learnt from a sample.
  ///
  /// - Throws: what the system throws, other than ``BudgetSpent``.
  public func judge<System: SystemUnderLearning>(
    _ machine: MooreMachine, oracles: inout [any EquivalenceOracle], trie: inout PrefixTrie<System>
  ) throws -> LearningResult {
    var round = LearningRound(machine: machine, steps: trie.steps)
    progress(round)
    var evidence: [Evidence] = []
    do {
      guard let (word, oracle) = try disagreement(machine, &oracles, &trie, &evidence) else {
        return LearningResult(machine: machine, rounds: [round], evidence: evidence, ending: .agreement)
      }
      round.counterexample = word
      round.oracle = oracle
      return LearningResult(machine: machine, rounds: [round], evidence: evidence, ending: .refuted)
    } catch let spent as BudgetSpent {
      return LearningResult(machine: machine, rounds: [round], evidence: evidence, ending: .budget(spent))
    }
  }

  /// Asks one oracle after the other; what those that are content covered goes into `evidence`, and so does what the last one
  /// had covered when the budget was spent.
  private func disagreement<System: SystemUnderLearning>(
    _ machine: MooreMachine, _ oracles: inout [any EquivalenceOracle], _ trie: inout PrefixTrie<System>,
    _ evidence: inout [Evidence]
  ) throws -> (word: Word, oracle: String)? {
    for index in oracles.indices {
      do {
        switch try oracles[index].search(machine, &trie) {
        case .agreement(let found): evidence.append(found)
        case .disagreement(let word): return (word, oracles[index].name)
        }
      } catch let spent as BudgetSpent {
        if let partial = oracles[index].partial { evidence.append(partial) }
        throw spent
      }
    }
    return nil
  }
}

/// One hypothesis and what became of it.
public struct LearningRound: Sendable, Equatable {
  /// The most states of a hypothesis that is kept: a learner of thousands of states makes thousands of machines.
  static let keptStates = 500

  /// The hypothesis; nil where it is large.
  public var machine: MooreMachine?
  /// The hypothesis's number of states.
  public var states: Int
  /// The prefixes that the system had run until then.
  public var steps: Int
  /// The word that refuted it.
  public var counterexample: Word?
  /// The oracle that found the word.
  public var oracle: String?

  /// A hypothesis that nothing has refuted yet.
  public init(machine: MooreMachine, steps: Int) {
    self.machine = machine.stateCount <= Self.keptStates ? machine : nil
    states = machine.stateCount
    self.steps = steps
  }
}

/// What a learning loop came to.
public struct LearningResult: Sendable {
  /// Why it ended.
  public enum Ending: Sendable, Equatable {
    /// No oracle found a disagreement.
    case agreement
    /// The budget was spent.
    case budget(BudgetSpent)
    /// The hypothesis grew beyond the limit.
    case stateLimit(Int)
    /// A disagreement was found with a machine that nothing corrects.
    case refuted

    /// Why the search ended before its end, in words: `its time was over`; nil where it did not.
    public var text: String? {
      switch self {
      case .agreement, .refuted: nil
      case .budget(.steps(let steps)): "its budget of \(NumberText.count(steps, "step")) was spent"
      case .budget(.seconds): "its time was over"
      case .budget(.interrupted): "it was interrupted"
      case .stateLimit(let limit): "the machine grew beyond \(NumberText.count(limit, "state"))"
      }
    }
  }

  /// The last hypothesis.
  public var machine: MooreMachine
  /// Every hypothesis, in order; at least one.
  public var rounds: [LearningRound]
  /// What the oracles that found no disagreement with the last hypothesis covered.
  public var evidence: [Evidence]
  /// Why the loop ended.
  public var ending: Ending
}
