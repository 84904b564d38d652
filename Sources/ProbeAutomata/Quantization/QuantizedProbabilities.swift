internal import ProbeLinearAlgebra

/// The probabilistic machine that cells of recorded states make: each symbol leads where it most often led, and a cell's
/// distribution is the mean of those after the states in it.
public struct QuantizedProbabilities: Sendable {
  /// The reachable cells as states, in the canonical numbering.
  public let machine: ProbabilisticMachine
  /// `[state]`: the cell of each state.
  public let cells: [Int]
  /// The transitions of reachable cells that were never seen; they lead back to their cell.
  public let unseenTransitions: Int
  /// The share of transitions that went where their cell's symbol most often leads.
  public let determinism: Double

  /// Makes a machine of counted transitions.
  ///
  /// - Parameters:
  ///   - recorded: what was recorded.
  ///   - cells: `[state]`, the cell of each recorded state.
  ///   - cellCount: the number of cells.
  ///   - distributions: `[state, symbol]`, the end last: what is probable after each recorded state.
  /// - Throws: ``AutomataError/notADistribution(state:sum:)``.
  /// - Precondition: there are `alphabet.count + 1` probabilities for each recorded state.
  public init(_ recorded: RecordedStates, cells: [Int32], cellCount: Int, distributions: [Double])
    throws(AutomataError)
  {
    let (width, rows) = (recorded.alphabet.count, recorded.states.rows)
    precondition(
      distributions.count == rows * (width + 1), "\(distributions.count) probabilities of \(rows) states")
    let counts = TransitionCounts(recorded, cells: cells, cellCount: cellCount)
    var sums = [Double](repeating: 0, count: cellCount * (width + 1))
    for (row, cell) in cells.enumerated() {
      for symbol in 0...width {
        sums[Int(cell) * (width + 1) + symbol] += distributions[row * (width + 1) + symbol]
      }
    }
    var unseen = [Bool](repeating: false, count: cellCount * width)
    let next = (0..<cellCount * width).map { place -> Int32 in
      let (cell, symbol) = place.quotientAndRemainder(dividingBy: width)
      if let target = counts.mostFrequentSuccessor(of: cell, symbol: symbol) { return Int32(target) }
      unseen[place] = true
      return Int32(cell)
    }
    let table = Transitions(stateCount: cellCount, symbolCount: width, start: counts.start, next: next)
    let (canonical, kept) = table.canonical()
    func mean(_ cell: Int, _ symbol: Int) -> Double {
      sums[cell * (width + 1) + symbol] / counts.visits[cell]
    }
    machine = try ProbabilisticMachine(
      alphabet: recorded.alphabet, transitions: canonical,
      probabilities: kept.flatMap { cell in (0..<width).map { mean(cell, $0) } },
      endProbabilities: kept.map { mean($0, width) })
    self.cells = kept
    unseenTransitions = kept.reduce(0) { sum, cell in sum + (0..<width).count { unseen[cell * width + $0] } }
    determinism = counts.determinism
  }
}
