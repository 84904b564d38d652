/// Where a counterexample parts from a hypothesis.
struct Breakpoint {
  /// The state that the hypothesis is in before the symbol.
  var state: Int
  /// The symbol after which the state that the hypothesis goes to is not the system's.
  var symbol: Int
  /// The word that tells the two apart.
  var suffix: Word

  /// Finds a breakpoint by halving.
  ///
  /// For the word c let a(i) be the system's output on access(δ(c₁…cᵢ))·cᵢ₊₁…: a(0) is the system's on c, a(|c|) the
  /// hypothesis's. They differ, so there is an i with a(i) ≠ a(i+1); then access(δ(c₁…cᵢ))·cᵢ₊₁ and the access word of the
  /// state it leads to differ on the rest. Rivest and Schapire, "Inference of finite automata using homing sequences",
  /// Information and Computation 103 (1993) 299, section 4.5.
  ///
  /// - Parameters:
  ///   - access: for each state of the hypothesis the node of a word that leads there; the empty word for the start.
  ///   - learner: who asks, for the error.
  /// - Throws: ``AutomataError/notACounterexample(word:learner:output:)`` where both give the word one output; ``BudgetSpent``
  ///   and what the system throws.
  /// - Complexity: at most ⌈log₂ |c|⌉ + 1 words asked.
  static func find<System: SystemUnderLearning>(
    in word: Word, _ machine: MooreMachine, access: [Int32], learner: String, _ trie: inout PrefixTrie<System>
  ) throws -> Breakpoint {
    var states = [machine.transitions.start]
    states.reserveCapacity(word.count + 1)
    for symbol in word { states.append(machine.transitions[states[states.count - 1], symbol]) }
    func output(_ place: Int) throws -> Int32 {
      try trie.output(trie.node(for: word[place...], from: access[states[place]]))
    }
    let first = try trie.output(of: word)
    if first == machine.outputs[states[word.count]] {
      throw AutomataError.notACounterexample(
        word: trie.alphabet.text(of: word), learner: learner,
        output: machine.outputNames[Int(first)])
    }
    // a(low) is the first output throughout, a(high) another.
    var low = 0
    var high = word.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if try output(middle) == first { low = middle } else { high = middle }
    }
    return Breakpoint(state: states[low], symbol: word[low], suffix: Array(word[high...]))
  }
}
