import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("RPNI")
struct RPNITests {
  /// A sample from which the minimal machine must come back: access words, alone and with each symbol, each with every
  /// word of a set that tells all states apart.
  static func characteristicSample(_ machine: MooreMachine) -> LabelledSample {
    let suffixes = machine.characterizationSet()
    var words: Set<Word> = []
    for access in machine.transitions.accessWords.compactMap({ $0 }) {
      for symbols in [[]] + (0..<machine.alphabet.count).map({ [$0] }) {
        for suffix in [[]] + suffixes { words.insert(access + symbols + suffix) }
      }
    }
    return LabelledSample(
      words.sorted { $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count },
      labelledBy: machine)
  }

  @Test("gives back Tomita's seven machines from their characteristic samples")
  func tomita() throws {
    for (index, machine) in MachineExamples.tomita.enumerated() {
      let learnt = try RPNI().learn(from: Self.characteristicSample(machine))
      #expect(learnt.canonical() == machine, "Tomita \(index + 1)")
    }
  }

  @Test("gives back random machines exactly, of any number of outputs, whatever the order of the sample")
  func randomMachines() throws {
    var random = RandomGenerator(seed: 12)
    for seed in 0..<150 {
      let target = RandomMachine.reachable(
        states: 1 + seed % 19, symbols: 1 + seed % 4, outputs: 2 + seed % 3, seed: UInt64(seed)
      ).minimized()
      var words = Self.characteristicSample(target).words
      words.shuffle(using: &random)
      // Words beyond a characteristic sample, some twice, must not lead astray.
      words +=
        words.prefix(5) + EDSMTests.randomWords(20, symbols: target.alphabet.count, longest: 9, seed: 3)
      let learnt = try RPNI().learn(from: LabelledSample(words, labelledBy: target))
      #expect(learnt.canonical() == target, "seed \(seed)")
    }
  }

  @Test("agrees with every label of a sample that says too little")
  func consistent() throws {
    for seed in 0..<50 {
      let target = RandomMachine.reachable(states: 12, symbols: 2, outputs: 3, seed: UInt64(seed))
      let sample = LabelledSample(
        EDSMTests.randomWords(60, symbols: 2, longest: 8, seed: UInt64(seed)), labelledBy: target)
      for learnt in [try RPNI().learn(from: sample), try EDSM().learn(from: sample)] {
        for (word, label) in zip(sample.words, sample.labels) {
          #expect(learnt.output(of: word) == Int(label))
        }
      }
    }
  }

  @Test("leaves out words without a label, and closes what is open with a state of the output asked for")
  func open() throws {
    let alphabet = Alphabet(numbered: 2)
    let sample = LabelledSample(alphabet: alphabet, words: [[], [0], [1, 1, 1]], labels: [1, 0, -1])
    let learnt = try RPNI(unlabelledOutput: 1).learn(from: sample)
    #expect(
      learnt
        == MooreMachine(alphabet: alphabet, next: [[1, 2], [2, 2], [2, 2]], accepts: [true, false, true]))
    let nothing = LabelledSample(alphabet: alphabet, words: [], labels: [])
    #expect(
      try RPNI().learn(from: nothing)
        == MooreMachine(alphabet: alphabet, next: [[1, 1], [1, 1]], accepts: [false, false]))
  }

  @Test("says which word has two labels, or a symbol or label without a name")
  func errors() throws {
    let alphabet = Alphabet(numbered: 2)
    func learn(_ words: [Word], _ labels: [Int32]) throws -> MooreMachine {
      try RPNI().learn(from: LabelledSample(alphabet: alphabet, words: words, labels: labels))
    }
    let twice = AutomataError.contradictorySample(word: "01", first: "reject", second: "accept")
    #expect(throws: twice) { try learn([[0], [0, 1], [0, 1]], [0, 0, 1]) }
    #expect(twice.description.hasPrefix("a sample labels the word 01 both reject and accept; "))
    #expect(throws: AutomataError.unknownLabel(2, word: 1, labels: 2)) { try learn([[0], [1]], [0, 2]) }
    #expect(throws: AutomataError.symbolOutOfRange(7, word: 0, symbols: 2, source: "the sample")) {
      try learn([[7]], [0])
    }
  }
}
