extension MooreMachine {
  /// The acceptor of the words that this one does not accept.
  ///
  /// - Precondition: it is an acceptor.
  public func complement() -> MooreMachine {
    requireAcceptor()
    return MooreMachine(
      alphabet: alphabet, outputNames: outputNames, transitions: transitions, outputs: outputs.map { 1 - $0 })
  }

  /// The words that both acceptors accept.
  ///
  /// - Precondition: both are acceptors of one alphabet.
  public func intersection(_ other: MooreMachine) -> MooreMachine {
    requireAcceptor()
    return combined(with: other) { $0 == 1 && $1 == 1 }
  }

  /// The words that one of the acceptors accepts.
  ///
  /// - Precondition: both are acceptors of one alphabet.
  public func union(_ other: MooreMachine) -> MooreMachine {
    requireAcceptor()
    return combined(with: other) { $0 == 1 || $1 == 1 }
  }

  /// The words that this acceptor accepts and the other does not.
  ///
  /// - Precondition: both are acceptors of one alphabet.
  public func subtracting(_ other: MooreMachine) -> MooreMachine {
    requireAcceptor()
    return combined(with: other) { $0 == 1 && $1 != 1 }
  }

  /// The words after which the outputs of two machines have different names.
  ///
  /// - Precondition: the alphabets are equal.
  public func symmetricDifference(_ other: MooreMachine) -> MooreMachine {
    let names = commonNumbers(outputNames, other.outputNames)
    return combined(with: other) { names.first[$0] != names.second[$1] }
  }

  /// The acceptor whose states are the reachable pairs of two machines' states, in the canonical numbering; not minimal.
  ///
  /// - Parameters:
  ///   - other: the second machine, of the same alphabet.
  ///   - accepts: whether a pair with the given outputs accepts.
  /// - Returns: the acceptor.
  /// - Complexity: O(symbols * states * states) at worst.
  public func combined(with other: MooreMachine, accepts: (Int, Int) -> Bool) -> MooreMachine {
    precondition(alphabet == other.alphabet, "machines of different alphabets cannot be combined")
    let product = StateProduct(transitions, other.transitions)
    return MooreMachine(
      alphabet: alphabet, outputNames: Self.acceptorOutputs,
      transitions: Transitions(
        stateCount: product.pairs.count, symbolCount: alphabet.count, next: product.next),
      outputs: product.pairs.map { accepts(Int(outputs[$0.0]), Int(other.outputs[$0.1])) ? 1 : 0 })
  }

  /// The acceptor of the words after which this machine shows a given output.
  public func acceptor(of output: Int) -> MooreMachine {
    MooreMachine(
      alphabet: alphabet, outputNames: Self.acceptorOutputs, transitions: transitions,
      outputs: outputs.map { $0 == output ? 1 : 0 })
  }

  /// The same machine with its symbols in another order.
  ///
  /// - Throws: ``AutomataError/differentAlphabets(_:_:)`` when the symbols are not the same.
  public func reordered(to other: Alphabet) throws(AutomataError) -> MooreMachine {
    let columns = other.symbols.compactMap { alphabet.index(of: $0) }
    guard columns.count == other.count, other.count == alphabet.count else {
      throw .differentAlphabets(alphabet.symbols, other.symbols)
    }
    let table = Transitions(
      stateCount: stateCount, symbolCount: other.count, start: transitions.start,
      next: (0..<stateCount).flatMap { state in columns.map { Int32(transitions[state, $0]) } })
    return MooreMachine(alphabet: other, outputNames: outputNames, transitions: table, outputs: outputs)
  }

  func requireAcceptor() {
    precondition(isAcceptor, "a machine with the outputs \(outputNames) is no acceptor")
  }
}
