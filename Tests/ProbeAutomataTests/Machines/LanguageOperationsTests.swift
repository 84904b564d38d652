import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Operations on languages")
struct LanguageOperationsTests {
  @Test("do to each word what they say, on random acceptors")
  func products() {
    var generator = RandomGenerator(seed: 21)
    for _ in 0..<200 {
      let a = Self.acceptor(&generator)
      let b = Self.acceptor(&generator)
      for word in MachineExamples.words(symbols: 2, to: 6) {
        let (x, y) = (a.output(of: word) == 1, b.output(of: word) == 1)
        #expect((a.intersection(b).output(of: word) == 1) == (x && y))
        #expect((a.union(b).output(of: word) == 1) == (x || y))
        #expect((a.subtracting(b).output(of: word) == 1) == (x && !y))
        #expect((a.symmetricDifference(b).output(of: word) == 1) == (x != y))
        #expect((a.complement().output(of: word) == 1) == !x)
      }
      // De Morgan, as equal values.
      #expect(
        a.union(b).complement().minimized() == a.complement().intersection(b.complement()).minimized())
    }
  }

  @Test("list and count exactly the accepted words")
  func listing() {
    var generator = RandomGenerator(seed: 22)
    let all = MachineExamples.words(symbols: 2, to: 8)
    for _ in 0..<300 {
      let machine = Self.acceptor(&generator)
      let expected = all.filter { machine.output(of: $0) == 1 }
      let listed = Array(ShortlexWords(machine).prefix { $0.count <= 8 })
      #expect(listed == expected)
      let counts = WordCounts(machine, to: 8)
      let shares = machine.outputShares(to: 8)
      for length in 0...8 {
        let count = Double(expected.filter { $0.count == length }.count)
        #expect(counts[length] == count)
        // Halves are exact in binary.
        #expect(shares[length] == count / Double(1 << length))
      }
    }
  }

  @Test("end the list of a finite language, after a long gap too")
  func finiteLanguages() {
    let none = MachineExamples.binary("0", [[0, 0]])
    #expect(Array(ShortlexWords(none)).isEmpty)
    let empty = MachineExamples.binary("10", [[1, 1], [1, 1]])
    #expect(Array(ShortlexWords(empty)) == [[]])
    let mute = MooreMachine(alphabet: Alphabet(numbered: 0), next: [[]], accepts: [true])
    #expect(Array(ShortlexWords(mute)) == [[]])
    // The empty word, and one of 12 symbols.
    let gap = MooreMachine(
      alphabet: Alphabet(numbered: 1), next: (0..<14).map { [min($0 + 1, 13)] },
      accepts: (0..<14).map { $0 == 0 || $0 == 12 })
    #expect(Array(ShortlexWords(gap)) == [[], Word(repeating: 0, count: 12)])
    #expect(gap.topologicalEntropy() == -.infinity)
  }

  @Test("count words beyond what a Double holds, and draw them")
  func largeCounts() {
    let all = MooreMachine(
      alphabet: Alphabet(numbered: 5), next: [[0, 0, 0, 0, 0]], accepts: [true])
    let counts = WordCounts(all, to: 1_000)
    #expect(counts[22] == pow(5, 22))
    // 5^400 by 400 correctly rounded products: c = 400 roundings.
    #expect(abs(counts[400] / pow(5, 400) - 1) <= 400 * Double.ulpOfOne)
    #expect(counts[1_000] == .infinity)
    var generator = RandomGenerator(seed: 23)
    let word = counts.randomWord(of: 1_000, &generator)
    #expect(word?.count == 1_000)
    for symbol in 0..<5 {
      let share = Double(word?.filter { $0 == symbol }.count ?? 0) / 1_000
      #expect(abs(share - 0.2) < 5 * (0.2 * 0.8 / 1_000).squareRoot())
    }
  }

  @Test("draw each accepted word of a length as often as any other")
  func uniformWords() {
    let machine = MachineExamples.tomita[3]
    let counts = WordCounts(machine, to: 6)
    // Words without 000: 1, 2, 4, 7, 13, 24, 44 (the tribonacci numbers).
    #expect((0...6).map { counts[$0] } == [1, 2, 4, 7, 13, 24, 44])
    var generator = RandomGenerator(seed: 24)
    var seen: [Word: Int] = [:]
    let draws = 44_000
    for _ in 0..<draws {
      guard let word = counts.randomWord(of: 6, &generator) else { continue }
      #expect(machine.output(of: word) == 1)
      seen[word, default: 0] += 1
    }
    #expect(seen.count == 44)
    let chiSquare = seen.values.reduce(0.0) { $0 + pow(Double($1) - 1_000, 2) / 1_000 }
    // 43 degrees of freedom: mean 43, standard deviation sqrt(86); six of them.
    #expect(chiSquare < 43 + 6 * 86.0.squareRoot())
    #expect(WordCounts(MachineExamples.binary("0", [[0, 0]]), to: 3).randomWord(of: 3, &generator) == nil)
  }

  @Test("grow at the known rates")
  func entropy() throws {
    // Reber 1967: the root of x^3 = x^2 + 1.
    let reber = try Self.reber()
    #expect(reber.stateCount == 7)
    let root = 1.4655712318767680
    #expect(abs(reber.topologicalEntropy() - log(root)) <= 1e-13)
    #expect(abs(reber.topologicalEntropy() - 0.382245) < 5e-7)
    // No 000: the tribonacci constant. No 11: the golden mean.
    #expect(abs(MachineExamples.tomita[3].topologicalEntropy() - log(1.8392867552141612)) <= 1e-13)
    let golden = MachineExamples.binary("110", [[0, 1], [0, 2], [2, 2]])
    #expect(abs(golden.topologicalEntropy() - log((1 + 5.0.squareRoot()) / 2)) <= 1e-13)
    #expect(MachineExamples.tomita[0].topologicalEntropy() == 0)
    // A cycle of 300 states with one short cut: x^300 = x^249 + 1 is too slow for single steps.
    let cycle = MooreMachine(
      alphabet: Alphabet(numbered: 2),
      next: (0..<301).map { [$0 == 300 ? 300 : ($0 + 1) % 300, $0 == 0 ? 51 : 300] },
      accepts: (0..<301).map { $0 < 300 })
    let rate = exp(cycle.topologicalEntropy())
    #expect(abs(pow(rate, -300) + pow(rate, -250) - 1) < 1e-9)
  }

  @Test("give Reber's letters between end and start back their rate")
  func endlessReber() throws {
    let reber = try Self.reber(isEndless: true)
    #expect(abs(reber.topologicalEntropy() - 0.602410) < 5e-7)
  }

  @Test("tell two machines apart by words and by shares of words")
  func difference() throws {
    let (a, b) = (MachineExamples.tomita[3], MachineExamples.tomita[6])
    let difference = try MachineDifference(a, b, words: 4, longest: 10)
    #expect(difference.minimalStates == [4, 5])
    let expected = MachineExamples.words(symbols: 2, to: 10).filter { a.output(of: $0) != b.output(of: $0) }
    #expect(difference.disagreements.map(\.word) == Array(expected.prefix(4)))
    #expect(difference.disagreements[0] == .init(word: [0, 0, 0], first: "reject", second: "accept"))
    for length in 0...10 {
      let count = expected.filter { $0.count == length }.count
      #expect(difference.shares[length] == Double(count) / Double(1 << length))
    }
    #expect(try MachineDifference(a, a).isEmpty)
    #expect(!difference.isEmpty)
  }

  @Test("compare machines whose symbols stand in another order, and refuse others")
  func alphabets() throws {
    let a = MachineExamples.tomita[6]
    let turned = try a.reordered(to: Alphabet(["1", "0"]))
    #expect(turned.output(of: [1, 0]) == a.output(of: [0, 1]))
    #expect(try MachineDifference(a, turned).isEmpty)
    let other = MooreMachine(alphabet: try Alphabet(["0", "2"]), next: [[0, 0]], accepts: [true])
    #expect(throws: AutomataError.differentAlphabets(["0", "1"], ["0", "2"])) {
      try MachineDifference(other, a)
    }
    #expect(
      AutomataError.differentAlphabets(["0"], ["1"]).description
        == "machines over the symbols [\"0\"] and [\"1\"] cannot be compared; the symbols must be the same, in any order"
    )
  }

  static func acceptor(_ generator: inout RandomGenerator) -> MooreMachine {
    let machine = MachineExamples.random(
      &generator, states: 1 + generator.integer(below: 5), symbols: 2, density: 0.8)
    return MooreMachine(
      alphabet: machine.alphabet, outputNames: MooreMachine.acceptorOutputs, transitions: machine.transitions,
      outputs: machine.outputs)
  }

  /// Reber's grammar of 1967, without marks of beginning and end; endless with a letter from the end to the start.
  static func reber(isEndless: Bool = false) throws -> MooreMachine {
    var builder = MachineBuilder(outputNames: MooreMachine.acceptorOutputs)
    for state in ["start", "1", "2", "3", "4"] { try builder.addState(state, output: "reject") }
    try builder.addState("end", output: "accept")
    for edge in [
      "start T 1", "start P 2", "1 S 1", "1 X 3", "2 T 2", "2 V 4", "3 X 2", "3 S end", "4 P 3", "4 V end",
    ]
      + (isEndless ? ["end # start"] : [])
    {
      let parts = edge.split(separator: " ").map { String($0) }
      try builder.addTransition(from: parts[0], on: parts[1], to: parts[2])
    }
    try builder.setStart("start")
    return try builder.machine(sinkOutput: "reject").machine.minimized()
  }
}
