import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Machines as JSON, tables and samples")
struct MachineTextTests {
  @Test("come back from JSON, whatever their names, to the last bit")
  func jsonRoundTrip() throws {
    var generator = RandomGenerator(seed: 51)
    for _ in 0..<300 {
      let moore = try AwkwardNames.mooreMachine(&generator)
      let read = try MachineJSON.mooreMachine(MachineJSON.write(moore))
      #expect(read == moore)
      #expect(AwkwardNames.areSame(read.alphabet.symbols, moore.alphabet.symbols))
      #expect(AwkwardNames.areSame(read.outputNames, moore.outputNames))
      let mealy = try AwkwardNames.mealyMachine(&generator)
      #expect(try MachineJSON.mealyMachine(MachineJSON.write(mealy)) == mealy)
      let probabilistic = try AwkwardNames.probabilisticMachine(&generator)
      #expect(try MachineJSON.probabilisticMachine(MachineJSON.write(probabilistic)) == probabilistic)
    }
    let mute = MooreMachine(alphabet: Alphabet(numbered: 0), next: [[]], accepts: [true])
    #expect(try MachineJSON.mooreMachine(MachineJSON.write(mute)) == mute)
  }

  @Test("are written to JSON as expected")
  func jsonText() throws {
    #expect(
      try MachineJSON.write(MachineExamples.tomita[0])
        == #"{"alphabet":["0","1"],"format":"rnnprobe-automaton","kind":"moore","next":[[1,0],[1,1]],"#
        + #""outputNames":["reject","accept"],"outputs":[1,0],"start":0,"version":1}"# + "\n")
  }

