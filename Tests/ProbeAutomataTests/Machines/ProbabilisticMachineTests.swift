import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("A probabilistic machine")
struct ProbabilisticMachineTests {
  /// Five states in a ring, each with a favourite of five letters: UHL 2 (Weiss et al., arXiv 1910.13895).
  static func favourites() throws -> ProbabilisticMachine {
    var next: [Int32] = []
    var probabilities: [Double] = []
    for state in 0..<5 {
      for letter in 0..<5 {
        next.append(Int32((state + 1) % 5))
        probabilities.append(1 / 11.0 + (letter == state ? 0.5 : 0))
      }
    }
    return try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 5), transitions: Transitions(stateCount: 5, symbolCount: 5, next: next),
      probabilities: probabilities, endProbabilities: [Double](repeating: 0.5 / 11, count: 5))
  }

  @Test("gives words the products of their probabilities")
  func probabilities() throws {
    let machine = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2),
      transitions: Transitions(stateCount: 2, symbolCount: 2, next: [0, 1, 1, 1]),
      probabilities: [0.5, 0.25, 0, 0.75], endProbabilities: [0.25, 0.25])
    #expect(machine.logProbability(of: [0, 1, 1]) == log(0.5) + log(0.25) + log(0.75) + log(0.25))
    #expect(machine.logPrefixProbability(of: []) == 0)
    #expect(machine.logProbability(of: [1, 0]) == -.infinity)
    #expect(machine.logPrefixProbability(of: [1, 0, 1]) == -.infinity)
  }

  @Test("keeps no states apart by what follows impossible symbols")
  func impossibleSymbols() throws {
    // States 1 and 2 differ only in where their impossible 0 leads; state 3 is reached by impossible symbols alone.
    let machine = try ProbabilisticMachine(
      alphabet: Alphabet(numbered: 2),
      transitions: Transitions(stateCount: 4, symbolCount: 2, next: [1, 2, 3, 0, 0, 0, 3, 3]),
      probabilities: [0.5, 0.5, 0, 0.5, 0, 0.5, 0.1, 0.1], endProbabilities: [0, 0.5, 0.5, 0.8])
    let minimal = machine.minimized()
    #expect(minimal.stateCount == 2)
    #expect(minimal.transitions.next == [1, 1, 1, 0])
    #expect(minimal.probabilities == [0.5, 0.5, 0, 0.5])
    #expect(minimal.endProbabilities == [0, 0.5])
    #expect(minimal.minimized() == minimal)
    #expect(machine.shortestDifference(from: minimal, tolerance: 0) == nil)
  }

  @Test("of random copies is found again, and words keep their probabilities")
  func random() throws {
    var generator = RandomGenerator(seed: 11)
    for _ in 0..<300 {
      let shape = MachineExamples.random(&generator, states: 1 + generator.integer(below: 6), symbols: 3)
      // Few different rows, some with zeros, so that states can coincide.
      let rows: [[Double]] = (0..<2).map { _ in
        let row: [Double] = (0..<4).map { _ in Double(generator.integer(below: 3)) }
        let sum: Double = row.reduce(0, +)
        return sum == 0 ? [0, 0, 0, 1] : row.map { $0 / sum }
      }
      let chosen = (0..<shape.stateCount).map { _ in rows[generator.integer(below: 2)] }
      let machine = try ProbabilisticMachine(
        alphabet: shape.alphabet, transitions: shape.transitions,
        probabilities: chosen.flatMap { $0.dropLast() },
        endProbabilities: chosen.map { $0[3] })
      let minimal = machine.minimized()
      #expect(minimal.minimized() == minimal)
      #expect(minimal.shortestDifference(from: machine, tolerance: 0) == nil)
      for word in MachineExamples.words(symbols: 3, to: 4) {
        #expect(minimal.logProbability(of: word) == machine.logProbability(of: word))
      }
      let copies = MachineExamples.doubled(shape, &generator)
      let doubled = try ProbabilisticMachine(
        alphabet: shape.alphabet, transitions: copies.transitions,
        probabilities: machine.probabilities + machine.probabilities,
        endProbabilities: machine.endProbabilities + machine.endProbabilities)
      #expect(doubled.minimized() == minimal)
    }
  }

  @Test("differs within a tolerance from none and beyond it where it is first seen")
  func tolerance() throws {
    func machine(_ change: Double) throws -> ProbabilisticMachine {
      try ProbabilisticMachine(
        alphabet: Alphabet(numbered: 1),
        transitions: Transitions(stateCount: 3, symbolCount: 1, next: [1, 2, 2]),
        probabilities: [0.5, 0.5, 0.5 - change], endProbabilities: [0.5, 0.5, 0.5 + change])
    }
    #expect(try machine(0).shortestDifference(from: machine(0.125), tolerance: 0.125) == nil)
    #expect(try machine(0).shortestDifference(from: machine(0.125), tolerance: 0.1) == [0, 0])
    #expect(try machine(0.125).shortestDifference(from: machine(0), tolerance: 0.1) == [0, 0])
  }

  @Test("draws words as often as they are probable")
  func sampling() throws {
    let machine = try Self.favourites()
    var generator = RandomGenerator(seed: 12)
    let draws = 20_000
    let words = (0..<draws).map { _ in machine.sample(&generator, longest: 3) }
    for word in [[], [0], [1], [0, 1], [0, 1, 2], [4, 4, 4]] as [Word] {
      let expected = exp(
        word.count < 3 ? machine.logProbability(of: word) : machine.logPrefixProbability(of: word))
      let share = Double(words.filter { $0 == word }.count) / Double(draws)
      // Five standard errors.
      #expect(abs(share - expected) < 5 * (expected * (1 - expected) / Double(draws)).squareRoot())
    }
  }

  @Test("refuses rows that are no distributions")
  func refusals() {
    let table = Transitions(stateCount: 1, symbolCount: 1, next: [0])
    for (symbol, end) in [(0.5, 0.4), (1.5, -0.5), (.nan, 0.5), (.infinity, 0)] {
      #expect(throws: AutomataError.self) {
        try ProbabilisticMachine(
          alphabet: Alphabet(numbered: 1), transitions: table, probabilities: [symbol],
          endProbabilities: [end])
      }
    }
    #expect(
      AutomataError.notADistribution(state: 3, sum: 0.9).description
        == "the probabilities of state 3 sum to 0.9; all must lie in [0, 1] and sum to 1")
  }
}
