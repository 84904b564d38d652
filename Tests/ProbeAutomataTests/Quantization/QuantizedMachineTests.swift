import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("A machine of counted transitions")
struct QuantizedMachineTests {
  /// Two trials over `a` and `b` in one dimension: cells 0, 1, 2 are the values.
  static func hand() throws -> RecordedStates {
    try RecordedStates(
      alphabet: Alphabet(["a", "b"]), outputNames: MooreMachine.acceptorOutputs, lengths: [4, 2], steps: 4,
      values: [1, 0, 1, 2, 2, 0, 99, 99] as [Float], initial: [0], symbols: [0, 0, 0, 1, 0, 1, 9, 9],
      outputs: [1, 0, 1, 0, 0, -1, 9, 9], initialOutput: 0)
  }

  static let values = Centroids(matrix([[0], [1], [2]]))

  @Test("counts what was recorded and nothing beyond a trial's length")
  func counts() throws {
    let recorded = try Self.hand()
    // 0 a 1 a 0 a 1 b 2 | 0 a 2 b 0
    #expect(recorded.states.elements == [0, 1, 0, 1, 2, 0, 2, 0])
    #expect(recorded.starts == [0, 5, 8])
    #expect(recorded.word(to: 4, of: 0) == [0, 0, 0, 1])
    let counts = TransitionCounts(recorded, Self.values)
    #expect(counts.initial == [2, 0, 0])
    #expect(counts.visits == [4, 2, 2])
    #expect(counts.outputs.elements == [3, 0, 0, 2, 2, 0])
    #expect(counts.successors(of: 0, symbol: 0).map(\.cell) == [1, 2])
    #expect(counts.successors(of: 0, symbol: 0).map(\.count) == [2, 1])
    #expect(counts.successors(of: 1, symbol: 0).map(\.cell) == [0])
    #expect(counts.successors(of: 0, symbol: 1).isEmpty)
    // 2 of 3 from (0, a), and three pairs seen once.
    #expect(counts.determinism == 5.0 / 6)
    #expect(counts.outputPurity == 1)
    #expect(counts.skipped == 0)
  }

  @Test("leaves out transitions from and to no cell, and counts them")
  func skipped() throws {
    let counts = TransitionCounts(try Self.hand(), cells: [0, 1, -1, 1, 2, 0, 2, 0], cellCount: 3)
    #expect(counts.skipped == 2)
    #expect(counts.successors(of: 1, symbol: 0).isEmpty)
    #expect(counts.visits == [3, 2, 2])
  }

