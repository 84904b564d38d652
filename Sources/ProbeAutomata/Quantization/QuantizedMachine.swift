/// The machine that the cells of a partition make when each symbol leads where it most often led, and its minimal form.
///
/// The machine agrees with the cells' most frequent moves only: how well it agrees with the system is for
/// ``RecordedAgreement`` and for searches for disagreements to say.
public struct QuantizedMachine: Sendable {
  /// An edge that was not seen.
  public struct Guess: Sendable, Equatable {
    /// The state of ``QuantizedMachine/machine`` that it leaves.
    public var state: Int
    /// The symbol.
    public var symbol: Int
    /// The state that the policy made it lead to.
    public var next: Int
  }

  /// The reachable cells as states, in the canonical numbering, not minimised.
  public let machine: MooreMachine
  /// `[state]`: the cell of each state of the machine; nil for the state where unseen edges end.
  public let cells: [Int?]
  /// The minimal machine.
  public let minimal: MooreMachine
  /// `[state]`: for each state of the machine the state of the minimal machine that it became part of.
  public let merged: [Int]
  /// The edges that were not seen.
  public let guesses: [Guess]
  /// The share of the edges of reachable cells that were seen.
  public let coverage: Double
  /// The share of transitions that went where their cell's symbol most often leads.
  public let determinism: Double
  /// The share of outputs that are the most frequent of their cell.
  public let outputPurity: Double

  /// The name of the output of states where nothing is known.
  public static let unknownOutput = "unknown"

  /// Makes a machine of counted transitions.
  ///
  /// - Parameters:
  ///   - counts: what was counted.
  ///   - unseen: what to do where a symbol was never read in a cell.
  ///   - outputs: `[cell]`: the outputs of cells where they are known without counting, as from a readout of centroids; nil
  ///     elements and nil itself stand for the most frequent output seen.
  /// - Throws: what a queried system throws.
  /// - Complexity: O(transitions + cells symbols).
  public init(_ counts: TransitionCounts, unseen: UnseenEdgePolicy, outputs: [Int?]? = nil) throws {
    var builder = Builder(counts: counts, unseen: unseen, cellOutputs: outputs)
    try builder.run()
    machine = builder.machine
    cells = builder.cells.map { $0 < 0 ? nil : $0 }
    guesses = builder.guesses
    let reachable = cells.count { $0 != nil } * counts.alphabet.count
    coverage = reachable == 0 ? 1 : Double(reachable - guesses.count) / Double(reachable)
    determinism = counts.determinism
    outputPurity = counts.outputPurity
    minimal = machine.minimized()
    merged = machine.states(of: minimal)
  }

  /// Makes a machine of recorded states and a partition of them.
  public init(_ recorded: RecordedStates, _ partition: some StatePartition, unseen: UnseenEdgePolicy) throws {
    try self.init(TransitionCounts(recorded, partition), unseen: unseen)
  }
}

/// Follows edges breadth first from the start, a level at a time, so that unseen ones can be asked together.
private struct Builder {
  let counts: TransitionCounts
  let unseen: UnseenEdgePolicy
  let cellOutputs: [Int?]?
  var cells: [Int] = []
  var guesses: [QuantizedMachine.Guess] = []
  private var numbers: [Int: Int] = [:]
  private var next: [Int32] = []

  init(counts: TransitionCounts, unseen: UnseenEdgePolicy, cellOutputs: [Int?]?) {
    precondition(cellOutputs.map { $0.count == counts.cellCount } ?? true, "not one output a cell")
    self.counts = counts
    self.unseen = unseen
    self.cellOutputs = cellOutputs
  }

  mutating func run() throws {
    let width = counts.alphabet.count
    _ = number(of: counts.start)
    var level = 0..<1
    while !level.isEmpty {
      let pairs = level.flatMap { state in
        (0..<width).map { CellSymbol(cell: cells[state], symbol: $0) }
      }
      var targets = pairs.map { pair in
        pair.cell < 0 ? -1 : counts.mostFrequentSuccessor(of: pair.cell, symbol: pair.symbol)
      }
      let open = targets.indices.filter { targets[$0] == nil }
      let answers = try resolve(open.map { pairs[$0] })
      for (place, answer) in zip(open, answers) { targets[place] = answer }
      let isGuess = Set(open)
      for (place, target) in targets.enumerated() {
        let state = number(of: target ?? -1)
        next.append(Int32(state))
        if isGuess.contains(place) {
          let source = level.lowerBound + place / width
          guesses.append(.init(state: source, symbol: place % width, next: state))
        }
      }
      level = level.upperBound..<cells.count
    }
  }

  private func resolve(_ pairs: [CellSymbol]) throws -> [Int] {
    switch unseen {
    case .sink, .open: return pairs.map { _ in -1 }
    case .stay: return pairs.map(\.cell)
    case .query(let ask):
      if pairs.isEmpty { return [] }
      let answers = try ask(pairs)
      precondition(answers.count == pairs.count, "\(answers.count) answers to \(pairs.count) edges")
      precondition(answers.allSatisfy { $0 < counts.cellCount }, "an answer that is no cell")
      return answers.map { max(-1, Int($0)) }
    }
  }

  private mutating func number(of cell: Int) -> Int {
    if let known = numbers[cell] { return known }
    numbers[cell] = cells.count
    cells.append(cell)
    return cells.count - 1
  }

  var machine: MooreMachine {
    var names = counts.outputNames
    let outputs = cells.map { cell -> Int32 in
      if cell < 0, case .sink(let output) = unseen { return Int32(output) }
      if cell >= 0, let output = cellOutputs?[cell] ?? counts.output(of: cell) { return Int32(output) }
      if names.count == counts.outputNames.count {
        var name = QuantizedMachine.unknownOutput
        while names.contains(name) { name += "?" }
        names.append(name)
      }
      return Int32(names.count - 1)
    }
    return MooreMachine(
      alphabet: counts.alphabet, outputNames: names,
      transitions: Transitions(
        stateCount: cells.count, symbolCount: counts.alphabet.count, start: 0, next: next), outputs: outputs)
  }
}

extension MooreMachine {
  /// For each state the state in which another machine is after the same words.
  ///
  /// - Precondition: every state is reachable, and the other machine is a quotient of this one.
  func states(of quotient: MooreMachine) -> [Int] {
    var classes = [Int](repeating: -1, count: stateCount)
    classes[transitions.start] = quotient.transitions.start
    for state in transitions.breadthFirstOrder {
      for symbol in 0..<alphabet.count where classes[transitions[state, symbol]] < 0 {
        classes[transitions[state, symbol]] = quotient.transitions[classes[state], symbol]
      }
    }
    return classes
  }
}
