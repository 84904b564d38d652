internal import ProbeLinearAlgebra

extension MooreMachine {
  /// A random machine of exactly as many states as asked, all reachable and none of them equivalent.
  ///
  /// Each state after the first hangs on a free transition of one before it; the other transitions and the outputs are uniform.
  /// Machines that turn out not to be minimal are drawn again. The distribution is not uniform over all such machines. The
  /// same seed gives the same machine, in the canonical numbering.
  ///
  /// - Parameters:
  ///   - states: the number of states, at least 1.
  ///   - alphabet: the symbols.
  ///   - outputNames: the outputs, each as likely as any other; an acceptor's by default.
  ///   - seed: the seed.
  /// - Returns: the machine.
  /// - Throws: ``AutomataError/noRandomMachine(states:symbols:outputs:)`` where 10,000 draws gave no such machine, as where
  ///   there is none: with no symbol or one output only machines of one state are minimal.
  /// - Complexity: O(symbols * states * log(states)) a draw; with two symbols or more, few are needed.
  public static func random(
    states: Int, alphabet: Alphabet, outputNames: [String] = MooreMachine.acceptorOutputs, seed: UInt64
  ) throws(AutomataError) -> MooreMachine {
    precondition(
      states > 0 && !outputNames.isEmpty, "a machine of \(states) states, \(outputNames.count) outputs")
    let canExist = states == 1 || (alphabet.count > 0 && outputNames.count > 1)
    for draw in 0..<(canExist ? 10_000 : 0) {
      var generator = RandomGenerator(seed: seed, stream: UInt64(draw))
      let machine = randomReachable(states, alphabet, outputNames, &generator).minimized()
      if machine.stateCount == states { return machine }
    }
    throw .noRandomMachine(states: states, symbols: alphabet.count, outputs: outputNames.count)
  }

  private static func randomReachable(
    _ states: Int, _ alphabet: Alphabet, _ outputNames: [String], _ generator: inout RandomGenerator
  ) -> MooreMachine {
    var next = [Int32](repeating: -1, count: states * alphabet.count)
    var free = Array(0..<alphabet.count)
    for state in 1..<max(states, 1) {
      free.swapAt(generator.integer(below: free.count), free.count - 1)
      next[free.removeLast()] = Int32(state)
      free += state * alphabet.count..<(state + 1) * alphabet.count
    }
    for place in next.indices where next[place] < 0 { next[place] = Int32(generator.integer(below: states)) }
    return MooreMachine(
      alphabet: alphabet, outputNames: outputNames,
      transitions: Transitions(stateCount: states, symbolCount: alphabet.count, next: next),
      outputs: (0..<states).map { _ in Int32(generator.integer(below: outputNames.count)) })
  }
}
