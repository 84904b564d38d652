import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Minimisation")
struct MinimizationTests {
  @Test("leaves the minimal machines of Tomita's languages as they are")
  func tomita() {
    for machine in MachineExamples.tomita { #expect(machine.minimized() == machine) }
    #expect(MachineExamples.tomita.map(\.stateCount) == [2, 3, 5, 4, 4, 3, 5])
  }

  @Test("keeps apart what a published minimiser merged")
  func partialRegression() {
    // caleb531/automata issue 257; the machine was partial there only after its dead part was dropped.
    let machine = MachineExamples.binary("01001", [[0, 0], [3, 0], [4, 0], [4, 1], [3, 2]])
    let started = MooreMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames,
      transitions: Transitions(stateCount: 5, symbolCount: 2, start: 3, next: machine.transitions.next),
      outputs: machine.outputs)
    let minimal = started.minimized()
    for word in MachineExamples.words(symbols: 2, to: 8) {
      #expect(minimal.output(of: word) == started.output(of: word))
    }
    #expect(minimal == MinimalByReversal.minimized(started))
  }

  @Test("of a machine that accepts all, none, or reads nothing has one state")
  func oneState() {
    let all = MachineExamples.binary("111", [[1, 2], [2, 0], [0, 1]])
    #expect(all.minimized() == MachineExamples.binary("1", [[0, 0]]))
    let none = MachineExamples.binary("0", [[0, 0]])
    #expect(none.minimized() == none)
    let mute = MooreMachine(alphabet: Alphabet(numbered: 0), next: [[], []], accepts: [true, false])
    #expect(mute.minimized().stateCount == 1)
    #expect(mute.minimized().output(of: []) == 1)
  }

  @Test(
    "by splitting, by rounds and by double reversal agree on 10,000 random machines, and again is no change")
  func threeWays() {
    var generator = RandomGenerator(seed: 1)
    for _ in 0..<10_000 {
      let machine = MachineExamples.random(
        &generator, states: 1 + generator.integer(below: 8), symbols: generator.integer(below: 4),
        density: generator.uniform(0.2, 1))
      let minimal = machine.minimized()
      let reachable = machine.canonical()
      let rounds = MooreRefinement(reachable.transitions, labels: reachable.outputs)
      #expect(rounds.classCount == minimal.stateCount)
      #expect(rounds.classes == reachable.transitions.congruence(refining: reachable.outputs))
      #expect(minimal == MinimalByReversal.minimized(machine))
      #expect(minimal.minimized() == minimal)
    }
  }

  @Test("finds the original of machines that were doubled, with many outputs too")
  func doubled() {
    var generator = RandomGenerator(seed: 2)
    for (states, symbols, outputs) in [(100, 2, 2), (100, 5, 3), (300, 2, 2), (500, 5, 2)] {
      let minimal = MachineExamples.random(&generator, states: states, symbols: symbols, outputs: outputs)
        .minimized()
      let doubled = MachineExamples.doubled(minimal, &generator)
      #expect(doubled.canonical().stateCount > minimal.stateCount)
      #expect(doubled.minimized() == minimal)
    }
  }

  @Test("of a cycle counts its length by the shortest repeating part")
  func cycles() {
    let accepts = (0..<300).map { $0 % 60 == 7 }
    let cycle = MooreMachine(
      alphabet: Alphabet(numbered: 1), next: (0..<300).map { [($0 + 1) % 300] }, accepts: accepts)
    #expect(cycle.minimized().stateCount == 60)
  }
}

/// Brzozowski's minimisation, by reversing and determinising twice: slow, and nothing like the others.
enum MinimalByReversal {
  static func minimized(_ machine: MooreMachine) -> MooreMachine {
    let table = machine.transitions
    var edges = [[[Int]]](
      repeating: [[Int]](repeating: [], count: machine.alphabet.count), count: table.stateCount)
    for state in 0..<table.stateCount {
      for symbol in 0..<table.symbolCount { edges[table[state, symbol]][symbol].append(state) }
    }
    let accepting = Set((0..<table.stateCount).filter { machine.outputs[$0] == 1 })
    let reversed = determinized(edges, starts: accepting, accepting: [table.start])
    var back = [[[Int]]](
      repeating: [[Int]](repeating: [], count: machine.alphabet.count), count: reversed.next.count)
    for (state, row) in reversed.next.enumerated() {
      for (symbol, target) in row.enumerated() { back[target][symbol].append(state) }
    }
    let starts = Set(reversed.accepts.indices.filter { reversed.accepts[$0] })
    let minimal = determinized(back, starts: starts, accepting: [0])
    return MooreMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames,
      transitions: Transitions(
        stateCount: minimal.next.count, symbolCount: machine.alphabet.count,
        next: minimal.next.joined().map { Int32($0) }),
      outputs: minimal.accepts.map { $0 ? 1 : 0 })
  }

  /// The subsets that words lead to, breadth first from the starts.
  private static func determinized(
    _ edges: [[[Int]]], starts: Set<Int>, accepting: Set<Int>
  ) -> (next: [[Int]], accepts: [Bool]) {
    var numbers = [starts: 0]
    var order = [starts]
    var next: [[Int]] = []
    let symbols = edges.first?.count ?? 0
    while next.count < order.count {
      let subset = order[next.count]
      next.append(
        (0..<symbols).map { symbol in
          let target = Set(subset.flatMap { edges[$0][symbol] })
          if let number = numbers[target] { return number }
          numbers[target] = order.count
          order.append(target)
          return order.count - 1
        })
    }
    return (next, order.map { !$0.isDisjoint(with: accepting) })
  }
}
