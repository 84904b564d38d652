import ProbeLinearAlgebra

/// The claim of ``PAC`` over words balanced by the system's class: each class equally likely, within it as drawn.
///
/// Few random words are in most languages, so that a machine which rejects everything may differ on hardly any of them; it
/// differs on half of the balanced ones. Words are drawn until each class has its part of the sample or so many were drawn
/// that a class without is called too rare; the claim then leaves that class out, and says so.
public struct BalancedPAC: EquivalenceOracle {
  /// The claim.
  public let size: SampleSize
  /// What words are drawn from.
  public let distribution: WordDistribution
  /// The seed; round r draws from its stream r.
  public let seed: UInt64
  /// The most words drawn, as a multiple of the sample.
  public let patience: Int
  /// What the last search had covered when its budget was spent.
  public private(set) var partial: Evidence?
  /// The searches so far.
  public private(set) var rounds = 0

  /// A search that claims a balanced error of at most `epsilon` with confidence 1 - `delta`.
  ///
  /// - Parameters:
  ///   - epsilon: the error, in (0, 1).
  ///   - delta: the risk, in (0, 1).
  ///   - distribution: what words are drawn from.
  ///   - seed: the seed.
  ///   - patience: the most words drawn, as a multiple of the sample.
  public init(
    epsilon: Double, delta: Double, distribution: WordDistribution, seed: UInt64, patience: Int = 20
  ) {
    precondition(patience > 0, "a patience of \(patience)")
    size = SampleSize(epsilon: epsilon, delta: delta)
    self.distribution = distribution
    self.seed = seed
    self.patience = patience
  }

  /// The name in reports.
  public var name: String { "balanced PAC" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double {
    Double(size.words(round: rounds + 1) * 2) * (distribution.meanLength + 1)
  }

  /// Looks for a disagreement: the shortest among the words drawn together and their prefixes.
  ///
  /// With n words of each of k classes, all agreeing, a mean over the classes of their errors above epsilon has a probability
  /// of at most product (1 - error)^n <= exp(-n k epsilon).
  ///
  /// - Throws: as ``PAC`` does.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    partial = nil
    rounds += 1
    var generator = RandomGenerator(seed: seed, stream: UInt64(rounds))
    let symbols = hypothesis.alphabet.count
    let needed = size.words(round: rounds)
    let quota = (needed + hypothesis.outputNames.count - 1) / hypothesis.outputNames.count
    var counts = [Int](repeating: 0, count: hypothesis.outputNames.count)
    var drawn = 0
    do {
      // Whether to go on depends on the system's classes alone, never on whether the machine agrees.
      while counts.contains(where: { $0 < quota }), drawn < patience * needed {
        let batch = (0..<min(1000, patience * needed - drawn)).map { _ in
          distribution.draw(symbols: symbols, &generator)
        }
        if let word = try trie.shortestDisagreement(among: batch, with: hypothesis) {
          return .disagreement(word)
        }
        for word in batch { counts[Int(try trie.output(of: word))] += 1 }
        drawn += batch.count
      }
    } catch let spent as BudgetSpent {
      partial = Evidence(
        oracle: name,
        statement:
          "no claim on words balanced by class: the budget was spent after \(NumberText.count(drawn, "word"))",
        words: drawn, isComplete: false)
      throw spent
    }
    return .agreement(
      Evidence(oracle: name, statement: statement(hypothesis, counts, drawn, needed), words: drawn))
  }

  private func statement(_ hypothesis: MooreMachine, _ counts: [Int], _ drawn: Int, _ needed: Int) -> String {
    let names = hypothesis.outputNames.map { $0.debugDescription }
    let classes = Self.classes(counts, needed: needed)
    let rare = counts.indices.filter { !classes.contains($0) }
    let total = NumberText.count(drawn, "word")
    if classes.isEmpty { return "no claim on words balanced by class: \(total) are too few of any" }
    var text = "\(size.claim) over words balanced by the network's class "
    if classes.count == 1 && names.count > 1 {
      text = "\(size.claim) over words of the network's class \(names[classes[0]]) "
    }
    text += "(\(classes.map { names[$0] }.joined(separator: ", ")), drawn as follows: "
    text += "\(distribution.text(symbols: hypothesis.alphabet.count)); \(total), "
    text += "drawn fresh in the final round, \(rounds); confidence split over rounds)"
    for index in rare {
      text +=
        "; the class \(names[index]) is too rare for a claim, \(NumberText.grouped(counts[index])) of \(total)"
    }
    return text
  }

  /// The classes with enough words for a claim on all of them: as many as possible, the commonest first; none where there are too few.
  static func classes(_ counts: [Int], needed: Int) -> [Int] {
    let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    for number in (1...counts.count).reversed() where counts[order[number - 1]] * number >= needed {
      return order.prefix(number).sorted()
    }
    return []
  }
}
