extension MooreMachine {
  /// A shortest word after which the outputs of two machines have different names; nil where the machines are equivalent.
  ///
  /// It need not be the first of its length; ``firstDifference(from:)`` is.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: O(symbols * (states + states)) (Hopcroft and Karp 1971).
  public func shortestDifference(from other: MooreMachine) -> Word? {
    transitions.shortestDifference(from: other.transitions, labels: commonLabels(with: other))
  }

  /// The first in the order of symbols of the shortest words on which two machines differ; nil where they are equivalent.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: that of ``MooreRefinement`` on both machines.
  public func firstDifference(from other: MooreMachine) -> Word? {
    transitions.firstDifference(from: other.transitions, labels: commonLabels(with: other))
  }

  /// One label for each name of an output, for the states of this machine and then those of the other.
  private func commonLabels(with other: MooreMachine) -> [Int32] {
    precondition(alphabet == other.alphabet, "machines of different alphabets cannot be compared")
    let names = commonNumbers(outputNames, other.outputNames)
    return outputs.map { names.first[Int($0)] } + other.outputs.map { names.second[Int($0)] }
  }
}
