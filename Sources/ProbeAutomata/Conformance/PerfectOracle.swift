/// Compares hypotheses with a machine that is known: for tests, benchmarks, and languages that have a definition.
///
/// It speaks of the known machine alone and asks the system nothing.
public struct PerfectOracle: EquivalenceOracle {
  /// The smallest machine of the language that hypotheses are compared with.
  public let machine: MooreMachine
  private var comparison: KnownComparison

  /// An oracle that knows a machine.
  public init(_ machine: MooreMachine) {
    self.machine = machine.minimized()
    comparison = KnownComparison(self.machine)
  }

  public var name: String { "known machine" }

  /// Nothing is run.
  public func cost(of hypothesis: MooreMachine) -> Double { 0 }

  /// Looks for a word on which the known machine and the hypothesis differ; it need not be a shortest one.
  ///
  /// States of the hypothesis are matched with states of the known machine breadth first. A state that is met with a second
  /// match stands for two states that some word tells apart, and one of the two words that lead there, followed by that
  /// word, is a counterexample. A hypothesis that is wrong is so nearly everywhere, so most searches end early; that is
  /// what makes learners affordable that ask once a state.
  ///
  /// - Precondition: the alphabets and the outputs' names are equal.
  /// - Complexity: O(symbols·states of the hypothesis) and one search for a word that tells two states apart, at most
  ///   O(symbols·states of the known machine).
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    precondition(
      hypothesis.alphabet == machine.alphabet && hypothesis.outputNames == machine.outputNames,
      "machines of different alphabets cannot be compared")
    if let word = comparison.difference(of: hypothesis) { return .disagreement(word) }
    return .agreement(
      Evidence(
        oracle: name, statement: "equal to the known machine of \(machine.stateCount) states", words: 0))
  }
}

/// The search of a ``PerfectOracle``, with its arrays kept from one search to the next.
private struct KnownComparison {
  let machine: MooreMachine
  /// `[state of the hypothesis]`: the state of the known machine that its first word leads to; -1 where none has.
  private var matches: [Int32] = []
  private var queue: [Int32] = []
  /// `[state of the hypothesis]`: the transition that first led there.
  private var origins: [Int32] = []
  /// For the search for a word that tells two states of the known machine apart.
  private var classes: UnionFind
  private var pairs: [Pair] = []

  private struct Pair {
    var first: Int32
    var second: Int32
    var origin: Int32
    var symbol: Int32
  }

  init(_ machine: MooreMachine) {
    self.machine = machine
    classes = UnionFind(count: 0)
  }

  mutating func difference(of hypothesis: MooreMachine) -> Word? {
    let width = machine.alphabet.count
    let next = hypothesis.transitions.next
    let knownNext = machine.transitions.next
    matches.removeAll(keepingCapacity: true)
    matches.append(contentsOf: repeatElement(-1, count: hypothesis.stateCount))
    origins.removeAll(keepingCapacity: true)
    origins.append(contentsOf: repeatElement(-1, count: hypothesis.stateCount))
    let start = hypothesis.transitions.start
    matches[start] = Int32(machine.transitions.start)
    queue.removeAll(keepingCapacity: true)
    queue.append(Int32(start))
    var head = 0
    while head < queue.count {
      let state = Int(queue[head])
      head += 1
      let match = Int(matches[state])
      if hypothesis.outputs[state] != machine.outputs[match] { return access(of: state, width) }
      for symbol in 0..<width {
        let target = Int(next[state * width + symbol])
        let known = knownNext[match * width + symbol]
        if matches[target] == known { continue }
        if matches[target] < 0 {
          matches[target] = known
          origins[target] = Int32(state * width + symbol)
          queue.append(Int32(target))
          continue
        }
        let suffix = separatingWord(matches[target], known)
        let first = access(of: target, width) + suffix
        if hypothesis.output(of: first) != machine.output(of: first) { return first }
        return access(of: state, width) + [symbol] + suffix
      }
    }
    return nil
  }

  /// The word that first led to a state of the hypothesis.
  private func access(of state: Int, _ width: Int) -> Word {
    var word: Word = []
    var transition = Int(origins[state])
    while transition >= 0 {
      word.append(transition % width)
      transition = Int(origins[transition / width])
    }
    return word.reversed()
  }

  /// A shortest word after which two states of the known machine have different outputs (Hopcroft and Karp 1971).
  private mutating func separatingWord(_ first: Int32, _ second: Int32) -> Word {
    classes = UnionFind(count: machine.stateCount)
    classes.join(Int(first), Int(second))
    pairs.removeAll(keepingCapacity: true)
    pairs.append(Pair(first: first, second: second, origin: -1, symbol: -1))
    var head = 0
    while head < pairs.count {
      let pair = pairs[head]
      if machine.outputs[Int(pair.first)] != machine.outputs[Int(pair.second)] { return word(to: head) }
      for symbol in 0..<machine.alphabet.count {
        let first = machine.transitions[Int(pair.first), symbol]
        let second = machine.transitions[Int(pair.second), symbol]
        if classes.join(first, second) {
          pairs.append(
            Pair(first: Int32(first), second: Int32(second), origin: Int32(head), symbol: Int32(symbol)))
        }
      }
      head += 1
    }
    preconditionFailure("no word tells two states of a minimal machine apart")
  }

  private func word(to place: Int) -> Word {
    var word: Word = []
    var pair = pairs[place]
    while pair.origin >= 0 {
      word.append(Int(pair.symbol))
      pair = pairs[Int(pair.origin)]
    }
    return word.reversed()
  }
}
