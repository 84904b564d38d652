import Foundation
import ProbeAutomata
import ProbeCapture
import ProbeTasks
import Testing

@testable import ProbeAnalyses

@Suite("Next-symbol models")
struct NextSymbolsTests {
  @Test("Reber's stream is a machine of his six nodes, the sink left out")
  func reber() throws {
    let task = try #require(try TaskRegistry.task("reber-next") as? ReberNext)
    let machine = try task.language.machine()
    #expect(machine.stateCount == 6)
    #expect(machine.endProbabilities.allSatisfy { $0 == 0 })
    func probability(_ word: String) -> Double {
      let symbols = word.map { machine.alphabet.index(of: String($0)) ?? 0 }
      return exp(machine.logPrefixProbability(of: symbols))
    }
    // Reber 1967's example TPTXVS, each of its letters one of two.
    #expect(abs(probability("TPTXVS") - 1.0 / 64) <= 1e-15)
    #expect(abs(probability("TPTXVS#V") - 1.0 / 128) <= 1e-15)
    #expect(probability("P") == 0 && probability("TT#") == 0)
    #expect(try LogProbabilities(machine).rank == 6)
  }

  @Test("a random language keeps its states and probabilities")
  func random() throws {
    let task = try #require(
      try TaskRegistry.task("random-pdfa:states=7,symbols=3,end=0.1,language-seed=4") as? RandomPDFA)
    let machine = try task.language.machine()
    #expect(machine.stateCount == 7 && machine.alphabet.symbols == ["0", "1", "2", "#"])
    let rows = Set((0..<7).map { machine.row(of: $0) })
    #expect(rows == Set(task.language.probabilities.map { $0 + [0] }))
  }

  @Test("mean lengths are those of words, or of first words where a separator parts them")
  func lengths() {
    let words: [Word] = [[0, 0, 2, 1, 2], [1, 2, 0], [0, 0, 0]]
    #expect(MeanLength(words, hasEnd: false, separator: nil, longest: 5) == nil)
    #expect(MeanLength([], hasEnd: true, separator: nil, longest: 5) == nil)
    let ended = MeanLength(words, hasEnd: true, separator: nil, longest: 5)
    #expect(ended?.symbols == 11.0 / 3 && ended?.cut == 1)
    #expect(MeanLength(words, hasEnd: false, separator: 2, longest: 5)?.symbols == 2)
  }

  @Test("access words follow likely symbols where they can")
  func accessWords() throws {
    // 0 leads to state 1 by a with 0.001, by bb with 0.9 each; to state 3 by a rare symbol alone.
    let machine = try ProbabilisticMachine(
      alphabet: try Alphabet(["a", "b", "c"]),
      transitions: Transitions(stateCount: 4, symbolCount: 3, next: [1, 2, 3, 1, 1, 1, 1, 1, 1, 3, 3, 3]),
      probabilities: [0.001, 0.998, 0.001, 0.5, 0.5, 0, 0, 1, 0, 1, 0, 0],
      endProbabilities: [0, 0, 0, 0])
    #expect(machine.likelyAccessWords(negligible: 0.01) == [[], [1, 1], [1], [2]])
    #expect(machine.likelyAccessWords(negligible: 0) == [[], [0], [1], [2]])
  }

  @Test("a capture without readout is no next-symbol model")
  func obstacle() throws {
    let folder = try TemporaryFolder()
    let capture = try SmallCapture.capture(in: folder)
    let obstacle = NextSymbolsAnalysis.obstacle(capture, modelPath: nil)
    #expect(obstacle == "its model has no readout, which would say what comes next")
    #expect(throws: AnalysisError.self) {
      try NextSymbolsAnalysis.run(
        NamedCapture.named([capture]), options: NextSymbolsOptions(), context: SmallCapture.context)
    }
  }

  @Test(
    "numbers are written with three digits",
    arguments: [
      (0.0, "0"), (0.12345, "0.123"), (12.345, "12.3"), (123456.7, "123,457"), (1.2345e-5, "1.23e-5"),
      (-0.5, "-0.5"), (.infinity, "inf"),
    ])
  func numbers(_ value: Double, _ text: String) {
    #expect(rounded(value) == text)
  }
}
