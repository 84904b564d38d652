internal import Glibc
public import ProbeLinearAlgebra

/// A Markov chain over named states.
public struct MarkovChain: Sendable, Equatable {
  /// `[state]`: what is seen of each state; states may look alike.
  public let outputs: [String]
  /// The state at time 0.
  public let start: Int
  /// `[from, to]`: the probability of the next state.
  public let probabilities: Matrix<Double>

  /// A chain.
  ///
  /// - Precondition: the matrix is square, with a row for each output; `start` is a state.
  /// - Throws: ``AutomataError/notADistribution(state:sum:)`` where a row is not in [0, 1] or does not sum to 1 within
  ///   ``ProbabilisticMachine/sumTolerance``.
  public init(outputs: [String], start: Int = 0, probabilities: Matrix<Double>) throws(AutomataError) {
    precondition(
      probabilities.rows == outputs.count && probabilities.columns == outputs.count,
      "\(outputs.count) states, \(probabilities.rows) x \(probabilities.columns) probabilities")
    precondition(outputs.indices.contains(start), "start state \(start) of \(outputs.count)")
    for state in outputs.indices {
      let row = probabilities.row(state)
      let sum = row.reduce(0, +)
      guard row.allSatisfy({ $0 >= 0 }), abs(sum - 1) <= ProbabilisticMachine.sumTolerance else {
        throw .notADistribution(state: state, sum: sum)
      }
    }
    self.outputs = outputs
    self.start = start
    self.probabilities = probabilities
  }

  /// The number of states.
  public var stateCount: Int { outputs.count }

  /// The sets of states that are never left and whose states reach each other, each in ascending order.
  public var closedClasses: [[Int]] {
    let edges = (0..<stateCount).map { state in (0..<stateCount).filter { probabilities[state, $0] > 0 } }
    return stronglyConnectedComponents(edges).filter { component in
      let members = Set(component)
      return component.allSatisfy { edges[$0].allSatisfy { members.contains($0) } }
    }.sorted { $0[0] < $1[0] }
  }

  /// The distribution that a step does not change, where there is one only: the share of time spent in each state.
  ///
  /// By the elimination of Grassmann, Taksar and Heyman (Operations Research 33 (1985) 1107), which subtracts nothing, so
  /// that every share is right to nearly all its digits, however small.
  ///
  /// - Returns: `[state]`; nil where the chain has several closed classes, each with a distribution of its own.
  /// - Complexity: O(states³).
  public func stationaryDistribution() -> [Double]? {
    let classes = closedClasses
    guard classes.count == 1, let members = classes.first else { return nil }
    let n = members.count
    var rates = Matrix<Double>(rows: n, columns: n)
    for (row, from) in members.enumerated() {
      for (column, to) in members.enumerated() { rates[row, column] = probabilities[from, to] }
    }
    var distribution = [Double](repeating: 0, count: stateCount)
    let shares = ProbeAutomata.stationaryDistribution(of: rates)
    for (member, share) in zip(members, shares) { distribution[member] = share }
    return distribution
  }

  /// The mean uncertainty of the next state in the stationary distribution, in nats; nil where that is not unique.
  public func entropyRate() -> Double? {
    stationaryDistribution().map { shares in
      shares.enumerated().reduce(0) { sum, state in
        sum
          - state.element
          * probabilities.row(state.offset).reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
      }
    }
  }
}

extension ProbabilisticMachine {
  /// The chain of this machine's states; the ends of words lead back to the start.
  public func markovChain() throws(AutomataError) -> MarkovChain {
    var matrix = Matrix<Double>(rows: stateCount, columns: stateCount)
    for state in 0..<stateCount {
      for symbol in 0..<alphabet.count {
        matrix[state, transitions[state, symbol]] += probability(of: symbol, in: state)
      }
      matrix[state, transitions.start] += endProbabilities[state]
    }
    return try MarkovChain(
      outputs: (0..<stateCount).map { "\($0)" }, start: transitions.start, probabilities: matrix)
  }
}

extension MooreMachine {
  /// The chain of this machine's states under random symbols, each state showing its output.
  ///
  /// - Parameter symbolProbabilities: `[symbol]`; nil for all symbols alike.
  /// - Returns: the chain.
  /// - Throws: ``AutomataError/notADistribution(state:sum:)``.
  /// - Precondition: there is a symbol, and a probability for each.
  public func markovChain(symbolProbabilities: [Double]? = nil) throws(AutomataError) -> MarkovChain {
    precondition(alphabet.count > 0, "a machine without symbols makes no steps")
    let shares = symbolProbabilities ?? alphabet.symbols.map { _ in 1 / Double(alphabet.count) }
    precondition(shares.count == alphabet.count, "\(shares.count) probabilities of \(alphabet.count) symbols")
    var matrix = Matrix<Double>(rows: stateCount, columns: stateCount)
    for state in 0..<stateCount {
      for symbol in 0..<alphabet.count { matrix[state, transitions[state, symbol]] += shares[symbol] }
    }
    return try MarkovChain(
      outputs: outputs.map { outputNames[Int($0)] }, start: transitions.start, probabilities: matrix)
  }
}
