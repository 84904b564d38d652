/// Asks several oracles within one budget, cheapest first.
///
/// The budget is for all searches of the loop together. In each search an oracle gets its share of what is left, what it
/// leaves goes to those after it. One that spends its share is cut short and the next is asked, and the evidence says so.
public struct CombinedOracle: EquivalenceOracle {
  /// An oracle with its share of what is left.
  public struct Part {
    /// The oracle.
    public var oracle: any EquivalenceOracle
    /// Its weight against the others'.
    public var share: Double

    /// An oracle with its share.
    ///
    /// - Precondition: the share is positive.
    public init(_ oracle: any EquivalenceOracle, share: Double = 1) {
      precondition(share > 0, "a share of \(share)")
      self.oracle = oracle
      self.share = share
    }
  }

  /// The oracles, as given.
  public private(set) var parts: [Part]
  /// The prefixes that may still be run; nil for no limit but the tree's.
  public private(set) var stepsLeft: Int?
  /// The time that may still be used; nil for no limit but the tree's.
  public private(set) var timeLeft: Duration?
  /// What the oracles had covered when the tree's own budget was spent.
  public private(set) var partial: Evidence?
  /// The oracle that found the last disagreement.
  private var finder: String?

  /// Oracles with a common budget of prefixes, of time, or of both.
  public init(_ parts: [Part], steps: Int? = nil, time: Duration? = nil) {
    self.parts = parts
    stepsLeft = steps
    timeLeft = time
  }

  /// The name of the oracle that found the last disagreement.
  public var name: String { finder ?? "several oracles" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double {
    parts.reduce(0) { $0 + $1.oracle.cost(of: hypothesis) }
  }

  /// The oracles in the order in which they are asked: cheapest first, in the order given among equals.
  public func order(for hypothesis: MooreMachine) -> [Int] {
    let costs = parts.map { $0.oracle.cost(of: hypothesis) }
    return parts.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
  }

  /// Asks one oracle after another until one finds a disagreement.
  ///
  /// - Throws: ``BudgetSpent`` only where the tree's own budget is spent or somebody interrupts; and what the system throws.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    finder = nil
    partial = nil
    var evidence: [Evidence] = []
    var shares = parts.reduce(0) { $0 + $1.share }
    for index in order(for: hypothesis) {
      let part = parts[index].share / shares
      shares -= parts[index].share
      do {
        switch try ask(index, part, hypothesis, &trie) {
        case .disagreement(let word):
          finder = parts[index].oracle.name
          return .disagreement(word)
        case .agreement(let found): evidence.append(found)
        }
      } catch let spent as BudgetSpent {
        if let cut = parts[index].oracle.partial { evidence.append(cut) }
        if !evidence.isEmpty { partial = sum(evidence, isComplete: false) }
        throw spent
      }
    }
    return .agreement(sum(evidence, isComplete: evidence.allSatisfy(\.isComplete)))
  }

  private func sum(_ evidence: [Evidence], isComplete: Bool) -> Evidence {
    Evidence(
      oracle: name, statement: evidence.map(\.statement).joined(separator: "; "),
      words: evidence.reduce(0) { $0 + $1.words }, isComplete: isComplete, parts: evidence)
  }

  /// Asks one oracle within its part of what is left.
  private mutating func ask<System: SystemUnderLearning>(
    _ index: Int, _ part: Double, _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    let outer = trie.budget
    let begin = ContinuousClock.now
    let before = trie.steps
    defer {
      trie.budget = outer
      stepsLeft = stepsLeft.map { max(0, $0 - (trie.steps - before)) }
      timeLeft = timeLeft.map { max(.zero, $0 - (.now - begin)) }
    }
    if let stepsLeft {
      let share = before + Int((Double(stepsLeft) * min(part, 1)).rounded())
      trie.budget.steps = min(outer.steps ?? .max, share)
    }
    if let timeLeft {
      let share = begin + timeLeft * min(part, 1)
      trie.budget.deadline = outer.deadline.map { min($0, share) } ?? share
    }
    do {
      return try parts[index].oracle.search(hypothesis, &trie)
    } catch let spent as BudgetSpent {
      trie.budget = outer
      // Where the tree's own budget is spent too, this throws.
      _ = try outer.allowance(spent: trie.steps)
      if spent == .interrupted { throw spent }
      let oracle = parts[index].oracle
      return .agreement(
        oracle.partial
          ?? Evidence(
            oracle: oracle.name,
            statement: "no claim of \(oracle.name): its budget was spent after "
              + NumberText.count(trie.steps - before, "prefix", plural: "prefixes"),
            words: 0, isComplete: false))
    }
  }
}
