import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Equivalence of machines")
struct EquivalenceTests {
  @Test("differs first where Tomita's languages are known to")
  func tomita() {
    let machines = MachineExamples.tomita
    let expected: [(Int, Int, Word)] = [
      (1, 2, [1]), (1, 3, [0]), (2, 5, [0, 0]), (2, 6, [0, 1]), (3, 4, [1, 0]), (3, 7, [1, 0]),
      (4, 7, [0, 0, 0]), (5, 6, [0, 0]),
    ]
    for (first, second, word) in expected {
      let (a, b) = (machines[first - 1], machines[second - 1])
      #expect(a.firstDifference(from: b) == word)
      #expect(a.shortestDifference(from: b)?.count == word.count)
    }
    for machine in machines {
      #expect(machine.shortestDifference(from: machine) == nil)
      #expect(machine.firstDifference(from: machine) == nil)
    }
  }

  @Test("of two cycles of 149 and 151 states, all accepting, is found from few pairs")
  func unaryCycles() {
    func cycle(_ length: Int, rejecting: Int? = nil) -> MooreMachine {
      MooreMachine(
        alphabet: Alphabet(numbered: 1), next: (0..<length).map { [($0 + 1) % length] },
        accepts: (0..<length).map { $0 != rejecting })
    }
    #expect(cycle(149).shortestDifference(from: cycle(151)) == nil)
    #expect(cycle(149).shortestDifference(from: cycle(151, rejecting: 150))?.count == 150)
    // Cycles of lengths without a common divisor differ last where both ends meet.
    #expect(cycle(149, rejecting: 148).shortestDifference(from: cycle(149)) == Word(repeating: 0, count: 148))
  }

  @Test("gives the shortest of all words that differ, in either direction, on 4,000 random pairs")
  func shortest() {
    var generator = RandomGenerator(seed: 3)
    let words = MachineExamples.words(symbols: 2, to: 7)
    var differing = 0
    for _ in 0..<4_000 {
      let outputs = 2 + generator.integer(below: 2)
      let a = MachineExamples.random(
        &generator, states: 1 + generator.integer(below: 4), symbols: 2, outputs: outputs, density: 0.7)
      let b =
        generator.bernoulli(0.2)
        ? MachineExamples.doubled(a, &generator)
        : MachineExamples.random(
          &generator, states: 1 + generator.integer(below: 4), symbols: 2, outputs: outputs, density: 0.7)
      // A doubled machine differs nowhere; machines of 4 and 4 states, if at all, on a word shorter than 8.
      let expected = words.first { a.output(of: $0) != b.output(of: $0) }
      let found = a.shortestDifference(from: b)
      #expect(found?.count == expected?.count)
      if let found { #expect(a.output(of: found) != b.output(of: found)) }
      #expect(b.shortestDifference(from: a)?.count == expected?.count)
      #expect(a.firstDifference(from: b) == expected)
      #expect((a.minimized() == b.minimized()) == (expected == nil))
      differing += expected == nil ? 0 : 1
    }
    #expect(differing > 1_000 && differing < 3_900)
  }

  @Test("compares outputs by their names")
  func outputNames() {
    let a = MooreMachine(
      alphabet: Alphabet(numbered: 1), outputNames: ["x", "y"],
      transitions: Transitions(stateCount: 2, symbolCount: 1, next: [1, 1]), outputs: [0, 1])
    let b = MooreMachine(
      alphabet: Alphabet(numbered: 1), outputNames: ["y", "x"],
      transitions: Transitions(stateCount: 2, symbolCount: 1, next: [1, 1]), outputs: [1, 0])
    #expect(a.shortestDifference(from: b) == nil)
    let c = MooreMachine(
      alphabet: Alphabet(numbered: 1), outputNames: ["x", "z"],
      transitions: Transitions(stateCount: 2, symbolCount: 1, next: [1, 1]), outputs: [0, 1])
    #expect(a.shortestDifference(from: c) == [0])
  }

  @Test("of a machine with one flipped state is a shortest word to that state")
  func flippedState() {
    var generator = RandomGenerator(seed: 4)
    for (states, symbols) in [(20, 2), (200, 2), (200, 5), (1000, 5)] {
      let machine = MachineExamples.random(&generator, states: states, symbols: symbols).minimized()
      var outputs = machine.outputs
      outputs[machine.stateCount - 1] = 1 - outputs[machine.stateCount - 1]
      let flipped = MooreMachine(
        alphabet: machine.alphabet, outputNames: machine.outputNames, transitions: machine.transitions,
        outputs: outputs)
      let word = machine.transitions.accessWords[machine.stateCount - 1]
      #expect(machine.firstDifference(from: flipped) == word)
      #expect(machine.shortestDifference(from: flipped) == word)
    }
  }
}
