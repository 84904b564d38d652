import ProbeAutomata
import Testing

@Suite("A builder of machines")
struct MachineBuilderTests {
  @Test("completes with a sink, and says so")
  func sink() throws {
    var builder = MachineBuilder(outputNames: MooreMachine.acceptorOutputs)
    try builder.addState("sink", output: "accept")
    try builder.addState("b", output: "reject")
    try builder.addTransition(from: "sink", on: "x", to: "b")
    try builder.addTransition(from: "b", on: "y", to: "b")
    try builder.setStart("sink")
    let named = try builder.machine(sinkOutput: "reject")
    #expect(named.sink == 2)
    #expect(named.stateNames == ["sink", "b", "sink_"])
    #expect(named.machine.alphabet.symbols == ["x", "y"])
    #expect(named.machine.transitions.next == [1, 2, 2, 1, 2, 2])
    #expect(named.machine.outputs == [1, 0, 0])
    #expect(throws: AutomataError.missingTransition(state: "sink", symbol: "y")) { try builder.machine() }
  }

  @Test("adds no sink where nothing is missing")
  func complete() throws {
    var builder = MachineBuilder(alphabet: try Alphabet(["a"]))
    try builder.addState("q", output: "")
    try builder.addTransition(from: "q", on: "a", to: "q")
    try builder.setStart("q")
    let named = try builder.machine(sinkOutput: "other")
    #expect(named.sink == nil)
    #expect(named.machine.outputNames == [""])
    #expect(throws: AutomataError.unknownSymbol("b")) {
      try builder.addTransition(from: "q", on: "b", to: "q")
    }
    #expect(throws: AutomataError.unknownState("r")) {
      try builder.addTransition(from: "q", on: "a", to: "r")
    }
    #expect(throws: AutomataError.repeatedTransition(state: "q", symbol: "a")) {
      try builder.addTransition(from: "q", on: "a", to: "q")
    }
    #expect(throws: AutomataError.repeatedState("q")) { try builder.addState("q", output: "") }
    #expect(throws: AutomataError.repeatedStart("q", "q")) { try builder.setStart("q") }
    #expect(throws: AutomataError.noStart) { try MachineBuilder().machine() }
  }

  @Test("keeps names apart that look alike")
  func lookalikes() throws {
    var builder = MachineBuilder()
    let names = ["\u{e9}", "e\u{301}"]
    for name in names { try builder.addState(name, output: name) }
    for name in names {
      for symbol in names { try builder.addTransition(from: name, on: symbol, to: symbol) }
    }
    try builder.setStart(names[1])
    let machine = try builder.machine().machine
    #expect(machine.alphabet.count == 2 && machine.outputNames.count == 2)
    #expect(machine.transitions.start == 1)
  }

  @Test("minimises a partial machine as the completed one: z+.w? still accepts zzz")
  func partial() throws {
    // kpdyer/regex2dfa issue 20: z, then more z, then any one symbol, then perhaps w; built by subsets.
    var builder = MachineBuilder(
      alphabet: try Alphabet(["z", "w", "o"]), outputNames: MooreMachine.acceptorOutputs)
    for (name, output) in [
      ("0", "reject"), ("z", "reject"), ("zz", "accept"), ("any", "accept"), ("done", "accept"),
      ("zzw", "accept"),
    ] {
      try builder.addState(name, output: output)
    }
    for (source, symbol, target) in [
      ("0", "z", "z"), ("z", "z", "zz"), ("z", "w", "any"), ("z", "o", "any"), ("zz", "z", "zz"),
      ("zz", "w", "zzw"),
      ("zz", "o", "any"), ("any", "w", "done"), ("zzw", "w", "done"),
    ] {
      try builder.addTransition(from: source, on: symbol, to: target)
    }
    try builder.setStart("0")
    let machine = try builder.machine(sinkOutput: "reject").machine
    let minimal = machine.minimized()
    #expect(minimal.output(of: [0, 0, 0]) == 1)
    #expect(minimal.stateCount == 6)
    for word in MachineExamples.words(symbols: 3, to: 6) {
      #expect(minimal.output(of: word) == (Self.matches(word) ? 1 : 0))
    }
  }

  /// Whether a word over z, w, o matches `z+.w?`.
  static func matches(_ word: Word) -> Bool {
    (1...max(1, word.count)).contains { count in
      guard count < word.count, word.prefix(count).allSatisfy({ $0 == 0 }) else { return false }
      let rest = word.dropFirst(count + 1)
      return rest.isEmpty || Array(rest) == [1]
    }
  }
}
