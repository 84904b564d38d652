import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Quantised states of the shipped Tomita networks")
struct TomitaQuantizationTests {
  /// What the network does: its language, but for the empty word, which none was trained on.
  static func truth(_ language: Int, _ recorded: RecordedStates) -> MooreMachine {
    let machine = MachineExamples.tomita[language - 1]
    let start = machine.transitions.next.prefix(2).map { $0 + 1 }
    return MooreMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames,
      transitions: Transitions(
        stateCount: machine.stateCount + 1, symbolCount: 2, start: 0,
        next: start + machine.transitions.next.map { $0 + 1 }),
      outputs: [recorded.outputs[0]] + machine.outputs
    ).minimized()
  }

  @Test("with 20 clusters are, minimised, the language for nearly all networks and seeds")
  func twentyClusters() throws {
    var exact = 0
    for language in 1...7 {
      let recorded = try TomitaNetwork(language: language).record(trials: 50, length: 30, seed: 5)
      for seed: UInt64 in 0..<2 {
        let partition = try KMeans(recorded.states, clusters: 20, seed: seed)
        let result = try QuantizedMachine(recorded, partition, unseen: .stay)
        if result.minimal == Self.truth(language, recorded) { exact += 1 }
        #expect(result.outputPurity > 0.99)
      }
    }
    // scikit-learn's k-means on 14 other networks was exact in 40 of 42 cases.
    #expect(exact >= 13, "\(exact) of 14")
  }

  @Test("swept from 2 to 20 clusters give a choice that is the language", arguments: [3, 5, 7])
  func sweep(language: Int) throws {
    let recorded = try TomitaNetwork(language: language).record(trials: 50, length: 25, seed: 6)
    let truth = Self.truth(language, recorded)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweep = try QuantizationSweep.kMeans(
      fitted, heldOut: heldOut, clusters: [2, 4, 6, 8, 12, 16, 20], seeds: [0, 1], unseen: { _ in .stay })
    #expect(sweep.rows[sweep.choice].result.minimal == truth, "\(sweep.rule)")
  }
}
