public import ProbeLinearAlgebra

/// How often each symbol led from each cell of a partition to each other, where trials began, and what was put out.
///
/// Counts are whole numbers where every state has one cell, and expected numbers where it has a probability of each.
public struct TransitionCounts: Sendable {
  /// The number of cells.
  public let cellCount: Int
  /// The symbols that were read.
  public let alphabet: Alphabet
  /// The names of the outputs.
  public let outputNames: [String]
  /// `[cell]`: how many trials began in each.
  public let initial: [Double]
  /// `[cell]`: how many states lay in each.
  public let visits: [Double]
  /// `[cell, output]`: how often each output was seen in each cell.
  public let outputs: Matrix<Double>
  /// The transitions left out because one of their ends lies in no cell.
  public let skipped: Int

  /// `[cell * symbols + symbol + 1]`: where the targets of a pair begin in the two arrays below.
  private let offsets: [Int]
  private let targets: [Int32]
  private let counts: [Double]

  /// Counts transitions between cells.
  ///
  /// - Parameters:
  ///   - recorded: what was recorded.
  ///   - cells: `[state]`, -1 for a state in no cell.
  ///   - cellCount: the number of cells.
  /// - Complexity: O(states log states).
  public init(_ recorded: RecordedStates, cells: [Int32], cellCount: Int) {
    precondition(cells.count == recorded.states.rows, "not one cell a state")
    let width = recorded.alphabet.count
    var initial = [Double](repeating: 0, count: cellCount)
    var visits = initial
    var outputs = Matrix<Double>(rows: cellCount, columns: recorded.outputNames.count)
    var found: [(pair: Int, target: Int32)] = []
    var skipped = 0
    for (row, cell) in cells.enumerated() {
      if cell >= 0 {
        visits[Int(cell)] += 1
        if recorded.outputs[row] >= 0 { outputs[Int(cell), Int(recorded.outputs[row])] += 1 }
        if recorded.symbols[row] < 0 { initial[Int(cell)] += 1 }
      }
      guard recorded.symbols[row] >= 0 else { continue }
      let source = cells[row - 1]
      guard source >= 0 && cell >= 0 else {
        skipped += 1
        continue
      }
      found.append((Int(source) * width + Int(recorded.symbols[row]), cell))
    }
    found.sort { ($0.pair, $0.target) < ($1.pair, $1.target) }
    var offsets = [Int](repeating: 0, count: cellCount * width + 1)
    var targets: [Int32] = []
    var counts: [Double] = []
    var last: (pair: Int, target: Int32) = (-1, -1)
    for entry in found {
      if entry == last {
        counts[counts.count - 1] += 1
      } else {
        targets.append(entry.target)
        counts.append(1)
        offsets[entry.pair + 1] += 1
        last = entry
      }
    }
    for place in 1..<offsets.count { offsets[place] += offsets[place - 1] }
    self.init(
      recorded, cellCount, initial, visits, outputs, skipped, (offsets, targets, counts))
  }

  /// Counts the transitions of a partition's cells.
  public init(_ recorded: RecordedStates, _ partition: some StatePartition) {
    self.init(recorded, cells: partition.cells(of: recorded.states), cellCount: partition.cellCount)
  }

