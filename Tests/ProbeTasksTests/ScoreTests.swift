import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Scores")
struct ScoreTests {
  /// Three steps of two outputs, the middle one not counted.
  let trial = Trial(
    inputs: .tokens([0, 0, 0]), targets: Tensor(shape: [3, 2], elements: [1, 0, 0, 0, 0, 1]),
    mask: [true, false, true], labels: nil)

  @Test("squared errors are pooled over trials; steps that do not count are left out, whatever they hold")
  func meanSquaredError() throws {
    var scorer = try FlipFlop(parsing: "flipflop").scorer()
    scorer.add(trial, outputs: Tensor(shape: [3, 2], elements: [1, 2, .nan, 99, 0, 1]))
    #expect(scorer.score.value == 4.0 / 4)
    scorer.add(trial, outputs: trial.targets)
    #expect(scorer.score.value == 4.0 / 8)
    #expect(!scorer.score.passed)
    scorer.add(trial, outputs: Tensor(shape: [3, 2], elements: [1, .nan, 0, 0, 0, 1]))
    #expect(scorer.score.value.isNaN && !scorer.score.passed)
  }

  @Test("the largest output is the answer; ties go to the lower class; not-a-number is wrong")
  func accuracy() throws {
    var scorer = try Parity(parsing: "parity").scorer()
    scorer.add(trial, outputs: Tensor(shape: [3, 2], elements: [0.2, 0.1, 5, 7, -3, -2]))
    #expect(scorer.score.value == 1 && scorer.score.passed)
    scorer.add(trial, outputs: Tensor(shape: [3, 2], elements: [1, 1, 0, 0, 1, 1]))
    #expect(scorer.score.value == 0.75)
    scorer.add(trial, outputs: Tensor(shape: [3, 2], elements: [.infinity, .nan, 0, 0, .nan, 1]))
    #expect(scorer.score.value == 0.5 && !scorer.score.passed)
  }
}
