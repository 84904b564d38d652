import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Recorded states")
struct RecordedTests {
  @Test(
    "are refused without trials, with symbols or outputs that have no name, and where they are not finite")
  func refusals() {
    func record(_ values: [Double], _ symbol: Int32, _ output: Int32) throws -> RecordedStates {
      try RecordedStates(
        alphabet: Alphabet(["a"]), outputNames: ["x", "y"], lengths: [1], steps: 1, values: values,
        initial: [0.0, 0.0], symbols: [symbol], outputs: [output])
    }
    #expect(throws: AutomataError.recordOutOfRange(what: "symbol", trial: 0, step: 1, value: 1, count: 1)) {
      try record([1, 2], 1, 0)
    }
    #expect(throws: AutomataError.recordOutOfRange(what: "output", trial: 0, step: 1, value: 2, count: 2)) {
      try record([1, 2], 0, 2)
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: AutomataError.stateNotFinite(trial: 0, step: 1, unit: 1)) {
        try record([1, bad], 0, 0)
      }
    }
    #expect(throws: AutomataError.noRecordedStates) {
      try RecordedStates(
        alphabet: Alphabet(["a"]), outputNames: ["x"], lengths: [], steps: 1, values: [Float](),
        initial: [Float](), symbols: [], outputs: [])
    }
    #expect(
      AutomataError.recordOutOfRange(what: "symbol", trial: 3, step: 1, value: 7, count: 2).description
        == "trial 3 has the symbol 7 at step 1; there are 2, numbered from 0")
    #expect(
      AutomataError.stateNotFinite(trial: 0, step: 1, unit: 2).description
        == "the recorded state of trial 0 after 1 symbols is not finite in unit 2; states must be finite")
  }

  @Test("are parted into trials to fit and trials to hold out, all of them once")
  func split() throws {
    let recorded = try EmbeddedMachine(MachineExamples.tomita[4], seed: 1).record(
      trials: 11, length: 7, noise: 0.1, seed: 2)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.3, seed: 5)
    #expect(fitted.trialCount == 8 && heldOut.trialCount == 3)
    let both = (fitted.states.elements + heldOut.states.elements).sorted()
    #expect(both == recorded.states.elements.sorted())
    #expect(heldOut.symbols[0] == -1 && heldOut.starts == [0, 8, 16, 24])
    #expect(throws: AutomataError.noRecordedStates) { try recorded.split(holdingOut: 0.01, seed: 5) }
  }

  @Test("have regions with the centroid and spread of each state of a machine that reads along")
  func regions() throws {
    let machine = MachineExamples.tomita[3]
    let embedded = EmbeddedMachine(machine, seed: 4)
    let recorded = try embedded.record(trials: 200, length: 20, noise: 0.1, seed: 6)
    let regions = StateRegions(of: machine, in: recorded)
    #expect(regions.visits.reduce(0, +) == 200 * 21)
    for state in 0..<4 {
      let visits = Double(regions.visits[state])
      let centroid = try #require(regions.centroids[state])
      // Six standard errors of a mean, and of a mean of squares of 6 units.
      let bound = 6 * 0.1 / visits.squareRoot()
      for (unit, value) in centroid.enumerated() {
        #expect(abs(value - embedded.points[state, unit]) <= bound)
      }
      let squared = regions.spreads[state] * regions.spreads[state]
      let expected = 6 * 0.01
      // The mean of squares has the variance 2 * 6 * 0.01^2 / visits, and a bias of one visit's worth.
      let deviation = (2 * 6 / visits).squareRoot() * 0.01
      #expect(abs(squared - expected) <= 6 * deviation + expected / visits)
    }
    let none = StateRegions(recorded.states, groups: recorded.symbols.map { _ in 1 }, count: 3)
    #expect(none.centroids[0] == nil && none.spreads[0].isNaN && none.visits == [0, 4200, 0])
  }

  @Test("are compared with a machine's outputs by length and by output, with a shortest word that differs")
  func agreement() throws {
    let recorded = try QuantizedMachineTests.hand()
    // Accepts exactly the words with an odd number of a: wrong on aa, aab, ab... as recorded.
    let odd = MooreMachine(alphabet: recorded.alphabet, next: [[1, 0], [0, 1]], accepts: [false, true])
    let agreement = RecordedAgreement(of: odd, with: recorded)
    // Recorded: ε 0, a 1, aa 0, aaa 1, aaab 0 | ε 0, a 0, ab unknown. The machine: 0 1 0 1 1 | 0 1.
    #expect(agreement.confusion.elements == [3, 2, 0, 2])
    #expect(agreement.byLength.map(\.agreeing) == [2, 1, 1, 1, 0])
    #expect(agreement.byLength.map(\.total) == [2, 2, 1, 1, 1])
    #expect(agreement.total == 7)
    #expect(agreement.share == 5.0 / 7)
    #expect(agreement.balancedShare == 0.8)
    #expect(agreement.shortestDisagreement == [0])
  }
}
