internal import Glibc
internal import ProbeLinearAlgebra

extension MooreMachine {
  /// The exponential rate at which the number of words grows with their length, in nats a symbol.
  ///
  /// The logarithm of the largest eigenvalue of the matrix of transition counts between the states that lie on a way from the
  /// start to the output (Shannon 1948; Lind and Marcus, "Symbolic Dynamics", theorem 4.3.1): 0 where at most polynomially
  /// many words of a length lead there, -infinity where their number is finite.
  ///
  /// - Parameters:
  ///   - output: the index of the output.
  ///   - tolerance: the width, relative to the eigenvalue, to which it is enclosed (Collatz 1942).
  /// - Returns: nats a symbol; divide by log(2) for bits.
  /// - Complexity: O(symbols * states) for each step of a power iteration. A component of at most 600 states that needs more
  ///   than 1,000 costs O(states³ log(steps)); of a larger one the middle of the bounds after 100,000 is given.
  public func topologicalEntropy(of output: Int = 1, tolerance: Double = 1e-13) -> Double {
    let isLive = liveStates(output: output)
    var largest = 0.0
    for component in transitions.components(among: isLive) {
      largest = max(largest, transitions.perronRoot(of: component, tolerance: tolerance))
    }
    return log(largest)
  }

  /// `[state]`: whether the state is on a way from the start to the output.
  public func liveStates(output: Int = 1) -> [Bool] {
    var isLive = outputs.map { Int($0) == output }
    let sources = ReverseTransitions(of: transitions)
    var waiting = isLive.indices.filter { isLive[$0] }
    while let state = waiting.popLast() {
      for symbol in 0..<alphabet.count {
        for place in sources.range(of: Int32(state), symbol: symbol) where !isLive[Int(sources.states[place])]
        {
          isLive[Int(sources.states[place])] = true
          waiting.append(Int(sources.states[place]))
        }
      }
    }
    var isReached = [Bool](repeating: false, count: stateCount)
    for state in transitions.breadthFirstOrder { isReached[state] = true }
    return zip(isLive, isReached).map { $0 && $1 }
  }
}

extension Transitions {
  /// The sets of states that can reach each other, among some of the states.
  func components(among isKept: [Bool]) -> [[Int]] {
    let sources = (0..<stateCount).map { state in
      isKept[state] ? (0..<symbolCount).map { self[state, $0] }.filter { isKept[$0] } : []
    }
    return stronglyConnectedComponents(sources).filter { isKept[$0[0]] }
  }

  /// The largest eigenvalue of the counts of transitions within a strongly connected component; 0 where it has none.
  fileprivate func perronRoot(of component: [Int], tolerance: Double) -> Double {
    var numbers: [Int: Int] = [:]
    for (number, state) in component.enumerated() { numbers[state] = number }
    let edges = component.map { state in (0..<symbolCount).compactMap { numbers[self[state, $0]] } }
    if edges.allSatisfy(\.isEmpty) { return 0 }
    // With one more of each self-loop the matrix is primitive, so the iteration converges.
    var vector = [Double](repeating: 1, count: component.count)
    var bounds = (low: 1.0, high: 1.0)
    let canBeDense = edges.count <= 600
    for _ in 0..<(canBeDense ? 1_000 : 100_000) {
      let image = edges.indices.map { row in edges[row].reduce(vector[row]) { $0 + vector[$1] } }
      bounds = collatzBounds(image, vector)
      if bounds.high - bounds.low <= tolerance * bounds.high { break }
      let scale = 1 / (image.max() ?? 1)
      vector = image.map { $0 * scale }
    }
    if bounds.high - bounds.low > tolerance * bounds.high, canBeDense {
      bounds = squaredBounds(edges, tolerance: tolerance)
    }
    return (bounds.low + bounds.high) / 2 - 1
  }

  /// The same bounds after powers of two of steps, for matrices on which single steps hardly move.
  private func squaredBounds(_ edges: [[Int]], tolerance: Double) -> (low: Double, high: Double) {
    var power = Matrix<Double>.identity(edges.count)
    for (row, targets) in edges.enumerated() {
      for target in targets { power[row, target] += 1 }
    }
    let step = power
    var bounds = (low: 1.0, high: Double.greatestFiniteMagnitude)
    for _ in 0..<60 where bounds.high - bounds.low > tolerance * bounds.high {
      power = power * power
      let scale = 1 / (power.elements.max() ?? 1)
      power.elements = power.elements.map { $0 * scale }
      let vector = power.times([Double](repeating: 1, count: edges.count))
      bounds = collatzBounds(step.times(vector), vector)
    }
    return bounds
  }

  /// For a positive vector x the smallest and the largest of (A x)_i / x_i enclose the largest eigenvalue of A.
  private func collatzBounds(_ image: [Double], _ vector: [Double]) -> (low: Double, high: Double) {
    let ratios = zip(image, vector).map { $0 / $1 }
    return (ratios.min() ?? 1, ratios.max() ?? 1)
  }
}
