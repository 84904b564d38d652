import ProbeCapture
import ProbeLinearAlgebra
import Testing

@testable import ProbeAnalyses

@Suite("The order of a null")
struct NullOrderTests {
  private func order(labels: [Int]?, sameInputs: Bool = false) throws -> NullOrder {
    let ensemble = try SmallEnsemble()
    let reader = try ensemble.capture(
      "n", SmallEnsemble.weights(seed: 1), labels: labels, repeatsInputs: sameInputs)
    var generator = RandomGenerator(seed: 4)
    return try NullOrder(reader, &generator)
  }

  @Test("exchanges trials within conditions that several trials share")
  func conditions() throws {
    let labels = [0, 1, 0, 1, 2, 0, 1, 0, 1, 0]
    let order = try order(labels: labels)
    #expect(order.kind == .conditions)
    #expect(order.trials.sorted() == Array(0..<10))
    #expect(order.trials != Array(0..<10))
    for (trial, source) in order.trials.enumerated() { #expect(labels[trial] == labels[source]) }
    // The only trial of its condition stays.
    #expect(order.trials[4] == 4)
    #expect(order.shifts.allSatisfy { $0 == 0 })
  }

  @Test(
    "turns trials in time where conditions are missing, are the trials' own, or give every trial the same input"
  )
  func time() throws {
    for order in [
      try order(labels: nil), try order(labels: Array(0..<10)),
      try order(labels: [Int](repeating: 0, count: 10), sameInputs: true),
    ] {
      #expect(order.kind == .time)
      #expect(order.trials == Array(0..<10))
      #expect(order.shifts.allSatisfy { (1..<SmallEnsemble.steps).contains($0) })
    }
  }

  @Test("puts the states of another trial, or of another time, in the place of a step's own")
  func states() throws {
    let ensemble = try SmallEnsemble()
    let reader = try ensemble.capture(
      "n", SmallEnsemble.weights(seed: 1), labels: [0, 1, 0, 1, 0, 0, 1, 0, 1, 0])
    let shared = try SharedSteps(reader, count: 30, seed: 3)
    var generator = RandomGenerator(seed: 4)
    let exchanged = try NullOrder(reader, &generator)
    let unlabelled = try ensemble.capture("m", SmallEnsemble.weights(seed: 1))
    let turned = try NullOrder(unlabelled, &generator)
    for (capture, order) in [(reader, exchanged), (unlabelled, turned)] {
      let found = try SharedStates(capture, at: shared, in: order)
      var paths = TrialPaths(statesOf: capture)
      var row = 0
      for trial in 0..<SmallEnsemble.trials {
        let path = try paths.path(order.trials[trial])
        for step in shared.steps[trial] {
          let from = (step + order.shifts[trial]) % SmallEnsemble.steps
          #expect(Array(found.states.row(row)) == Array(path.row(from)))
          row += 1
        }
      }
      #expect(row == 30)
    }
  }
}