  @Test("in JSON of another kind, with a part missing or out of range are refused with the reason")
  func jsonRefusals() throws {
    let right = try MachineJSON.write(MachineExamples.tomita[0])
    for (part, replacement, reason) in [
      ("\"version\":1", "\"version\":2", "version 2 is not known; 1 is"),
      ("rnnprobe-automaton", "other", "the format is \"other\", not rnnprobe-automaton"),
      ("\"moore\"", "\"mealy\"", "the machine is of the kind mealy, not moore"),
      ("\"start\":0,", "", "the key \"start\" is missing"),
      ("\"start\":0", "\"start\":2", "the start 2 is no state"),
      ("\"start\":0", "\"start\":\"0\"", "the value of \"start\" is of a wrong type"),
      ("[1,1]]", "[1,2]]", "next leads to no state; states are 0 to 1"),
      ("[1,1]]", "[1]]", "each row of next must have one state for each of 2 symbols"),
      ("[[1,0],[1,1]]", "[]", "next has no rows; a machine has a state"),
      ("\"outputs\":[1,0]", "\"outputs\":[1]", "outputs must have a value for each of 2 states"),
      ("\"outputs\":[1,0]", "\"outputs\":[2,0]", "outputs holds an index beyond the 2 outputNames"),
      ("{\"alphabet\"", "\"alphabet\"", "the text is no JSON object"),
    ] {
      let text = right.replacingOccurrences(of: part, with: replacement)
      #expect(text != right)
      #expect(throws: AutomataError.unreadableText(format: "automaton JSON", line: 1, reason: reason)) {
        try MachineJSON.mooreMachine(text)
      }
    }
    #expect(throws: AutomataError.repeatedSymbol("0", first: 0, second: 1)) {
      try MachineJSON.mooreMachine(right.replacingOccurrences(of: "[\"0\",\"1\"]", with: "[\"0\",\"0\"]"))
    }
  }

  @Test("come back from tables")
  func tables() throws {
    var generator = RandomGenerator(seed: 52)
    for _ in 0..<300 {
      let machine = try AwkwardNames.mooreMachine(&generator)
      let read = try MachineCSV.machine(states: MachineCSV.states(machine), edges: MachineCSV.edges(machine))
      #expect(AwkwardNames.areSame(read.machine.alphabet.symbols, machine.alphabet.symbols))
      #expect(read.machine.transitions == machine.transitions)
      #expect(
        AwkwardNames.areSame(
          read.machine.outputs.map { read.machine.outputNames[Int($0)] },
          machine.outputs.map { machine.outputNames[Int($0)] }))
      let acceptor = machine.acceptor(of: 0)
      #expect(
        try MachineCSV.machine(states: MachineCSV.states(acceptor), edges: MachineCSV.edges(acceptor)).machine
          == acceptor)
    }
    #expect(
      MachineCSV.states(MachineExamples.tomita[0])
        == "state,output,start\r\n0,accept,true\r\n1,reject,false\r\n")
    #expect(
      MachineCSV.edges(MachineExamples.tomita[0])
        == "state,symbol,next\r\n0,0,1\r\n0,1,0\r\n1,0,1\r\n1,1,1\r\n")
  }

  @Test("are read from tables with further columns, in another order, with quotes and other line ends")
  func foreignTables() throws {
    let read = try MachineCSV.machine(
      states: "\u{feff}visits,output,state\n3,\"say \"\"a\"\", b\",\"q\n0\"\n\n4,,q1\n",
      edges: "next,symbol,state\r\nq1,,\"q\n0\"\r\nq1,\"\",q1")
    #expect(read.stateNames == ["q\n0", "q1"])
    #expect(read.machine.outputNames == ["say \"a\", b", ""])
    #expect(read.machine.alphabet.symbols == [""])
    #expect(read.machine.transitions.next == [1, 1])
    #expect(read.machine.transitions.start == 0)
  }

  @Test("in tables that are none are refused with line and reason")
  func tableRefusals() {
    let states = "state,output\n0,accept\n"
    func refuse(_ states: String, _ edges: String, _ line: Int, _ reason: String) {
      #expect(throws: AutomataError.unreadableText(format: "CSV", line: line, reason: reason)) {
        try MachineCSV.machine(states: states, edges: edges)
      }
    }
    refuse("", "", 1, "the text is empty; the columns [\"state\", \"output\"] were expected")
    refuse("state\n0\n", "", 1, "the columns are [\"state\"], without output")
    refuse(states, "state,symbol,next\n0,a\n", 2, "2 fields in a table of 3 columns")
    refuse(states, "state,symbol,next\n\n0,\"a,0\n", 3, "a quotation mark is not closed")
    refuse(states, "state,symbol,next\n0,a\"b,0\n", 2, "a quotation mark within a field")
    refuse(states, "state,symbol,next\n0,\"a\"b,0\n", 2, "text after the quotation mark that ends a field")
    #expect(throws: AutomataError.unknownState("1")) {
      try MachineCSV.machine(states: states, edges: "state,symbol,next\n0,a,1\n")
    }
    #expect(throws: AutomataError.noStart) {
      try MachineCSV.machine(
        states: "state,output,start\n0,accept,false\n", edges: "state,symbol,next\n0,a,0\n")
    }
  }

  @Test("give samples that come back from Abbadingo's format")
  func abbadingo() throws {
    let machine = MachineExamples.tomita[3]
    let sample = LabelledSample(MachineExamples.words(symbols: 2, to: 4), labelledBy: machine)
    let text = try Abbadingo.write(sample)
    #expect(text.hasPrefix("31 2\n1 0\n1 1 0\n1 1 1\n1 2 0 0\n"))
    #expect(try Abbadingo.sample(text) == sample)
    let unknown = try Abbadingo.sample("2 3\n-1 2 b b\r\n\n0 1 a \n")
    #expect(unknown.alphabet.symbols == ["b", "a", "0"])
    #expect(unknown.words == [[0, 0], [1]])
    #expect(unknown.labels == [-1, 0])
    let ordered = try Abbadingo.sample("1 2\n1 1 b\n", alphabet: try Alphabet(["a", "b"]))
    #expect(ordered.words == [[1]])
  }

  @Test("as samples that do not hold together are refused with line and reason")
  func abbadingoRefusals() throws {
    for (text, line, reason) in [
      ("", 1, "the number of words and of symbols, at most 2^20, was expected"),
      ("1 9999999999\n1 0\n", 1, "the number of words and of symbols, at most 2^20, was expected"),
      ("1 2\n", 1, "1 words are announced, 0 follow"),
      ("1 1\n1 2 a b\n", 1, "1 symbols are announced, 2 appear"),
      ("1 2\n1 3 a b\n", 2, "2 symbols follow the length 3"),
      ("1 2\n2 1 a\n", 2, "the label 2 and a length; labels are -1 to 1"),
    ] {
      #expect(throws: AutomataError.unreadableText(format: "Abbadingo", line: line, reason: reason)) {
        try Abbadingo.sample(text)
      }
    }
    for name in ["", "a b", "a\n"] {
      let sample = LabelledSample(alphabet: try Alphabet([name]), words: [[0]], labels: [1])
      #expect(throws: AutomataError.unwritableName(format: "Abbadingo", name: name)) {
        try Abbadingo.write(sample)
      }
    }
    #expect(throws: AutomataError.unknownSymbol("c")) {
      try Abbadingo.sample("1 2\n1 1 c\n", alphabet: try Alphabet(["a", "b"]))
    }
  }
}
