import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Hidden Markov emission")
struct HiddenMarkovTests {
  static let models: [HiddenMarkovModel] =
    (2...5).map(HiddenMarkovModel.linear(states:)) + [.full, .cyclic]

  @Test("rows sum to one, are not negative, and the uniform distribution is stationary", arguments: models)
  func stochastic(model: HiddenMarkovModel) {
    // A handful of additions of numbers below one: a few ulps of one.
    for row in model.transitions + model.emissions {
      #expect(abs(row.reduce(0, +) - 1) < 1e-15 && row.allSatisfy { $0 >= 0 })
    }
    for state in 0..<model.states {
      let flow = (0..<model.states).reduce(0) { $0 + model.stationary[$1] * model.transitions[$1][state] }
      #expect(abs(flow - model.stationary[state]) < 1e-15)
    }
  }

  @Test("the linear chains' output transitions are the closed forms, worked out separately to five digits")
  func closedForms() {
    // Row 1 of P(next | now): from the chain's eigen-decomposition with a = i / (M - 1), for M = 2 ... 5.
    let rows = [
      [0.9405, 0.01, 0.0495], [0.75121, 0.01, 0.23879], [0.70921, 0.01, 0.28079], [0.69569, 0.01, 0.29431],
    ]
    let changes = [0.06881, 0.25620, 0.29778, 0.31117]
    for (index, states) in (2...5).enumerated() {
      let pairs = HiddenMarkovModel.linear(states: states).outputPairs
      let total = pairs[0].reduce(0, +)
      for output in 0..<3 { #expect(abs(pairs[0][output] / total - rows[index][output]) < 5.1e-6) }
      #expect(abs(pairs[1][0] / pairs[1].reduce(0, +) - 0.495) < 1e-12)
      #expect(abs(1 - pairs[0][0] - pairs[1][1] - pairs[2][2] - changes[index]) < 5.1e-6)
    }
  }

  @Test(
    "sampled states and output pairs occur as often as the closed form says, within five standard errors",
    arguments: ["states=2", "states=5", "chain=full", "chain=cyclic"])
  func sampled(parameters: String) throws {
    let task = try HiddenMarkovEmission(parsing: "hmm-emission:\(parameters),noise=1,steps=20,seed=3")
    let trials = 1500
    var statistics: [[Double]] = []
    for index in 0..<trials {
      let trial = task.trial(index)
      let labels = try #require(trial.labels)
      let size = task.outputSize
      let outputs = try (0..<20).map { step in
        try #require((0..<size).first { trial.targets.elements[step * size + $0] == 1 })
      }
      var shares = Array(repeating: 0.0, count: size * size + task.model.states)
      for (now, next) in zip(outputs, outputs.dropFirst()) { shares[now * size + next] += 1 / 19 }
      for label in labels { shares[size * size + label] += 1 / 20 }
      statistics.append(shares)
    }
    let expected = task.model.outputPairs.flatMap { $0 } + task.model.stationary
    for (position, truth) in expected.enumerated() {
      let column = statistics.map { $0[position] }
      let mean = column.reduce(0, +) / Double(trials)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trials - 1)
      // Trials are independent; a pair that is never drawn must be rarer than 10 in all steps together.
      let tolerance = 5 * (variance / Double(trials)).squareRoot() + 10 / Double(trials * 19)
      #expect(abs(mean - truth) <= tolerance, "entry \(position): \(mean) against \(truth)")
    }
  }

  @Test("the inputs are standard normal noise that the targets do not depend on")
  func noise() throws {
    let task = try HiddenMarkovEmission(parsing: "hmm-emission:noise=4,steps=500")
    let inputs = try values(of: task.trial(0))
    #expect(inputs.shape == [500, 4])
    let mean = inputs.elements.reduce(0, +) / 2000
    let square = inputs.elements.reduce(0) { $0 + $1 * $1 } / 2000
    // Standard errors: 1 / sqrt(n) and sqrt(2 / n).
    #expect(abs(mean) < 5 / 2000.0.squareRoot())
    #expect(abs(square - 1) < 5 * (2 / 2000.0).squareRoot())
  }

  @Test("emitting the task's own sequences scores near 0, other distributions fail")
  func score() throws {
    let task = try HiddenMarkovEmission(parsing: "hmm-emission:noise=1")
    var own = task.scorer()
    var flat = task.scorer()
    var overflowing = task.scorer()
    for index in 0..<256 {
      let trial = task.trial(index)
      let certain = Tensor(shape: trial.targets.shape, elements: trial.targets.elements.map { 1e3 * $0 })
      own.add(trial, outputs: certain)
      flat.add(trial, outputs: Tensor(shape: trial.targets.shape, repeating: 0))
      overflowing.add(trial, outputs: Tensor(shape: trial.targets.shape, repeating: .infinity))
    }
    #expect(own.score.value < 0.03 && own.score.passed)
    // Uniform independent pairs have probability 1/9 each.
    let truth = task.model.outputPairs.flatMap { $0 }
    let exact = truth.reduce(0) { $0 + abs($1 - 1.0 / 9) } / 2
    #expect(abs(flat.score.value - exact) < 1e-12 && !flat.score.passed)
    #expect(overflowing.score.value.isNaN && !overflowing.score.passed)
  }
}
