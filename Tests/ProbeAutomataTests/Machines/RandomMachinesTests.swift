import ProbeAutomata
import Testing

@Suite("Random machines")
struct RandomMachinesTests {
  @Test("have as many states as asked, none to spare, and come again from their seed")
  func sizes() throws {
    for (states, symbols) in [(1, 0), (1, 2), (2, 1), (12, 1), (50, 2), (300, 5)] {
      let machine = try MooreMachine.random(states: states, alphabet: Alphabet(numbered: symbols), seed: 5)
      #expect(machine.stateCount == states)
      #expect(machine.minimized() == machine)
      #expect(
        machine == (try MooreMachine.random(states: states, alphabet: Alphabet(numbered: symbols), seed: 5)))
    }
    let machines = try (0..<20).map {
      try MooreMachine.random(
        states: 6, alphabet: Alphabet(numbered: 2), outputNames: ["a", "b", "c"], seed: $0)
    }
    #expect(Set(machines).count == 20)
  }

  @Test("that cannot be are refused")
  func impossible() {
    #expect(throws: AutomataError.noRandomMachine(states: 2, symbols: 0, outputs: 2)) {
      try MooreMachine.random(states: 2, alphabet: Alphabet(numbered: 0), seed: 1)
    }
    #expect(throws: AutomataError.noRandomMachine(states: 2, symbols: 3, outputs: 1)) {
      try MooreMachine.random(states: 2, alphabet: Alphabet(numbered: 3), outputNames: ["only"], seed: 1)
    }
  }
}
