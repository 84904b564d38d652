import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("DOT")
struct DOTTests {
  @Test("brings back every machine, whatever its names, byte for byte")
  func roundTrip() throws {
    var generator = RandomGenerator(seed: 41)
    for _ in 0..<400 {
      let moore = try AwkwardNames.mooreMachine(&generator)
      let names = generator.sample(moore.stateCount, of: AwkwardNames.all.count).map { AwkwardNames.all[$0] }
      let read = try DOT.namedMachine(DOT.write(moore, stateNames: names))
      #expect(read.machine == moore)
      #expect(AwkwardNames.areSame(read.machine.alphabet.symbols, moore.alphabet.symbols))
      #expect(AwkwardNames.areSame(read.machine.outputNames, moore.outputNames))
      #expect(AwkwardNames.areSame(read.stateNames, names))
      #expect(read.sink == nil)
      let acceptor = moore.acceptor(of: 0)
      let readAcceptor = try DOT.namedMachine(DOT.write(acceptor, stateNames: names))
      #expect(readAcceptor.machine == acceptor)
      #expect(AwkwardNames.areSame(readAcceptor.stateNames, names))
      let mealy = try AwkwardNames.mealyMachine(&generator)
      let readMealy = try DOT.mealyMachine(DOT.write(mealy))
      #expect(readMealy == mealy)
      #expect(AwkwardNames.areSame(readMealy.outputNames, mealy.outputNames))
      #expect(AwkwardNames.areSame(readMealy.alphabet.symbols, mealy.alphabet.symbols))
      let probabilistic = try AwkwardNames.probabilisticMachine(&generator)
      #expect(try DOT.probabilisticMachine(DOT.write(probabilistic)) == probabilistic)
    }
  }

  @Test("brings back a chain to the last bit")
  func chains() throws {
    var generator = RandomGenerator(seed: 42)
    for _ in 0..<50 {
      let n = 1 + generator.integer(below: 6)
      let rows: [[Double]] = (0..<n).map { row in
        let weights = (0..<n).map { $0 == row || generator.bernoulli(0.5) ? generator.uniform() : 0 }
        return weights.map { $0 / weights.reduce(0, +) }
      }
      let chain = try MarkovChain(
        outputs: (0..<n).map { _ in AwkwardNames.all[generator.integer(below: AwkwardNames.all.count)] },
        start: generator.integer(below: n),
        probabilities: Matrix(rows: n, columns: n, elements: Array(rows.joined())))
      let read = try DOT.markovChain(DOT.write(chain))
      #expect(read == chain)
      #expect(AwkwardNames.areSame(read.outputs, chain.outputs))
    }
  }

  @Test("writes an acceptor as expected")
  func acceptorText() {
    #expect(
      DOT.write(MachineExamples.binary("10", [[1, 0], [1, 1]])) == """
        digraph machine {
        s0 [label="s0", shape=doublecircle];
        s1 [label="s1", shape=circle];
        s0 -> s1 [label="0"];
        s0 -> s0 [label="1"];
        s1 -> s1 [label="0"];
        s1 -> s1 [label="1"];
        __start0 [shape=none, label=""];
        __start0 -> s0 [label=""];
        }

        """)
  }

  @Test("is read however it is laid out")
  func layouts() throws {
    let machine = try DOT.namedMachine(
      """
      // a comment
      strict DIGRAPH "my graph" { rankdir = LR; graph [size="1,1"] edge [color=red]
      # a preprocessor's line
      subgraph cluster { node [shape=doublecircle]; "q-0" "q 1" } /* another
      comment */ "q-0":n -> "q 1" [label="a" + "b", weight=2][style=bold]
      node [shape=circle] "q 1" -> -3.5 -> -3.5 [label=ab];
      __start0 [shape=point] __start0 -> "q-0"
      }
      """)
    #expect(machine.stateNames == ["q-0", "q 1", "-3.5"])
    #expect(machine.machine.alphabet.symbols == ["ab"])
    #expect(machine.machine.outputs == [1, 1, 0])
    #expect(machine.machine.transitions.next == [1, 2, 2])
  }

  @Test("of a partial acceptor gets a rejecting sink, of a partial Moore machine only when asked to")
  func partial() throws {
    let acceptor = try DOT.namedMachine(
      "digraph { a [shape=doublecircle]; a -> b [label=x]; b -> a [label=y]; __start0 -> a }")
    #expect(acceptor.sink == 2)
    #expect(
      acceptor.machine
        == MooreMachine(
          alphabet: try Alphabet(["x", "y"]), next: [[1, 2], [2, 0], [2, 2]], accepts: [true, false, false]))
    let moore =
      "digraph { a [label=\"a|1\", shape=record]; b [label=\"{ b | 0 }\"]; a -> b [label=x]; __start0 -> a }"
    #expect(throws: AutomataError.missingTransition(state: "b", symbol: "x")) { try DOT.mooreMachine(moore) }
    let completed = try DOT.namedMachine(moore, sinkOutput: "none")
    #expect(completed.machine.outputNames == ["1", "0", "none"])
    #expect(completed.stateNames == ["a", "b", "sink"])
  }

  @Test("with two edges for one symbol, without a start, or not a graph is refused by name and line")
  func refusals() {
    func failure(_ text: String) -> String {
      do {
        _ = try DOT.mooreMachine(text)
        return "none"
      } catch { return error.description }
    }
    #expect(
      failure("digraph { a -> a [label=0]; a -> b [label=\"0\"]; b -> b [label=0]; __start0 -> a }")
        == AutomataError.repeatedTransition(state: "a", symbol: "0").description)
    #expect(failure("digraph { a -> a [label=0] }") == "a machine has no start state")
    #expect(
      failure("")
        == "reading DOT, line 1: the text does not begin with digraph, the end of the text was found")
    #expect(
      failure("graph { a }")
        == "reading DOT, line 1: the text does not begin with digraph, \"graph\" was found")
    #expect(failure("digraph {\na -- b }") == "reading DOT, line 2: an edge without direction, -- was found")
    #expect(failure("digraph {\na [label=\"x\n") == "reading DOT, line 2: a quotation mark is not closed")
    #expect(failure("digraph {\na [label=<x>] }") == "reading DOT, line 2: HTML labels are not read")
    #expect(
      failure("digraph { a [label=")
        == "reading DOT, line 1: a name was expected, the end of the text was found")
    #expect(failure("digraph { /* ") == "reading DOT, line 1: a comment is not closed")
    #expect(failure("digraph { a -> b; __start0 -> a }") == "reading DOT, line 1: an edge without a label")
    #expect(failure("digraph { __start0 -> a; __start0 -> b }").contains("one start is right"))
    #expect(failure("digraph { a @ }") == "reading DOT, line 1: \"@\" begins no word of the language")
  }

  @Test("cut short anywhere, or with a byte changed, is refused or read, and never brings the reader down")
  func damage() throws {
    var generator = RandomGenerator(seed: 43)
    let text = Array(DOT.write(try AwkwardNames.mooreMachine(&generator)).utf8)
    for length in text.indices { _ = try? DOT.mooreMachine(String(decoding: text[..<length], as: UTF8.self)) }
    for _ in 0..<500 {
      var damaged = text
      damaged[generator.integer(below: text.count)] = UInt8(generator.integer(below: 256))
      let text = String(decoding: damaged, as: UTF8.self)
      _ = try? DOT.mooreMachine(text)
      _ = try? DOT.mealyMachine(text)
      _ = try? DOT.markovChain(text)
      _ = try? DOT.probabilisticMachine(text)
    }
  }
}
