import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Scores of language tasks")
struct LanguageScoreTests {
  @Test("balanced accuracy averages over the classes that occur; NaN is wrong, ties go to the lower class")
  func balanced() throws {
    let task = try ParityCheck(parsing: "parity-check:steps=4")
    func score(_ classes: [Int], _ answers: [[Double]], mask: [Bool]? = nil) -> Double {
      let trial = Trial(
        inputs: .tokens(classes),
        targets: Tensor(shape: [4, 2], elements: classes.flatMap { [1.0 - Double($0), Double($0)] }),
        mask: mask ?? [true, true, true, true], labels: nil)
      var scorer = task.scorer()
      scorer.add(trial, outputs: Tensor(shape: [4, 2], elements: answers.flatMap { $0 }))
      return scorer.score.value
    }
    let rejecting = [[1.0, 0], [1, 0], [1, 0], [1, 0]]
    #expect(score([0, 0, 0, 1], rejecting) == 0.5)
    #expect(score([0, 0, 0, 0], rejecting) == 1)
    #expect(score([0, 0, 0, 1], rejecting, mask: [true, true, true, false]) == 1)
    // Class 0: one of one right, by a tie; class 1: one of three.
    let mixed: [[Double]] = [[0, 0], [0, 1], [.nan, 1], [0, 0]]
    let third: Double = 1.0 / 3.0
    let expected: Double = (1.0 + third) / 2.0
    #expect(score([0, 1, 1, 1], mixed) == expected)
    #expect(task.scorer().score.value.isNaN && !task.scorer().score.passed)
    #expect(task.scorer().score.descriptor.name == "balanced_accuracy")
  }

  @Test("the logarithms of the probabilities diverge by nothing, a uniform answer by ln 2 less the entropy")
  func divergence() throws {
    let task = try RandomPDFA(parsing: "random-pdfa")
    var own = task.scorer()
    var shifted = task.scorer()
    var uniform = task.scorer()
    var infinite = task.scorer()
    var missing = task.scorer()
    var entropy = 0.0
    for index in 0..<8 {
      let trial = task.trial(index)
      let logits = trial.targets.elements.map { log($0) }
      own.add(trial, outputs: Tensor(shape: trial.targets.shape, elements: logits))
      shifted.add(trial, outputs: Tensor(shape: trial.targets.shape, elements: logits.map { $0 + 700 }))
      uniform.add(trial, outputs: Tensor(shape: trial.targets.shape, repeating: -3))
      infinite.add(trial, outputs: Tensor(shape: trial.targets.shape, repeating: .infinity))
      missing.add(trial, outputs: Tensor(shape: trial.targets.shape, repeating: .nan))
      for label in try #require(trial.labels) { entropy += task.language.entropy(after: label) / 512 }
    }
    // Each step's logarithms are rounded a few times, relative to their size: 700 at most.
    #expect(abs(own.score.value) < 1e-14 && own.score.passed)
    #expect(abs(shifted.score.value) < 4 * 700 * Double.ulpOfOne)
    #expect(abs(uniform.score.value - (log(2) - entropy)) < 1e-13 && !uniform.score.passed)
    #expect(infinite.score.value.isNaN && !infinite.score.passed && missing.score.value.isNaN)
  }

  @Test("a symbol that can follow but has the logit -inf makes the divergence infinite, others do not count")
  func impossible() throws {
    let task = try ReberNext(parsing: "reber-next:convention=cleeremans,steps=1")
    // After B: T or P, symbols 1 and 4.
    let trial = task.trial(0)
    #expect(trial.targets.elements == [0, 0.5, 0, 0, 0.5, 0, 0])
    var exact = task.scorer()
    let none = -Double.infinity
    exact.add(trial, outputs: Tensor(shape: [1, 7], elements: [none, 2, none, none, 2, none, none]))
    #expect(abs(exact.score.value) < 1e-15)
    var wrong = task.scorer()
    wrong.add(trial, outputs: Tensor(shape: [1, 7], elements: [none, 2, none, none, none, none, none]))
    #expect(wrong.score.value == .infinity && !wrong.score.passed)
    #expect(task.language.entropy(after: try #require(trial.labels?[0])) == log(2))
  }
}