  @Test("breaks ties by visits and then by number")
  func ties() throws {
    func recorded(_ states: [Double], _ starts: [Int]) throws -> RecordedStates {
      try RecordedStates(
        alphabet: Alphabet(["a"]), outputNames: ["x"],
        states: Matrix(rows: states.count, columns: 1, elements: states),
        symbols: states.indices.map { starts.contains($0) ? -1 : 0 },
        outputs: states.map { _ in -1 }, starts: starts + [states.count])
    }
    // 0 led to 1 and to 2 once each; 2 has more visits.
    #expect(
      TransitionCounts(try recorded([0, 1, 0, 2, 2], [0, 2]), Self.values).mostFrequentSuccessor(
        of: 0, symbol: 0)
        == 2)
    #expect(
      TransitionCounts(try recorded([0, 2, 0, 1], [0, 2]), Self.values).mostFrequentSuccessor(
        of: 0, symbol: 0)
        == 1)
    // Trials began once in 2 and once in 1.
    #expect(TransitionCounts(try recorded([2, 0, 1, 0], [0, 2]), Self.values).start == 1)
    #expect(TransitionCounts(try recorded([2, 2, 1, 0], [0, 2]), Self.values).start == 2)
  }

  @Test("ends unseen edges as the policy says, and lists them")
  func policies() throws {
    let counts = TransitionCounts(try Self.hand(), Self.values)
    // Seen: 0 a 1, 1 a 0, 1 b 2, 2 b 0; not seen: 0 b, 2 a. State numbers: cell 0, cell 1 by a, then the sink or cell 2.
    let sink = try QuantizedMachine(counts, unseen: .sink(output: 1))
    #expect(sink.cells == [0, 1, nil, 2])
    #expect(sink.machine.transitions.next == [1, 2, 0, 3, 2, 2, 2, 0])
    #expect(sink.machine.outputs == [0, 1, 1, 0])
    #expect(
      sink.guesses == [.init(state: 0, symbol: 1, next: 2), .init(state: 3, symbol: 0, next: 2)])
    #expect(sink.coverage == 4.0 / 6)
    #expect(sink.machine.outputNames == MooreMachine.acceptorOutputs)

    let stay = try QuantizedMachine(counts, unseen: .stay)
    #expect(stay.cells == [0, 1, 2])
    #expect(stay.machine.transitions.next == [1, 0, 0, 2, 2, 0])

    let open = try QuantizedMachine(counts, unseen: .open)
    #expect(open.machine.outputNames == ["reject", "accept", "unknown"])
    #expect(open.machine.outputs == [0, 1, 2, 0])
    #expect(open.minimal.output(of: [1]) == 2)

    let asked = try QuantizedMachine(
      counts,
      unseen: .query { pairs in
        pairs.map { $0 == CellSymbol(cell: 0, symbol: 1) ? 2 : -1 }
      })
    #expect(asked.cells == [0, 1, 2, nil])
    #expect(asked.machine.transitions.next == [1, 2, 0, 2, 3, 0, 3, 3])
    #expect(asked.machine.outputNames.last == "unknown")
  }

  @Test("asks a network from the centroids of cells")
  func network() throws {
    let recorded = try Self.hand()
    let regions = StateRegions(
      recorded.states, groups: Self.values.cells(of: recorded.states), count: Self.values.cellCount)
    let policy = UnseenEdgePolicy.network(centroids: regions.centroids, partition: Self.values) {
      states, symbols in
      // One cell a level: first 0 b, then 2 a, whose centroids are 0 and 2.
      #expect(states == [symbols[0] == 1 ? [0.0] : [2.0]])
      return states.map { [$0[0] + 0.9] }
    }
    let machine = try QuantizedMachine(TransitionCounts(recorded, Self.values), unseen: policy)
    // 0 b leads to 0.9, cell 1; 2 a to 2.9, cell 2.
    #expect(machine.machine.transitions.next == [1, 1, 0, 2, 2, 0])
    #expect(machine.guesses.count == 2)
  }

  @Test("takes the outputs of cells from a readout where it is given one")
  func readout() throws {
    let counts = TransitionCounts(try Self.hand(), Self.values)
    let machine = try QuantizedMachine(counts, unseen: .stay, outputs: [1, nil, 1])
    #expect(machine.machine.outputs == [1, 1, 1])
    #expect(machine.minimal.stateCount == 1)
    #expect(machine.merged == [0, 0, 0])
  }

  @Test("calls outputs that were never seen unknown, by a name that is not taken")
  func unknownOutputs() throws {
    let recorded = try RecordedStates(
      alphabet: Alphabet(["a"]), outputNames: ["unknown"], lengths: [1], steps: 1, values: [1.0],
      initial: [0.0], symbols: [0], outputs: [-1], initialOutput: 0)
    let machine = try QuantizedMachine(recorded, Self.values, unseen: .stay)
    #expect(machine.machine.outputNames == ["unknown", "unknown?"])
    #expect(machine.machine.outputs == [0, 1])
    #expect(machine.outputPurity == 1)
  }

  @Test("expects hard counts of certain memberships, and the outer products of others")
  func softCounts() throws {
    let recorded = try Self.hand()
    let certain = Self.values.memberships(of: recorded.states, temperature: 1e-9)
    let soft = TransitionCounts(recorded, memberships: certain)
    let hard = TransitionCounts(recorded, Self.values)
    #expect(soft.visits == hard.visits && soft.initial == hard.initial && soft.outputs == hard.outputs)
    for cell in 0..<3 {
      for symbol in 0..<2 {
        #expect(
          soft.successors(of: cell, symbol: symbol).map(\.count)
            == hard.successors(of: cell, symbol: symbol).map(\.count))
      }
    }
    let shares = Self.values.memberships(of: recorded.states, temperature: 1)
    let warm = TransitionCounts(recorded, memberships: shares, threshold: 0)
    for i in 0..<3 {
      for symbol in 0..<2 {
        for (j, count) in warm.successors(of: i, symbol: symbol) {
          var naive = 0.0
          for row in 1..<recorded.states.rows where recorded.symbols[row] == symbol {
            naive += shares[row - 1, i] * shares[row, j]
          }
          #expect(abs(count - naive) <= 8 * Double.ulpOfOne)
        }
      }
    }
    #expect(abs(warm.visits.reduce(0, +) - 8) <= 32 * Double.ulpOfOne)
  }

  @Test("is, minimised, the machine whose noisy states were recorded, for all partitions", arguments: 0..<7)
  func recovers(language: Int) throws {
    let truth = MachineExamples.tomita[language]
    let embedded = EmbeddedMachine(truth, seed: UInt64(language))
    let recorded = try embedded.record(trials: 60, length: 25, noise: 0.02, seed: 1)
    let partitions: [any StatePartition] = [
      try KMeans(recorded.states, clusters: truth.stateCount, seed: 2),
      try KMeans(recorded.states, clusters: 20, seed: 2),
      try UnitGrid(recorded.states, intervals: 3),
      try PCAGrid(recorded.states, components: 2, intervals: 10),
      try Agglomerative(recorded.states, linkage: .ward, cut: .clusters(9), sampleSize: 300),
      try Agglomerative(recorded.states, linkage: .single, cut: .height(0.5), sampleSize: 300),
      Centroids(embedded.points),
    ]
    for partition in partitions {
      let result = try QuantizedMachine(
        TransitionCounts(
          recorded, cells: partition.cells(of: recorded.states), cellCount: partition.cellCount),
        unseen: .stay)
      #expect(result.minimal == truth, "\(partition.name)")
      #expect(result.outputPurity == 1, "\(partition.name)")
      #expect(result.machine.canonical() == result.machine, "\(partition.name)")
      for (state, merged) in result.merged.enumerated() {
        #expect(result.machine.outputs[state] == result.minimal.outputs[merged])
      }
      // With random noise cells within a state follow one another at random.
      if partition.cellCount == truth.stateCount { #expect(result.determinism == 1) }
    }
  }
}
