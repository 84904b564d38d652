import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("A Mealy machine")
struct MealyMachineTests {
  static func random(_ generator: inout RandomGenerator, states: Int) -> MealyMachine {
    let shape = MachineExamples.random(&generator, states: states, symbols: 2, density: 0.8)
    return MealyMachine(
      alphabet: shape.alphabet, outputNames: ["x", "y"], transitions: shape.transitions,
      outputs: (0..<2 * states).map { _ in generator.bernoulli(0.3) ? 1 : 0 })
  }

  @Test("made from a Moore machine puts out what that shows, the first state apart")
  func fromMoore() {
    for machine in MachineExamples.tomita {
      let mealy = MealyMachine(machine)
      for word in MachineExamples.words(symbols: 2, to: 5) {
        let shown = word.indices.map { machine.output(of: word[...$0]) }
        #expect(mealy.outputs(along: word) == shown)
      }
    }
    // Without the empty word, Tomita's first language needs no second look at its start.
    #expect(MealyMachine(MachineExamples.tomita[0]).minimized().stateCount == 2)
  }

  @Test("minimised is as small as tables of words say, and differs from another on a shortest word")
  func laws() {
    var generator = RandomGenerator(seed: 13)
    let words = MachineExamples.words(symbols: 2, to: 7).dropFirst()
    var differing = 0
    for _ in 0..<1_000 {
      let machine = Self.random(&generator, states: 1 + generator.integer(below: 4))
      let minimal = machine.minimized()
      #expect(minimal.minimized() == minimal)
      let reachable = machine.canonical()
      let behaviours = (0..<reachable.stateCount).map { state in
        MealyMachine(
          alphabet: reachable.alphabet, outputNames: reachable.outputNames,
          transitions: Transitions(
            stateCount: reachable.stateCount, symbolCount: 2, start: state, next: reachable.transitions.next),
          outputs: reachable.outputs)
      }.map { behaviour in words.prefix(30).map { behaviour.outputs(along: $0) } }
      #expect(Set(behaviours).count == minimal.stateCount)

      let other = Self.random(&generator, states: 1 + generator.integer(below: 4))
      let expected = words.first { machine.outputs(along: $0) != other.outputs(along: $0) }
      let found = machine.shortestDifference(from: other)
      #expect(found?.count == expected?.count)
      if let found { #expect(machine.outputs(along: found).last != other.outputs(along: found).last) }
      #expect(other.shortestDifference(from: machine)?.count == expected?.count)
      #expect(machine.shortestDifference(from: minimal) == nil)
      #expect((minimal == other.minimized()) == (expected == nil))
      differing += expected == nil ? 0 : 1
    }
    #expect(differing > 300 && differing < 1_000)
  }
}