  /// Counts expected transitions: the sum over steps of the products of the probabilities of their two ends' cells.
  ///
  /// - Parameters:
  ///   - recorded: what was recorded.
  ///   - memberships: `[state, cell]`, rows that add up to 1.
  ///   - threshold: expected counts below it are taken as none, so that what is merely not impossible does not count as seen.
  /// - Complexity: O(states cells² + symbols cells²); memory O(symbols cells²).
  public init(_ recorded: RecordedStates, memberships: Matrix<Double>, threshold: Double = 1e-6) {
    precondition(memberships.rows == recorded.states.rows, "not one row of probabilities a state")
    let cells = memberships.columns
    let width = recorded.alphabet.count
    var initial = [Double](repeating: 0, count: cells)
    var visits = initial
    var outputs = Matrix<Double>(rows: cells, columns: recorded.outputNames.count)
    var rowsOfSymbols = [[Int]](repeating: [], count: width)
    for row in 0..<memberships.rows {
      for cell in 0..<cells {
        let share = memberships[row, cell]
        visits[cell] += share
        if recorded.outputs[row] >= 0 { outputs[cell, Int(recorded.outputs[row])] += share }
        if recorded.symbols[row] < 0 { initial[cell] += share }
      }
      if recorded.symbols[row] >= 0 { rowsOfSymbols[Int(recorded.symbols[row])].append(row) }
    }
    var offsets = [Int](repeating: 0, count: cells * width + 1)
    var expected: [Matrix<Double>] = []
    for rows in rowsOfSymbols {
      let ends = Matrix(
        rows: rows.count, columns: cells, elements: rows.flatMap { Array(memberships.row($0)) })
      let starts = Matrix(
        rows: rows.count, columns: cells, elements: rows.flatMap { Array(memberships.row($0 - 1)) })
      expected.append(starts.transposed * ends)
    }
    var targets: [Int32] = []
    var counts: [Double] = []
    for cell in 0..<cells {
      for symbol in 0..<width {
        for target in 0..<cells where expected[symbol][cell, target] >= threshold {
          targets.append(Int32(target))
          counts.append(expected[symbol][cell, target])
        }
        offsets[cell * width + symbol + 1] = targets.count
      }
    }
    self.init(recorded, cells, initial, visits, outputs, 0, (offsets, targets, counts))
  }

  private init(
    _ recorded: RecordedStates, _ cellCount: Int, _ initial: [Double], _ visits: [Double],
    _ outputs: Matrix<Double>, _ skipped: Int, _ rows: (offsets: [Int], targets: [Int32], counts: [Double])
  ) {
    self.cellCount = cellCount
    alphabet = recorded.alphabet
    outputNames = recorded.outputNames
    self.initial = initial
    self.visits = visits
    self.outputs = outputs
    self.skipped = skipped
    (offsets, targets, counts) = rows
  }

  /// Where a symbol led from a cell and how often, in the order of the cells; empty where it was never read there.
  public func successors(of cell: Int, symbol: Int) -> [(cell: Int, count: Double)] {
    let pair = cell * alphabet.count + symbol
    return (offsets[pair]..<offsets[pair + 1]).map { (Int(targets[$0]), counts[$0]) }
  }

  /// Where a symbol most often led from a cell; among equals the cell with more visits, then the lower number.
  public func mostFrequentSuccessor(of cell: Int, symbol: Int) -> Int? {
    let pair = cell * alphabet.count + symbol
    var best: Int?
    for place in offsets[pair]..<offsets[pair + 1] {
      guard let leader = best else {
        best = place
        continue
      }
      let (weight, other) = (visits[Int(targets[place])], visits[Int(targets[leader])])
      if (counts[place], weight) > (counts[leader], other) { best = place }
    }
    return best.map { Int(targets[$0]) }
  }

  /// The cell in which most trials began; among equals the one with more visits, then the lower number.
  public var start: Int {
    (0..<cellCount).max { (initial[$0], visits[$0], $1) < (initial[$1], visits[$1], $0) } ?? 0
  }

  /// The output most often seen in a cell, the first among equals; nil where none was.
  public func output(of cell: Int) -> Int? {
    let row = outputs.row(cell)
    let best = argmax(row)
    return row[row.startIndex + best] > 0 ? best : nil
  }

  /// The share of transitions that went where their cell's symbol most often leads; NaN without a transition.
  ///
  /// 1 says that the cells are states of a machine as far as was seen. Less need not be wrong: cells finer than the machine's
  /// states seldom follow one another deterministically, and the minimised machine may still be exact.
  public var determinism: Double {
    var most = 0.0
    for pair in 0..<offsets.count - 1 {
      most += (offsets[pair]..<offsets[pair + 1]).reduce(0) { max($0, counts[$1]) }
    }
    return most / counts.reduce(0, +)
  }

  /// The share of outputs that are the most frequent of their cell; NaN where no output is known.
  public var outputPurity: Double {
    var most = 0.0
    for cell in 0..<cellCount { most += outputs.row(cell).max() ?? 0 }
    return most / outputs.elements.reduce(0, +)
  }
}
