internal import ProbeLinearAlgebra

extension MarkovChain {
  /// The smallest chain that shows the same sequences of outputs with the same probabilities, by joining states.
  ///
  /// States stay together when they look alike and go to each set of joined states with the same probability (ordinary
  /// lumpability: Kemeny and Snell, "Finite Markov Chains", 1960, theorem 6.3.2). Sets are split, by where their
  /// probabilities of reaching a set leave a gap, until none is.
  ///
  /// - Parameter tolerance: probabilities whose neighbours in order differ by no more than this count as equal.
  /// - Returns: the chain, its states in the order of the first of the states that they join, with the mean probabilities of
  ///   those; and `[state]`: the number of the joined state.
  /// - Throws: ``AutomataError/notADistribution(state:sum:)`` should the mean of rows be none, which rows of a chain do not allow.
  /// - Complexity: O(states² * joined states) for each round of splits.
  public func lumped(tolerance: Double = 1e-12) throws(AutomataError) -> (chain: MarkovChain, classes: [Int])
  {
    var classes = rowLabels(outputs.map { Array($0.utf8) }).map { Int($0) }
    var count = (classes.max() ?? -1) + 1
    var isStable = false
    while !isStable {
      isStable = true
      let sums = sums(classes, count)
      for target in 0..<count {
        let finer = split(classes, by: (0..<stateCount).map { sums[$0, target] }, tolerance: tolerance)
        if finer.count > count {
          (classes, count) = finer
          isStable = false
          break
        }
      }
    }
    let sums = sums(classes, count)
    var elements = [Double](repeating: 0, count: count * count)
    var sizes = [Double](repeating: 0, count: count)
    var first = [Int](repeating: -1, count: count)
    for state in 0..<stateCount {
      if first[classes[state]] < 0 { first[classes[state]] = state }
      sizes[classes[state]] += 1
    }
    for state in 0..<stateCount {
      for target in 0..<count {
        elements[classes[state] * count + target] += sums[state, target] / sizes[classes[state]]
      }
    }
    let chain = try MarkovChain(
      outputs: first.map { outputs[$0] }, start: classes[start],
      probabilities: Matrix(rows: count, columns: count, elements: elements))
    return (chain, classes)
  }

  /// `[state, class]`: the probability of going to the class.
  private func sums(_ classes: [Int], _ count: Int) -> Matrix<Double> {
    var sums = Matrix<Double>(rows: stateCount, columns: count)
    for from in 0..<stateCount {
      for to in 0..<stateCount { sums[from, classes[to]] += probabilities[from, to] }
    }
    return sums
  }

  /// Splits classes where their members' values leave a gap; classes are numbered by their first members.
  private func split(
    _ classes: [Int], by values: [Double], tolerance: Double
  ) -> (classes: [Int], count: Int) {
    let order = classes.indices.sorted { (classes[$0], values[$0], $0) < (classes[$1], values[$1], $1) }
    var parts = classes
    var part = 0
    for (place, state) in order.enumerated() {
      if place > 0 {
        let previous = order[place - 1]
        if classes[previous] != classes[state] || values[state] - values[previous] > tolerance { part += 1 }
      }
      parts[state] = part
    }
    let numbered = rowLabels(parts.map { [$0] })
    return (numbered.map { Int($0) }, order.isEmpty ? 0 : part + 1)
  }
}
